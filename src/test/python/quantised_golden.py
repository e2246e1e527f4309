"""
Computes what is expected of golden/quantised/bnb_* again, with the weights decoded by bitsandbytes' generic code: its code for
processors with AVX-512 does not give back what was packed where a row is no whole number of blocks (decision 37). Writes hidden
states, logits and loss, and the losses of full-batch steps of AdamW from adapter_init. Needs torch, transformers 5.24, peft 0.21.2,
bitsandbytes 0.50.2 and safetensors: quantised_golden.py FOLDER..., each a folder of golden/quantised.
"""

import json
import sys
from pathlib import Path

import bitsandbytes.functional as bits
import torch
from bitsandbytes.backends.default.ops import _dequantize_4bit_compute
from peft import PeftModel
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM


def decoded(stored):
    weights = {}
    for name, tensor in stored.items():
        parts = {key.removeprefix(name + "."): value for key, value in stored.items() if key.startswith(name + ".")}
        if not name.endswith(".weight"):
            continue
        if not parts:
            weights[name] = tensor.float()
            continue
        state = bits.QuantState.from_dict(parts, device=torch.device("cpu"))
        absmax = bits.dequantize_blockwise(state.absmax, state.state2) + state.offset if state.nested else state.absmax
        codes = tensor.view(torch.uint8).reshape(-1)
        weights[name] = _dequantize_4bit_compute(
            codes, absmax.float(), state.code, state.blocksize, state.shape, state.dtype
        ).float()
    return weights


def write(folder):
    golden = load_file(folder / "golden.safetensors")
    batch = {key: golden[key] for key in ("input_ids", "attention_mask", "labels")}
    config = AutoConfig.from_pretrained(folder)
    del config.quantization_config
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager").eval()
    model.load_state_dict(decoded(load_file(folder / "model.safetensors")))
    with torch.no_grad():
        output = model(**batch, output_hidden_states=True)
    for index, hidden in enumerate(output.hidden_states):
        golden[f"hidden_states.{index}"] = hidden.contiguous()
    golden["logits"] = output.logits.contiguous()
    golden["loss"] = output.loss.reshape(1)
    save_file(golden, folder / "golden.safetensors")

    lora = json.loads((folder / "lora.json").read_text())
    adapted = PeftModel.from_pretrained(model, folder / "adapter_init", is_trainable=True).eval()
    parameters = [parameter for parameter in adapted.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=0.005, weight_decay=0.01, betas=(0.9, 0.999), eps=1e-8)
    lora["losses"] = []
    for _ in range(lora["steps"]):
        loss = adapted(**batch).loss
        lora["losses"].append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    lora["decoded_by"] = "bitsandbytes.backends.default"
    (folder / "lora.json").write_text(json.dumps(lora, indent=1) + "\n")


for path in sys.argv[1:]:
    write(Path(path))

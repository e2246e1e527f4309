"""
Makes golden/lora_llama_olora with HuggingFace PEFT: an adapter by OLoRA before and after six full-batch steps of AdamW, with the
losses, the gradients of the first step, and what the model computes and its merged weights after the last. Needs torch,
transformers, peft and safetensors: olora_golden.py FOLDER, where FOLDER holds llama and lora_inputs_llama.safetensors.
"""

import json
import sys
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file

FOLDER = Path(sys.argv[1])
OUT = FOLDER / "lora_llama_olora"
STEPS = 6
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def main():
    torch.manual_seed(0)
    inputs = load_file(FOLDER / "lora_inputs_llama.safetensors")
    base = transformers.AutoModelForCausalLM.from_pretrained(FOLDER / "llama", attn_implementation="eager", torch_dtype=torch.float32)
    config = peft.LoraConfig(
        task_type="CAUSAL_LM", r=4, lora_alpha=6, lora_dropout=0.0, target_modules=TARGETS, layers_to_transform=[1, 3],
        init_lora_weights="olora",
    )
    model = peft.get_peft_model(base, config)
    _save(model, "adapter_init")
    named = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    optimizer = torch.optim.AdamW(named.values(), lr=0.005, weight_decay=0.01)
    model.train()
    losses, golden = [], {}
    for step in range(STEPS):
        loss = model(**inputs).loss
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            golden = {f"grad0.{name}": parameter.grad.clone() for name, parameter in named.items()}
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        after = model(**inputs, output_hidden_states=True)
    losses.append(after.loss.item())
    _save(model, "adapter_final")
    last = len(after.hidden_states) - 1
    golden |= {f"hidden_states_after.{last}": after.hidden_states[last].clone(), "logits_after": after.logits.clone()}
    merged = model.merge_and_unload().state_dict()
    for name in named:
        if ".lora_A." in name:
            weight = name.removeprefix("base_model.model.").split(".lora_A.")[0] + ".weight"
            golden[f"merged.{weight}"] = merged[weight].clone()
    save_file(golden, OUT / "lora_golden.safetensors")
    (OUT / "lora.json").write_text(
        json.dumps(
            {
                "base": "llama",
                "peft": peft.__version__,
                "transformers": transformers.__version__,
                "steps": STEPS,
                "losses": losses,
                "trainable": sum(parameter.numel() for parameter in named.values()),
            },
            indent=1,
        )
    )


def _save(model, name):
    model.peft_config["default"].base_model_name_or_path = "golden/llama"
    model.save_pretrained(OUT / name, save_embedding_layers=False)
    (OUT / name / "README.md").unlink(missing_ok=True)


if __name__ == "__main__":
    main()

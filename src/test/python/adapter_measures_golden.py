"""
Computes golden/adapter_measures.json: norm, effective rank and energy of the adapters of golden/lora_*, which PEFT 0.21.2 loads. The change of
a weight is that of the merged model against the base, in float64; energies are of the rows of golden/lora_inputs_*.safetensors.
Makes golden/lora_llama_patterns first, whose modules differ in rank and alpha. Needs torch, transformers and peft 0.21.2:
adapter_measures_golden.py GOLDEN.
"""

import copy
import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.tuners.tuners_utils import BaseTunerLayer
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

ADAPTERS = {
    "bert": ["lora_bert", "lora_bert_dora", "lora_bert_miss"],
    "llama": ["lora_llama", "lora_llama_rslora", "lora_llama_pissa", "lora_llama_olora", "lora_llama_patterns", "lora_llama_miss"],
}


def effective_rank(values):
    shares = values / values.sum()
    return torch.exp(-(shares[shares > 0] * shares[shares > 0].log()).sum()).item()


def measured(golden, base, adapter):
    opener = AutoModelForSequenceClassification if base == "bert" else AutoModelForCausalLM
    plain = opener.from_pretrained(golden / base, dtype=torch.float32)
    weights = {name: module.weight.detach().double().clone() for name, module in plain.named_modules() if hasattr(module, "weight")}
    # transformers does not say that OLoRA and PiSSA change the base, so each adapter gets a base of its own
    model = PeftModel.from_pretrained(plain, golden / adapter / "adapter_final").eval().double()
    merged = copy.deepcopy(model).merge_and_unload()
    rows = load_file(golden / f"lora_inputs_{base}.safetensors")
    mask = rows["attention_mask"].bool()
    layers = {name.removeprefix("base_model.model."): module for name, module in model.named_modules() if isinstance(module, BaseTunerLayer)}
    changes = {name: merged.get_submodule(name).weight.detach() - weights[name] for name in layers}
    energies = {}

    def listen(name):
        def heard(module, args):
            energies[name] = (args[0] @ changes[name].T).pow(2).sum(-1)[mask].mean().item()

        return heard

    for name, module in layers.items():
        module.register_forward_pre_hook(listen(name))
    with torch.no_grad():
        model(**{key: value for key, value in rows.items() if key != "labels"})
    return {
        name: {
            "norm": torch.linalg.matrix_norm(changes[name]).item(),
            "rank": effective_rank(torch.linalg.svdvals(module.get_delta_weight("default").detach() if getattr(module, "use_dora", {}).get("default") else changes[name])),
            "energy": energies[name],
        }
        for name, module in layers.items()
    }


def make_patterns(golden):
    torch.manual_seed(7)
    config = LoraConfig(
        r=4,
        lora_alpha=8,
        target_modules=["q_proj", "v_proj", "down_proj"],
        rank_pattern={"layers.2.self_attn.v_proj": 2, "layers.0.mlp.down_proj": 6},
        alpha_pattern={"down_proj": 3},
        init_lora_weights=False,
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(golden / "llama", dtype=torch.float32), config)
    model.peft_config["default"].base_model_name_or_path = "golden/llama"
    model.save_pretrained(golden / "lora_llama_patterns" / "adapter_final")
    (golden / "lora_llama_patterns" / "adapter_final" / "README.md").unlink()


golden = Path(sys.argv[1])
make_patterns(golden)
result = {adapter: measured(golden, base, adapter) for base, adapters in ADAPTERS.items() for adapter in adapters}
(golden / "adapter_measures.json").write_text(json.dumps(result, indent=1) + "\n")

"""
Computes golden/eva.json: of golden/llama and golden/bert the ranks and explained variance ratios of EVA in PEFT 0.21.2, whose
decompositions are incremental and of low rank, and the exact ratios of all inputs in float64. Needs torch, transformers 5 and peft 0.21.2:
eva_golden.py GOLDEN.
"""

import json
import sys
from pathlib import Path

import torch
from peft import EvaConfig, LoraConfig
from peft.tuners.lora import eva
from safetensors import safe_open
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

SETTINGS = ((4, 2.0), (3, 1.5), (4, 1.0))
hooks = {}
shared = {}


class RecordingHook(eva.SVDHook):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hooks[self.name] = self


def recording_find(dictionary):
    groups = find(dictionary)
    shared.clear()
    shared.update({other: names[0] for names in groups.values() for other in names[1:]})
    return groups


find = eva.find_equal_values
eva.SVDHook = RecordingHook
eva.find_equal_values = recording_find


def exact(model, batch, names, components):
    """Returns the shares of the variance of the tokens that are no padding, by a decomposition of all inputs in float64."""
    inputs = {}
    handles = [
        model.get_submodule(name).register_forward_hook(
            lambda module, args, output, name=name: inputs.__setitem__(name, args[0])
        )
        for name in names
    ]
    model(**batch)
    for handle in handles:
        handle.remove()
    ratios = {}
    for name, x in inputs.items():
        rows = x[batch["attention_mask"].bool()].double()
        squares = torch.linalg.svdvals(rows - rows.mean(0)) ** 2
        ratios[name] = (squares / squares.sum())[:components].tolist()
    return ratios


def measured(folder, opener, targets):
    model = opener.from_pretrained(folder, dtype=torch.float32).eval()
    with safe_open(folder / "golden.safetensors", "pt") as file:
        batch = {
            name: file.get_tensor(name)
            for name in ("input_ids", "attention_mask", "token_type_ids")
            if name in file.keys()
        }
    results = []
    for rank, rho in SETTINGS:
        hooks.clear()
        config = LoraConfig(
            r=rank, target_modules=targets, init_lora_weights="eva", eva_config=EvaConfig(rho=rho)
        )
        state = eva.get_eva_state_dict(model, [batch], config, show_progress_bar=False)
        results.append(
            {
                "rank": rank,
                "rho": rho,
                "modules": [
                    {
                        "name": name,
                        "shared_with": shared.get(name),
                        "ratios": hooks[shared.get(name, name)].svd.explained_variance_ratio_.tolist(),
                        "rank": matrix.shape[0],
                    }
                    for name, matrix in state.items()
                ],
            }
        )
    names = [module["name"] for module in results[0]["modules"]]
    return {"exact": exact(model.double(), batch, names, 16), "settings": results}


golden = Path(sys.argv[1])
with torch.no_grad():
    result = {
        "llama": measured(
            golden / "llama",
            AutoModelForCausalLM,
            ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        ),
        "bert": measured(
            golden / "bert", AutoModelForSequenceClassification, r".*layer\.\d+\..*(query|key|value|dense)"
        ),
    }
(golden / "eva.json").write_text(json.dumps(result) + "\n")

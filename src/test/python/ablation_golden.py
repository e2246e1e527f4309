"""
Computes golden/ablation.json: losses of tiny models of golden/ in float64 with the update of one layer scaled, by a forward hook on
the layer in transformers. Needs torch and transformers 5: ablation_golden.py GOLDEN.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

FACTORS = (0, 0.25)


def layers(model):
    return max(
        (module for module in model.modules() if isinstance(module, torch.nn.ModuleList)), key=len
    )


def scaled(factor):
    def hook(layer, args, kwargs, output):
        before = args[0] if args else kwargs["hidden_states"]
        after = output[0] if isinstance(output, tuple) else output
        changed = before + factor * (after - before)
        return (changed, *output[1:]) if isinstance(output, tuple) else changed

    return hook


def losses(model, rows):
    """Returns the loss of each row, which runs alone and without padding; of a language model the sum over its tokens."""
    return torch.cat([loss(model, inputs, labels) for inputs, labels in rows]).tolist()


def loss(model, inputs, labels):
    logits = model(**inputs).logits
    if logits.dim() == 2:
        return torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    return torch.nn.functional.cross_entropy(
        logits[:, :-1].transpose(1, 2), labels[:, 1:], reduction="none"
    ).sum(1)


def measured(folder, opener):
    model = opener.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    with safe_open(folder / "golden.safetensors", "pt") as file:
        batch = {
            name: file.get_tensor(name)
            for name in ("input_ids", "attention_mask", "token_type_ids")
            if name in file.keys()
        }
        labels = file.get_tensor("labels")
    rows = []
    for row, length in enumerate(batch["attention_mask"].sum(1).tolist()):
        inputs = {name: values[row : row + 1, :length] for name, values in batch.items()}
        if opener is AutoModelForCausalLM:
            inputs.pop("token_type_ids", None)
            rows.append((inputs, inputs["input_ids"]))
        else:
            rows.append((inputs, labels[row : row + 1]))
    result = {"whole": losses(model, rows)}
    for factor in FACTORS:
        ablated = []
        for layer in layers(model):
            handle = layer.register_forward_hook(scaled(factor), with_kwargs=True)
            ablated.append(losses(model, rows))
            handle.remove()
        result[str(factor)] = ablated
    return result


golden = Path(sys.argv[1])
with torch.no_grad():
    result = {
        name: measured(golden / name, opener)
        for name, opener in {
            "llama": AutoModelForCausalLM,
            "gpt2": AutoModelForCausalLM,
            "gemma2": AutoModelForCausalLM,
            "v5/qwen3_v5": AutoModelForCausalLM,
            "v5/gemma4_e": AutoModelForCausalLM,
            "bert": AutoModelForSequenceClassification,
            "llama_seqcls": AutoModelForSequenceClassification,
        }.items()
    }
(golden / "ablation.json").write_text(json.dumps(result) + "\n")

"""
Makes golden/predictions.json with transformers and PEFT: how far apart the predictions of two models are on the rows of rows.jsonl, row
by row, in float64 from float32 logits. llama is compared with lora_llama, as a language model on all tokens but the first of each row;
lora_bert before its training with lora_bert after it, as classifiers. Needs torch, transformers, peft and safetensors:
prediction_golden.py FOLDER, where FOLDER holds these fixtures.
"""

import json
import sys
from pathlib import Path

import peft
import torch
import transformers

FOLDER = Path(sys.argv[1])


def main():
    result = {"llama": language_models(), "bert": classifiers()}
    (FOLDER / "predictions.json").write_text(json.dumps(result, indent=1) + "\n")


def rows(fixture):
    return [json.loads(line) for line in (FOLDER / fixture / "rows.jsonl").read_text().splitlines()]


def compare(first, second):
    """Divergence in bits and disagreement of logits [n, outcomes], by the definition."""
    p, q = (logits.double().softmax(-1) for logits in (first, second))
    m = (p + q) / 2
    divergence = ((p * (p / m).log2()).sum(-1) + (q * (q / m).log2()).sum(-1)) / 2
    return divergence, p.argmax(-1) != q.argmax(-1)


def summary(per_row):
    return [
        {"predictions": len(divergence), "divergence": divergence.sum().item(), "disagreements": int(differs.sum())}
        for divergence, differs in per_row
    ]


def language_models():
    base = transformers.AutoModelForCausalLM.from_pretrained(FOLDER / "llama", dtype=torch.float32).eval()
    plain = [logits(base, row)[0, :-1] for row in rows("llama")]
    adapted = peft.PeftModel.from_pretrained(base, FOLDER / "lora_llama" / "adapter_final").eval()
    changed = [logits(adapted, row)[0, :-1] for row in rows("llama")]
    return summary(compare(a, b) for a, b in zip(plain, changed))


def classifiers():
    sides = []
    for state in ("adapter_init", "adapter_final"):
        torch.manual_seed(0)
        base = transformers.AutoModelForSequenceClassification.from_pretrained(FOLDER / "bert", num_labels=3, dtype=torch.float32)
        model = peft.PeftModel.from_pretrained(base, FOLDER / "lora_bert" / state).eval()
        sides.append([logits(model, row) for row in rows("bert")])
    return summary(compare(a, b) for a, b in zip(*sides))


@torch.no_grad()
def logits(model, row):
    known = {name: torch.tensor([values]) for name, values in row.items() if name in ("input_ids", "token_type_ids")}
    return model(**known).logits


main()

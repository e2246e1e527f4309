"""Copies larger fixtures into src/test/resources/golden with only the first rows of golden.safetensors.

Needs torch and safetensors from PyPI. Each FOLDER has a checkpoint and what HuggingFace computes from it for 16 rows.
The loss is computed anew over the rows that are kept, by HuggingFace's formulas. Run in the repository's root:

    python src/test/python/trim_golden.py FOLDER ...
"""

import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

FOLDER = Path("src/test/resources/golden")
ROWS, KEPT = 16, 6


def loss(golden):
    logits, labels = golden["logits"], golden["labels"]
    if labels.dim() == 2:
        # each token predicts the next one; -100 is not counted
        logits, labels = logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten()
    return torch.nn.functional.cross_entropy(logits, labels).reshape(1)


for source in map(Path, sys.argv[1:]):
    golden = load_file(source / "golden.safetensors")
    kept = {key: value[:KEPT].clone() if value.shape[0] == ROWS else value for key, value in golden.items()}
    lengths = kept["attention_mask"].sum(1)
    assert lengths.max() == kept["attention_mask"].shape[1] > lengths.min(), "a row with padding and one without"
    if "loss" in golden:
        assert torch.allclose(loss(golden), golden["loss"], rtol=1e-6), source
        kept["loss"] = loss(kept)
    target = FOLDER / source.name
    target.mkdir(exist_ok=True)
    for file in [source / "config.json", *source.glob("model*.safetensors*")]:
        shutil.copyfile(file, target / file.name)
    save_file(kept, target / "golden.safetensors")

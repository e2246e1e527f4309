"""
Makes golden/resnorm_bert.json with PyTorch and numpy in float64: of each layer of the tiny BERT the root of the sum over its linear maps of
tr(G (C + e I)^-1 G^T), with G the gradient of the mean loss, C the mean of x x^T over all tokens that are no padding, and e a thousandth of
C's mean eigenvalue. Needs torch, transformers and safetensors: resnorm_golden.py FOLDER, where FOLDER holds bert.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors.torch import load_file

FOLDER = Path(sys.argv[1])
MAPS = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense"]


def main():
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        FOLDER / "bert", num_labels=3, attn_implementation="eager", dtype=torch.float64
    ).eval()
    golden = load_file(FOLDER / "bert" / "golden.safetensors")
    rows = {name: golden[name] for name in ["input_ids", "token_type_ids", "attention_mask", "labels"]}
    seen = {}
    for layer, block in enumerate(model.bert.encoder.layer):
        for name in MAPS:
            block.get_submodule(name).register_forward_hook(
                lambda module, x, y, key=(layer, name): seen.__setitem__(key, x[0][rows["attention_mask"] == 1].detach().numpy())
            )
    model(**rows).loss.backward()
    values = []
    for layer, block in enumerate(model.bert.encoder.layer):
        total = 0
        for name in MAPS:
            gradient = block.get_submodule(name).weight.grad.numpy()
            inputs = seen[layer, name]
            covariance = inputs.T @ inputs / len(inputs)
            eigenvalues, vectors = np.linalg.eigh(covariance)
            root = vectors @ np.diag((eigenvalues + 1e-3 * eigenvalues.mean()) ** -0.5) @ vectors.T
            total += np.linalg.norm(gradient @ root) ** 2
        values.append(total**0.5)
    (FOLDER / "resnorm_bert.json").write_text(json.dumps({"layers": values}, indent=1))


if __name__ == "__main__":
    main()

"""Writes the rows of a golden checkpoint as pre-tokenised JSON Lines, without padding, for whole analyses.

    python reference_rows.py GOLDEN/bert/golden.safetensors > src/test/resources/golden/bert/rows.jsonl
"""

import json
import sys

from safetensors.numpy import load_file

tensors = load_file(sys.argv[1])
for row, mask in enumerate(tensors["attention_mask"]):
    length = int(mask.sum())
    line = {"input_ids": tensors["input_ids"][row][:length].tolist()}
    types = tensors.get("token_type_ids")
    if types is not None and types.any():
        line["token_type_ids"] = types[row][:length].tolist()
    print(json.dumps(line, separators=(",", ":")))

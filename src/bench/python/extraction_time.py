"""PyTorch's side of analysis.py: representations and linear CKA of all pairs of layers with transformers, several times.

Arguments: FOLDER FILE COLUMN SAMPLES RUNS WANTED. Prints the milliseconds of the shortest run of each way whose name contains
WANTED, and the CKA of consecutive layers. Rows are cut at 512 tokens and the first token is kept, as on our side.
"""

import functools
import sys
import time

from representations import by_length, cka, read_ids, represent
from transformers import AutoModel

folder, file, column, samples, runs, wanted = sys.argv[1:]
runs = int(runs)
ids = read_ids(folder, file, column, samples)


def in_order(rows):
    return [list(range(at, min(at + rows, len(ids)))) for at in range(0, len(ids), rows)]


ways = {f"{name} of {rows}": batches(rows)
        for name, batches in [("longest", in_order), ("sorted", functools.partial(by_length, ids))] for rows in [8, 16, 32]}
values = None
for attention in ["sdpa", "eager"]:
    model = AutoModel.from_pretrained(folder, attn_implementation=attention, add_pooling_layer=False).eval()
    for name, batches in ways.items():
        name = f"{name} ({attention})"
        if wanted not in name:
            continue
        values = cka(represent(model, ids, batches))
        shortest = float("inf")
        for _ in range(runs):
            start = time.perf_counter()
            cka(represent(model, ids, batches))
            shortest = min(shortest, time.perf_counter() - start)
        print(f"{name} {shortest * 1000:.1f}")
if values is None:
    sys.exit(f'No way to make batches has "{wanted}" in its name.')
print("cka", *(values[layer, layer + 1].item() for layer in range(1, len(values) - 1)))

"""PyTorch's side of analysis.py: representations and linear CKA of all pairs of layers with transformers, several times.

Arguments: FOLDER FILE COLUMN SAMPLES RUNS. Prints the milliseconds of the shortest run of each way to make batches, and the
CKA of consecutive layers. Rows are cut at 512 tokens and the first token is kept, as on our side.
"""

import functools
import sys
import time

from representations import by_length, cka, read_ids, represent
from transformers import AutoModel

folder, file, column, samples, runs = sys.argv[1:]
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
        values = cka(represent(model, ids, batches))
        shortest = float("inf")
        for _ in range(runs):
            start = time.perf_counter()
            cka(represent(model, ids, batches))
            shortest = min(shortest, time.perf_counter() - start)
        print(f"{name} ({attention}) {shortest * 1000:.1f}")
print("cka", *(values[layer, layer + 1].item() for layer in range(1, len(values) - 1)))

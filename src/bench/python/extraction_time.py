"""PyTorch's side of analysis.py: representations and linear CKA of all pairs of layers with transformers, several times.

Arguments: FOLDER FILE COLUMN SAMPLES RUNS. Prints the milliseconds of the shortest run of each way to make batches, and the
CKA of consecutive layers. Rows are cut at 512 tokens and the first token is kept, as on our side.
"""

import csv
import json
import sys
import time

import torch
from transformers import AutoModel, PreTrainedTokenizerFast

folder, file, column, samples, runs = sys.argv[1:]
runs = int(runs)


def texts():
    with open(file, encoding="utf-8", newline="") as lines:
        if file.endswith(".jsonl"):
            rows = (json.loads(line) for line in lines)
        else:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row[column] for row, _ in zip(rows, range(int(samples)))]


tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{folder}/tokenizer.json")
tokenizer.backend_tokenizer.no_padding()
ids = [encoded[:511] + encoded[-1:] if len(encoded) > 512 else encoded
       for encoded in tokenizer(texts(), padding=False, truncation=False)["input_ids"]]


def in_order(rows):
    return [list(range(at, min(at + rows, len(ids)))) for at in range(0, len(ids), rows)]


def by_length(rows):
    order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
    return [order[at:at + rows] for at in range(0, len(ids), rows)]


def represent(model, batches, length=None):
    states = None
    with torch.inference_mode():
        for batch in batches:
            longest = length or max(len(ids[row]) for row in batch)
            tokens = torch.zeros(len(batch), longest, dtype=torch.long)
            mask = torch.zeros(len(batch), longest, dtype=torch.long)
            for at, row in enumerate(batch):
                tokens[at, :len(ids[row])] = torch.tensor(ids[row])
                mask[at, :len(ids[row])] = 1
            hidden = model(input_ids=tokens, attention_mask=mask, output_hidden_states=True).hidden_states
            if states is None:
                states = torch.empty(len(hidden), len(ids), hidden[0].shape[-1])
            states[:, batch] = torch.stack([state[:, 0] for state in hidden])
    return states


def cka(states):
    grams = []
    for state in states:
        centred = state.double() - state.double().mean(0)
        grams.append((centred @ centred.T).flatten())
    grams = torch.stack(grams)
    products = grams @ grams.T
    norms = products.diagonal().sqrt()
    return products / norms.outer(norms)


ways = {f"{name} of {rows}": batches(rows)
        for name, batches in [("longest", in_order), ("sorted", by_length)] for rows in [8, 16, 32]}
values = None
for attention in ["sdpa", "eager"]:
    model = AutoModel.from_pretrained(folder, attn_implementation=attention, add_pooling_layer=False).eval()
    for name, batches in ways.items():
        values = cka(represent(model, batches))
        shortest = float("inf")
        for _ in range(runs):
            start = time.perf_counter()
            cka(represent(model, batches))
            shortest = min(shortest, time.perf_counter() - start)
        print(f"{name} ({attention}) {shortest * 1000:.1f}")
print("cka", *(values[layer, layer + 1].item() for layer in range(1, len(values) - 1)))

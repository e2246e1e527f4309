"""PyTorch's side of an analysis of the sample model: rows, their representations and the CKA of all pairs of layers, as ours."""

import csv
import json

import torch
from transformers import PreTrainedTokenizerFast


def read_ids(folder, file, column, samples):
    """Returns the token ids of the first rows of a column, cut at 512 tokens as on our side; file is TSV or JSONL."""
    with open(file, encoding="utf-8", newline="") as lines:
        if file.endswith(".jsonl"):
            rows = (json.loads(line) for line in lines)
        else:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        texts = [row[column] for row, _ in zip(rows, range(int(samples)))]
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{folder}/tokenizer.json")
    tokenizer.backend_tokenizer.no_padding()
    return [
        encoded[:511] + encoded[-1:] if len(encoded) > 512 else encoded
        for encoded in tokenizer(texts, padding=False, truncation=False)["input_ids"]
    ]


def by_length(ids, rows):
    """Returns batches of this number of rows, the longest first."""
    order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
    return [order[at:at + rows] for at in range(0, len(ids), rows)]


def represent(model, ids, batches):
    """Returns the first token of every row in all hidden states, [states, rows, width]."""
    states = None
    with torch.inference_mode():
        for batch in batches:
            longest = max(len(ids[row]) for row in batch)
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
    """Returns the linear CKA of all pairs of hidden states."""
    grams = []
    for state in states:
        centred = state.double() - state.double().mean(0)
        grams.append((centred @ centred.T).flatten())
    grams = torch.stack(grams)
    products = grams @ grams.T
    norms = products.diagonal().sqrt()
    return products / norms.outer(norms)

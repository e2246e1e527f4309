"""PyTorch's side of an analysis of the sample model: rows, their representations and the CKA of all pairs of layers, as ours."""

import csv
import itertools
import json

import torch
from transformers import PreTrainedTokenizerFast


def read_rows(file, samples=None):
    """Yields the first rows of a file, all without a number, by the names of their columns; file is TSV or JSONL."""
    with open(file, encoding="utf-8", newline="") as lines:
        if file.endswith(".jsonl"):
            rows = (json.loads(line) for line in lines)
        else:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        yield from itertools.islice(rows, samples)


def tokens_of(folder, texts, longest):
    """Returns the token ids of texts, cut as on our side: the last token stays."""
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{folder}/tokenizer.json")
    tokenizer.backend_tokenizer.no_padding()
    return [
        encoded[:longest - 1] + encoded[-1:] if len(encoded) > longest else encoded
        for encoded in tokenizer(texts, padding=False, truncation=False)["input_ids"]
    ]


def read_ids(folder, file, column, samples):
    """Returns the token ids of the first rows of a column, at most 512 a row."""
    return tokens_of(folder, [row[column] for row in read_rows(file, int(samples))], 512)


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

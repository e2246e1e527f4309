"""Rows of tokens as Layerwise wrote them, and batches of them.

rows.safetensors holds, for each part ("train", "eval", ...): PART.ids [tokens], PART.starts [rows + 1], perhaps PART.types and
PART.mask [tokens], and where something is learnt PART.labels ([rows], or [tokens] for language models); with images PART.pixels
[rows, 3, height, width] as levels from 0 to 255, and PART.pixel_values [3, 256], what they become; and steps.rows with steps.starts, the
rows of each step.
"""

import torch
from safetensors import safe_open

IGNORED = -100


class Rows:
    """The rows of one part."""

    def __init__(self, tensors, part):
        self.starts = tensors[part + ".starts"].tolist()
        self.ids = tensors[part + ".ids"]
        self.types = tensors.get(part + ".types")
        self.mask = tensors.get(part + ".mask")
        self.labels = tensors.get(part + ".labels")
        self.pixels = tensors.get(part + ".pixels")
        self.pixel_values = tensors.get(part + ".pixel_values")

    def __len__(self):
        return len(self.starts) - 1

    def length(self, row):
        return self.starts[row + 1] - self.starts[row]

    def answer_tokens(self, row):
        """The tokens of a row that are learnt: labelled ones after the first, which nothing precedes."""
        labels = self.labels[self.starts[row] + 1 : self.starts[row + 1]]
        return int((labels != IGNORED).sum())

    def batch(self, rows, pad_id, token_labels, device):
        """The rows padded to the longest of them, on the right, as keyword arguments of a transformers model, and their labels."""
        longest = max(self.length(row) for row in rows)
        ids = torch.full((len(rows), longest), pad_id, dtype=torch.long)
        mask = torch.zeros((len(rows), longest), dtype=torch.long)
        types = None if self.types is None else torch.zeros((len(rows), longest), dtype=torch.long)
        labels = torch.full((len(rows), longest), IGNORED, dtype=torch.long) if token_labels else None
        if not token_labels and self.labels is not None:
            labels = self.labels[rows]
        for at, row in enumerate(rows):
            begin, end = self.starts[row], self.starts[row + 1]
            ids[at, : end - begin] = self.ids[begin:end]
            mask[at, : end - begin] = 1 if self.mask is None else self.mask[begin:end]
            if types is not None:
                types[at, : end - begin] = self.types[begin:end]
            if token_labels:
                labels[at, : end - begin] = self.labels[begin:end]
        inputs = {"input_ids": ids.to(device), "attention_mask": mask.to(device)}
        if types is not None:
            inputs["token_type_ids"] = types.to(device)
        if self.pixels is not None:
            inputs["pixel_values"] = self.images(rows).to(device)
        return inputs, None if labels is None else labels.to(device)


    def images(self, rows):
        levels = torch.cat([self.pixels[row : row + 1] for row in rows]).long()
        return torch.stack([values[levels[:, channel]] for channel, values in enumerate(self.pixel_values)], dim=1)


class Steps:
    """Which rows each step sees."""

    def __init__(self, tensors):
        self.starts = tensors["steps.starts"].tolist()
        self.rows = tensors["steps.rows"].tolist()

    def __len__(self):
        return len(self.starts) - 1

    def of(self, step):
        return self.rows[self.starts[step] : self.starts[step + 1]]


def read(path):
    """All tensors of a file by name; images are read when they are needed."""
    file = safe_open(path, framework="pt")
    return {name: file.get_slice(name) if name.endswith(".pixels") else file.get_tensor(name) for name in file.keys()}


def share(rows, lengths, rank, workers):
    """The rows of a step that are a worker's: dealt out by length, so that each has about as many tokens."""
    ordered = sorted(rows, key=lambda row: (-lengths(row), row))
    mine = []
    for round_, begin in enumerate(range(0, len(ordered), workers)):
        hand = ordered[begin : begin + workers]
        # there and back again: whoever came last is first in the next round
        place = rank if round_ % 2 == 0 else workers - 1 - rank
        if place < len(hand):
            mine.append(hand[place])
    return mine


def pieces(rows, lengths, tokens, pad_up_to=None):
    """Rows cut into passes of at most so many tokens, padding included; rows of like length together. Rows longer than pad_up_to are
    only put together with rows of their own length, since the model's rotary positions adapt to the longest row of a pass."""
    ordered = sorted(rows, key=lambda row: (-lengths(row), row))
    parts, part, longest = [], [], 0
    for row in ordered:
        joins = pad_up_to is None or longest <= pad_up_to or longest == lengths(row)
        if part and not (joins and longest * (len(part) + 1) <= tokens):
            parts.append(part)
            part = []
        longest = longest if part else lengths(row)
        part.append(row)
    if part:
        parts.append(part)
    return parts

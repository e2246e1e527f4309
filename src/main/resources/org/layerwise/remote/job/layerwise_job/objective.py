"""Losses as sums over what they are a mean of, so that any split over passes and workers has the mean of the whole step."""

import torch
import torch.nn.functional as F

from .rows import IGNORED


class Objective:
    """One of Layerwise's three tasks: classification, regression, causal-lm."""

    def __init__(self, task, smoothing=0.0):
        self.task = task
        self.smoothing = smoothing
        self.token_labels = task == "causal-lm"

    def weight(self, rows, chosen):
        """How much some rows count in a mean: one each, or the number of their tokens that are learnt."""
        return sum(rows.answer_tokens(row) for row in chosen) if self.token_labels else len(chosen)

    def loss_sum(self, logits, labels, smoothed):
        """The sum of the losses, in float32."""
        smoothing = self.smoothing if smoothed else 0.0
        logits = logits.float()
        if self.task == "regression":
            return F.mse_loss(logits.reshape(-1), labels.float(), reduction="sum")
        if self.task == "classification":
            return F.cross_entropy(logits, labels, reduction="sum", label_smoothing=smoothing)
        before = logits[:, :-1, :].reshape(-1, logits.size(-1))
        wanted = labels[:, 1:].reshape(-1)
        return F.cross_entropy(before, wanted, ignore_index=IGNORED, reduction="sum", label_smoothing=smoothing)

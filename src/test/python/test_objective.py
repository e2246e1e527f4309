"""Sums of losses give the mean of the whole, however they are split."""

import pytest
import torch
import torch.nn.functional as F

from layerwise_job.objective import Objective
from layerwise_job.rows import IGNORED


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_classes(smoothing):
    torch.manual_seed(1)
    logits, labels = torch.randn(7, 3), torch.tensor([0, 2, 1, 1, 0, 2, 2])
    objective = Objective("classification", smoothing)
    split = sum(objective.loss_sum(logits[part], labels[part], True) for part in ([0, 1, 2], [3], [4, 5, 6])) / 7
    assert torch.allclose(split, F.cross_entropy(logits, labels, label_smoothing=smoothing))
    plain = objective.loss_sum(logits, labels, False) / 7
    assert torch.allclose(plain, F.cross_entropy(logits, labels))


def test_numbers():
    logits, labels = torch.tensor([[0.5], [2.0]]), torch.tensor([1.0, 4.0], dtype=torch.float64)
    assert Objective("regression").loss_sum(logits, labels, True).item() == pytest.approx(0.25 + 4.0)


def test_tokens_are_predicted_from_those_before_them():
    torch.manual_seed(1)
    logits, labels = torch.randn(2, 4, 5), torch.tensor([[0, 1, IGNORED, 2], [3, IGNORED, 4, IGNORED]])
    objective = Objective("causal-lm")
    wanted = [(0, 0, 1), (0, 2, 2), (1, 1, 4)]
    by_hand = sum(-torch.log_softmax(logits[row, at], 0)[label] for row, at, label in wanted)
    assert torch.allclose(objective.loss_sum(logits, labels, True), by_hand)


def test_a_batch_without_a_label_costs_nothing():
    logits = torch.randn(1, 3, 5, requires_grad=True)
    loss = Objective("causal-lm").loss_sum(logits, torch.full((1, 3), IGNORED), True)
    loss.backward()
    assert loss.item() == 0
    assert logits.grad.abs().sum() == 0

"""Batches, shares and passes of rows."""

import pytest
import torch

from layerwise_job.rows import IGNORED, Rows, Steps, pieces, share

LENGTHS = [5, 1, 9, 2, 2, 7, 3, 9, 4, 6, 1]


def rows(token_labels):
    starts = [0]
    for length in LENGTHS:
        starts.append(starts[-1] + length)
    total = starts[-1]
    labels = torch.arange(total) if token_labels else torch.arange(len(LENGTHS))
    return Rows({"t.starts": torch.tensor(starts), "t.ids": torch.arange(100, 100 + total, dtype=torch.int32), "t.labels": labels}, "t")


def test_a_batch_is_padded_on_the_right():
    inputs, labels = rows(False).batch([0, 3], 7, False, "cpu")
    assert inputs["input_ids"].tolist() == [[100, 101, 102, 103, 104], [115, 116, 7, 7, 7]]
    assert inputs["attention_mask"].tolist() == [[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]]
    assert "token_type_ids" not in inputs
    assert labels.tolist() == [0, 3]


def test_token_labels_are_padded_with_what_is_not_learnt():
    _, labels = rows(True).batch([0, 3], 7, True, "cpu")
    assert labels.tolist() == [[0, 1, 2, 3, 4], [15, 16, IGNORED, IGNORED, IGNORED]]


def test_the_first_token_of_a_row_is_not_learnt():
    some = rows(True)
    some.labels[2] = IGNORED
    assert some.answer_tokens(0) == 3
    assert some.answer_tokens(1) == 0


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 16])
def test_every_row_is_the_share_of_one_worker(workers):
    some = rows(False)
    shares = [share(range(len(some)), some.length, rank, workers) for rank in range(workers)]
    assert sorted(row for one in shares for row in one) == list(range(len(some)))
    tokens = [sum(some.length(row) for row in one) for one in shares]
    if workers <= 4:
        assert max(tokens) - min(tokens) <= max(LENGTHS)


@pytest.mark.parametrize("tokens", [1, 9, 18, 1000])
def test_passes_hold_each_row_once_and_no_more_than_they_may(tokens):
    some = rows(False)
    parts = pieces(list(range(len(some))), some.length, tokens)
    assert sorted(row for part in parts for row in part) == list(range(len(some)))
    for part in parts:
        assert len(part) == 1 or max(some.length(row) for row in part) * len(part) <= tokens
    if tokens == 1000:
        assert len(parts) == 1


@pytest.mark.parametrize("pad_up_to", [0, 2, 5, 9])
def test_rows_that_must_not_be_padded_stand_with_their_like(pad_up_to):
    some = rows(False)
    parts = pieces(list(range(len(some))), some.length, 1000, pad_up_to)
    assert sorted(row for part in parts for row in part) == list(range(len(some)))
    for part in parts:
        lengths = {some.length(row) for row in part}
        assert max(lengths) <= pad_up_to or len(lengths) == 1
    assert len(parts) == len({max(length, pad_up_to) if length > pad_up_to else 0 for length in LENGTHS})


def test_dynamic_positions_depend_on_the_rows_of_a_pass_alone():
    import transformers
    from conftest import ROOT

    from layerwise_job.model import forget_lengths

    model = transformers.AutoModelForCausalLM.from_pretrained(ROOT / "src/test/resources/golden/llama_dynamic").eval()
    shorter, longer = torch.arange(3, 15).unsqueeze(0), torch.arange(3, 23).unsqueeze(0)
    with torch.no_grad():
        before = model(shorter).logits
        model(longer)
        assert (model(shorter).logits - before).abs().max() > 1e-4  # transformers keeps the positions of the longer row
        forget_lengths(model)
        assert torch.equal(model(shorter).logits, before)


def test_steps():
    steps = Steps({"steps.starts": torch.tensor([0, 2, 3]), "steps.rows": torch.tensor([4, 1, 0])})
    assert len(steps) == 2
    assert steps.of(0) == [4, 1]
    assert steps.of(1) == [0]

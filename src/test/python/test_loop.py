"""Training without a cluster: what a step and a saved adapter depend on."""

import contextlib
import json
import os
import pathlib
import shutil
import types

import numpy as np
import pytest
import torch
from layerwise_job import loop
from peft import LoraConfig, PeftConfig, get_peft_model
from transformers import BertConfig, BertForSequenceClassification


def drawn(monkeypatch, steps, seed=7):
    """Random numbers of some steps, as dropout draws them."""
    found = {}

    def passes(self, rows, chosen, rank):
        found[chosen] = torch.rand(3).tolist()
        raise StopIteration  # the numbers of the step are all that is asked for

    monkeypatch.setattr(loop.Training, "passes", passes)
    training = loop.Training.__new__(loop.Training)
    training.plan = {"seed": seed}
    training.rows = {"train": None}
    training.steps = types.SimpleNamespace(of=lambda step: step)
    training.objective = types.SimpleNamespace(weight=lambda rows, chosen: 1)
    training.workers = types.SimpleNamespace(rank=0)
    for step in steps:
        try:
            training.take(step)
        except StopIteration:
            pass
    return found


def test_a_step_drops_the_same_values_after_an_interruption(monkeypatch):
    whole, rest = drawn(monkeypatch, range(4)), drawn(monkeypatch, range(2, 4))
    assert rest == {step: whole[step] for step in (2, 3)}
    assert len({tuple(numbers) for numbers in whole.values()}) == 4


def test_a_step_drops_other_values_than_the_step_before_of_the_next_seed(monkeypatch):
    one, next_seed = drawn(monkeypatch, range(1, 4), 42), drawn(monkeypatch, range(3), 43)
    assert all(one[step + 1] != next_seed[step] for step in range(3))


def test_seeds_are_mixed_as_on_the_desktop():
    # values of Seeds.of
    assert [loop.mixed(42, 0), loop.mixed(42, 1), loop.mixed(-(1 << 63), 3, 2)] == [13679457532755275413, 2949826092126892291, 16803745100822869961]
    torch.manual_seed(loop.mixed(-1, 1))  # takes all of them


def test_patterns_keep_their_order(tmp_path):
    initial, saved = tmp_path / "initial", tmp_path / "saved"
    # the first that matches counts, and PEFT sorts them when it saves
    alphas = {"layer.1.attention.self.query": 4, "attention.self.query": 8}
    model = BertForSequenceClassification(
        BertConfig(vocab_size=50, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16)
    )
    adapted = get_peft_model(model, LoraConfig(r=2, target_modules=["query"], alpha_pattern=alphas, task_type="SEQ_CLS"))
    adapted.save_pretrained(str(saved))
    assert list(json.loads((saved / loop.CONFIG).read_text())["alpha_pattern"]) != list(alphas)
    initial.mkdir()
    (initial / loop.CONFIG).write_text(json.dumps({"alpha_pattern": alphas}))
    before = json.loads((saved / loop.CONFIG).read_text())
    loop.keep_order(str(initial), str(saved))
    after = json.loads((saved / loop.CONFIG).read_text())
    assert after == before and list(after["alpha_pattern"]) == list(alphas)
    assert PeftConfig.from_pretrained(str(saved)).alpha_pattern == alphas


def saved_adapter(folder, class_names):
    """What a job of these classes writes as its adapter."""
    job, run = folder / "job", folder / "run"
    (job / "adapter-initial").mkdir(parents=True)
    run.mkdir()
    (job / "adapter-initial" / loop.CONFIG).write_text("{}")
    training = loop.Training.__new__(loop.Training)
    training.plan, training.job, training.run, training.sharded = {"class_names": class_names}, str(job), str(run), False
    training.workers = types.SimpleNamespace(rank=0)
    training.model = types.SimpleNamespace(
        save_pretrained=lambda beside, **_: pathlib.Path(beside, loop.CONFIG).write_text("{}") and None
    )
    training.save_adapter()
    return run / "adapter"


def test_an_adapter_has_the_names_of_its_classes(tmp_path):
    assert json.loads((saved_adapter(tmp_path / "named", ["bad", "größer"]) / "labels.json").read_text()) == ["bad", "größer"]
    assert not (saved_adapter(tmp_path / "unnamed", []) / "labels.json").exists()


def test_lion_takes_the_steps_of_its_paper():
    weight = torch.nn.Parameter(torch.tensor([-1.0, 0.0, 1.5]))
    expected, mean = np.array([-1.0, 0.0, 1.5]), np.zeros(3)
    optimiser = loop.OPTIMISERS["lion"]([{"params": [weight], "weight_decay": 0.1}], {})
    generator = np.random.default_rng(7)
    for step in range(30):
        gradient = generator.normal(size=3)
        weight.grad = torch.tensor(gradient, dtype=torch.float32)
        rate = 0.01 / (step + 1)
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.step()
        expected = expected - rate * (np.sign(0.9 * mean + 0.1 * gradient) + 0.1 * expected)
        mean = 0.99 * mean + 0.01 * gradient
        np.testing.assert_allclose(weight.detach().numpy(), expected, atol=2e-6)


def training(run):
    """One that has a weight and takes no steps."""
    one = loop.Training.__new__(loop.Training)
    one.run, one.base, one.seconds = str(run), None, 0.0
    one.workers = loop.Workers()
    one.trained = [("weight", torch.nn.Parameter(torch.zeros(3)))]
    one.optimiser = torch.optim.AdamW([parameter for _, parameter in one.trained])
    one.best = types.SimpleNamespace(state=dict, load=lambda state: None)
    one.log = types.SimpleNamespace(position=lambda: 0)
    return one


class Killed(BaseException):
    """The end of the process."""


def test_a_kill_at_any_moment_leaves_a_checkpoint(tmp_path, monkeypatch):
    for number in range(8):
        run = tmp_path / str(number)
        run.mkdir()
        training(run).checkpoint(2)
        training(run).checkpoint(4)
        calls = []

        def dying(act):
            def called(*arguments, **named):
                calls.append(act)
                if len(calls) > number:
                    raise Killed
                return act(*arguments, **named)

            return called

        with monkeypatch.context() as patched:
            for module, name in ((os, "replace"), (os, "fsync"), (os, "makedirs"), (shutil, "rmtree"), (torch, "save")):
                patched.setattr(module, name, dying(getattr(module, name)))
            with contextlib.suppress(Killed):
                training(run).checkpoint(6)
        step, _ = training(run).resume()
        assert step >= 4 or (step == 2 and number < len(calls)), number
        assert step > 0 and (step == 6 or len(calls) > number)
        training(run).checkpoint(8)
        assert training(run).resume()[0] == 8
    assert len(calls) <= number, "it was killed at each call"


@pytest.mark.parametrize("content", [b"", b"PK", bytes(5000)])
def test_a_checkpoint_that_cannot_be_read_costs_the_steps_since_the_one_before(tmp_path, capsys, content):
    training(tmp_path).checkpoint(2)
    training(tmp_path).checkpoint(4)
    state = tmp_path / "cluster-checkpoint/state.pt"
    state.write_bytes(content)
    assert training(tmp_path).resume()[0] == 2
    assert "state.pt cannot be read" in capsys.readouterr().out
    (tmp_path / "cluster-checkpoint/before.pt").unlink()
    with pytest.raises(ValueError, match="there is no other"):
        training(tmp_path).resume()


def test_checkpoints_of_earlier_versions_are_found(tmp_path):
    assert training(tmp_path).resume() == (0, 0)
    training(tmp_path).checkpoint(4)
    folder = tmp_path / "cluster-checkpoint"
    assert [file.name for file in folder.iterdir()] == ["state.pt"]
    folder.rename(tmp_path / "cluster-checkpoint.part")
    assert training(tmp_path).resume()[0] == 4
    (tmp_path / "cluster-checkpoint.part/state.pt").write_bytes(b"unfinished")
    assert training(tmp_path).resume() == (0, 0)

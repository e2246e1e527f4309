"""extract --on and analyze --on: what layers make of rows, computed on a cluster, is what is computed here, and so are the layers selected."""

import json
import shutil
import signal

import numpy as np
import pytest
from safetensors.numpy import load_file
from test_parity import GOLDEN, RUN, lines, seeing
from test_parity import difference as training_difference
from test_targets import CLUSTER, queue, user  # noqa: F401: fixtures
from test_train_on import lab, slurm, start, until  # noqa: F401: fixtures

pytestmark = pytest.mark.skipif(
    not RUN or not CLUSTER, reason="skipped: LAYERWISE_CLUSTER does not say where the services are"
)

TOLERANCE = 1e-4


def ok(done):
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def difference(here, there):
    one, other = load_file(here), load_file(there)
    assert set(one) == set(other)
    return max(float(np.abs(one[name] - other[name]).max()) for name in one)


# two workers on Ray, one in the queue
PLACES = {"lab": ["--on", "lab", "--workers", "2"], "queue": ["--on", "queue"]}


def at(request, place):
    """Somebody who can send work there."""
    return request.getfixturevalue({"lab": "lab", "queue": "slurm"}[place])


@pytest.mark.parametrize(
    ("place", "base", "position"),
    [("queue", "bert", "first"), ("lab", "bert", "mean"), ("queue", "llama", "last"), ("lab", "seeing", "last")],
)
def test_the_representations_are_those_that_are_computed_here(request, place, base, position):
    who = at(request, place)
    model = seeing(who.home) if base == "seeing" else GOLDEN / base
    what = ["--model", model, "--data", base + ".jsonl", "--position", position, *(["--image", "image"] if base == "seeing" else [])]
    ok(who.run("extract", *what, "--out", "here.safetensors"))
    ok(who.run("extract", *what, *PLACES[place], "--out", "there.safetensors"))
    assert difference(who.home / "here.safetensors", who.home / "there.safetensors") < TOLERANCE


@pytest.mark.parametrize(("place", "base", "adapter"), [("lab", "bert", "lora_bert_dora"), ("queue", "llama", "lora_llama")])
def test_an_adapter_goes_with_it(request, place, base, adapter):
    who = at(request, place)
    what = ["--model", GOLDEN / base, "--data", base + ".jsonl", "--adapter", GOLDEN / adapter / "adapter_final"]
    ok(who.run("extract", *what, "--out", "here.safetensors"))
    ok(who.run("extract", *what, *PLACES[place], "--out", "there.safetensors"))
    assert difference(who.home / "here.safetensors", who.home / "there.safetensors") < TOLERANCE
    ok(who.run("extract", *what[:4], "--out", "without.safetensors"))
    assert difference(who.home / "here.safetensors", who.home / "without.safetensors") > TOLERANCE


def described(home, base):
    """A folder with nothing of a model but its configuration."""
    folder = home / ("described-" + base)
    folder.mkdir()
    shutil.copy(GOLDEN / base / "config.json", folder)
    return folder


def test_a_model_that_is_not_here_is_extracted_and_trained_there_with_its_weights_shared_out(lab):  # noqa: F811
    # more tokens than a worker takes at a time, and an odd number of rows
    many = lab.home / "llama.jsonl"
    many.write_text(many.read_text() * 23)
    there = ["--model", described(lab.home, "llama"), "--model-there", GOLDEN / "llama"]
    there += ["--on", "lab", "--workers", "2", "--fsdp", "--data", "llama.jsonl"]
    here = ["--model", GOLDEN / "llama", "--data", "llama.jsonl"]
    ok(lab.run("extract", *here, "--out", "here.safetensors"))
    ok(lab.run("extract", *there, "--out", "there.safetensors"))
    assert difference(lab.home / "here.safetensors", lab.home / "there.safetensors") < TOLERANCE
    flags = "--task causal-lm --layers 1,3 --r 4 --lr 0.003 --steps 6 --batch 4 --model-dropout 0 --dropout 0".split()
    ok(lab.run("train", *here, *flags, "--out", "here"))
    ok(lab.run("train", *there, *flags, "--out", "there"))
    assert training_difference(lines(lab.home / "here"), lines(lab.home / "there")) < TOLERANCE
    ok(lab.run("evaluate", *here, "--adapter", "there/adapter"))


def similarity(folder):
    return np.array(json.loads((folder / "analysis.json").read_text())["similarity"], float)


def test_a_queue_gives_the_same_heatmap_and_the_same_selection(slurm):  # noqa: F811
    what = ["--model", GOLDEN / "bert", "--data", "bert.jsonl", "--position", "mean", "--bootstrap", "20"]
    here = ok(slurm.run("analyze", *what, "--out", "here"))
    there = ok(slurm.run("analyze", *what, "--on", "queue", "--out", "there"))
    assert [line for line in here.stdout.splitlines() if "Selected" in line] == [
        line for line in there.stdout.splitlines() if "Selected" in line
    ]
    assert np.nanmax(np.abs(similarity(slurm.home / "here") - similarity(slurm.home / "there"))) < TOLERANCE
    assert (np.isnan(similarity(slurm.home / "here")) == np.isnan(similarity(slurm.home / "there"))).all()


def test_the_same_question_follows_the_job_that_is_there(slurm):  # noqa: F811
    what = ["--model", GOLDEN / "bert", "--data", "bert.jsonl", "--on", "queue", "--out", "there.safetensors"]
    jobs = slurm.home / "data/layerwise/jobs"
    first = start(slurm, "extract", *what)
    until("it is handed in", lambda: [one for one in jobs.glob("*/remote.json") if json.loads(one.read_text())["number"]])
    first.send_signal(signal.SIGKILL)
    first.communicate()
    again = ok(slurm.run("extract", *what))
    assert "is computed on queue already" in again.stderr + again.stdout
    assert not list(jobs.glob("*/remote.json"))
    ok(slurm.run("extract", *what[:-4], "--out", "here.safetensors"))
    assert difference(slurm.home / "here.safetensors", slurm.home / "there.safetensors") < TOLERANCE


def test_what_needs_a_model_here_is_refused_before_anything_is_sent(lab):  # noqa: F811
    what = ["--model", GOLDEN / "bert", "--data", "bert.jsonl", "--on", "lab", "--out", "there"]
    for measure, words in (("block-influence", "compares every token"), ("gradient-norm", "gradients of a model")):
        refused = lab.run("analyze", *what, "--measure", measure)
        assert refused.returncode == 2 and words in refused.stderr, refused.stderr
    assert not (lab.home / "jobs/jobs").exists()


def test_a_job_that_breaks_says_why(lab):  # noqa: F811
    model = lab.home / "bert"
    shutil.copytree(GOLDEN / "bert", model)
    first = start(lab, "extract", "--model", model, "--data", "bert.jsonl", "--on", "lab", "--out", "there.safetensors")
    until("it is sent", lambda: list((lab.home / "jobs").glob("jobs/*/plan.json")))
    (model / "config.json").unlink()
    said = first.communicate(timeout=300)[0]
    assert first.returncode == 2 and "has failed" in said, said
    assert not (lab.home / "there.safetensors").exists()

"""experiment --on: the grid of runs as jobs of their own, with the numbers of an experiment here."""

import csv

import pytest
from test_parity import GOLDEN, RUN, TOLERANCE
from test_targets import CLUSTER, queue, user  # noqa: F401: fixtures
from test_train_on import lab  # noqa: F401: fixtures

pytestmark = pytest.mark.skipif(
    not RUN or not CLUSTER, reason="skipped: LAYERWISE_CLUSTER does not say where the services are"
)

FLAGS = (
    f"--model {GOLDEN}/bert --data bert.jsonl --validation bert.jsonl --model-dropout 0 --dropout 0 --r 4 --lr 0.003 --batch 4"
    " --steps 8 --arms all,selected --seeds 1"
).split()


def results(folder):
    with open(folder / "results.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_grid_is_sent_as_jobs_and_goes_on_where_it_was(lab):  # noqa: F811
    here = lab.run("experiment", *FLAGS, "--out", "here")
    assert here.returncode == 0, here.stdout + here.stderr
    there = lab.run("experiment", *FLAGS, "--on", "lab", "--out", "there")
    assert there.returncode == 0, there.stdout + there.stderr
    assert len(list((lab.home / "jobs/jobs").iterdir())) == 3, "two runs and what the analysis needs"
    assert (lab.home / "there/analysis/similarity.csv").exists()
    one, other = results(lab.home / "here"), results(lab.home / "there")
    assert [row["arm"] for row in one] == [row["arm"] for row in other]
    for key in one[0]:
        if "loss" in key or "accuracy" in key:
            assert all(abs(float(a[key]) - float(b[key])) < TOLERANCE for a, b in zip(one, other) if a[key]), key
    assert (lab.home / "there/report.html").exists()
    again = lab.run("experiment", *FLAGS, "--on", "lab", "--out", "there")
    assert again.returncode == 0 and "Finished before" in again.stderr + again.stdout
    assert len(list((lab.home / "jobs/jobs").iterdir())) == 3

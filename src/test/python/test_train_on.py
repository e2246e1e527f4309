"""train --on: a training sent to a cluster, followed, stopped, cut off and taken up again, against the services themselves."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from test_parity import GOLDEN, RUN, TOLERANCE, difference, lines, losses, rows
from test_targets import CLUSTER, User, queue, user  # noqa: F401: fixtures

pytestmark = pytest.mark.skipif(
    not RUN or not CLUSTER, reason="skipped: LAYERWISE_CLUSTER does not say where the services are"
)

FLAGS = (
    f"--model {GOLDEN}/bert --data bert.jsonl --model-dropout 0 --dropout 0 --layers 1,3 --r 4 --lr 0.003 --batch 4"
    " --validation bert.jsonl"
).split()

# ten seconds and more, so that there is time to interrupt
LONG = "--steps 1500 --checkpoint-every 100 --evaluate-every 500".split()


@pytest.fixture
def lab(user):  # noqa: F811
    rows(user.home)
    user.add("lab", "--ray", user.dashboard, "--storage", user.home / "jobs", "--storage-here", user.home / "jobs")
    return user


@pytest.fixture
def slurm(queue):  # noqa: F811
    rows(queue.home)
    assert queue.run("remote", "check", "queue", "--trust", queue.fingerprint).returncode == 0
    return queue


def start(user, *arguments):  # noqa: F811
    return subprocess.Popen(
        [*RUN.split(), *map(str, arguments)],
        cwd=user.home,
        env=user.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # whoever is started in the background may have been told to ignore it
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def until(what, condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain until " + what
        time.sleep(0.1)


def count(run):
    return len((run / "metrics.jsonl").read_bytes().splitlines()) if (run / "metrics.jsonl").exists() else 0


def check_result(home, state="finished"):
    assert json.loads((home / "there/run.json").read_text())["state"] == state
    summary = json.loads((home / "there/summary.json").read_text())
    assert summary["trainable_parameters"] > summary["adapter_parameters"] > 0
    assert state != "finished" or summary["after"]["accuracy"] >= 0
    assert (home / "there/adapter/adapter_model.safetensors").stat().st_size > 0
    return summary


def test_ray_has_the_numbers_of_the_trainer_here(lab):
    here = lab.run("train", *FLAGS, "--steps", "12", "--out", "here")
    assert here.returncode == 0, here.stderr
    there = lab.run("train", *FLAGS, "--steps", "12", "--on", "lab", "--workers", "2", "--out", "there")
    assert there.returncode == 0, there.stdout + there.stderr
    assert "Trained after 12 steps" in there.stdout
    assert difference(lines(lab.home / "here"), lines(lab.home / "there")) < TOLERANCE
    check_result(lab.home)
    evaluated = lab.run("evaluate", "--model", GOLDEN / "bert", "--data", "bert.jsonl", "--adapter", "there/adapter")
    assert evaluated.returncode == 0, evaluated.stderr
    assert "finished" in lab.run("runs", ".").stdout


def test_slurm_has_them_too(slurm):
    here = slurm.run("train", *FLAGS, "--steps", "12", "--out", "here")
    assert here.returncode == 0, here.stderr
    there = slurm.run("train", *FLAGS, "--steps", "12", "--on", "queue", "--out", "there")
    assert there.returncode == 0, there.stdout + there.stderr
    assert difference(lines(slurm.home / "here"), lines(slurm.home / "there")) < TOLERANCE
    check_result(slurm.home)


def test_the_run_goes_on_when_nobody_follows_it(lab):
    run = lab.home / "there"
    follower = start(lab, "train", *FLAGS, *LONG, "--on", "lab", "--out", "there")
    for how in (signal.SIGINT, signal.SIGKILL):
        before = count(run)
        until("lines come", lambda before=before: count(run) > before + 20)
        os.killpg(follower.pid, how)
        said = follower.communicate(timeout=60)[0]
        assert how != signal.SIGINT or "the run goes on there" in said
        assert count(run) < 1500
        follower = start(lab, "train", "--resume", "there")
    said = follower.communicate(timeout=240)[0]
    assert follower.returncode == 0, said
    assert [step for step, _ in losses(run)] == list(range(1, 1501))
    check_result(lab.home)


def test_a_run_is_stopped_and_keeps_what_it_has(lab):
    first = start(lab, "train", *FLAGS, *LONG, "--on", "lab", "--out", "there")
    run = lab.home / "there"
    until("lines come", lambda: count(run) > 20)
    assert lab.run("remote", "stop", "there").returncode == 0
    said = first.communicate(timeout=120)[0]
    assert first.returncode == 0, said
    assert "Stopped after" in said
    summary = check_result(lab.home, "cancelled")
    assert 20 < summary["steps"] < 1500
    assert "layerwise_job.ray_train" in lab.run("remote", "log", "there").stdout
    again = lab.run("train", "--resume", "there")
    assert again.returncode == 0, again.stdout + again.stderr
    assert [step for step, _ in losses(run)] == list(range(1, 1501))
    check_result(lab.home)


def test_a_run_that_the_queue_ended_is_handed_in_again(slurm):
    # more steps than any computer takes within the limit
    endless = "--steps 100000 --checkpoint-every 100 --evaluate-every 50000".split()
    first = start(slurm, "train", *FLAGS, *endless, "--on", "queue", "--out", "there")
    run = slurm.home / "there"
    ticket = run / "remote.json"
    until("it runs", lambda: count(run) > 250)
    number = json.loads(ticket.read_text())["number"]
    # its time is over soon
    subprocess.run(["scontrol", "update", f"jobid={number}", "timelimit=1"], check=True)
    said = first.communicate(timeout=240)[0]
    assert first.returncode == 2, said
    assert "The queue ended it (timeout); train --resume hands it in again." in said
    assert json.loads((run / "run.json").read_text())["state"] == "failed"
    before = losses(run)[-1][0]
    again = start(slurm, "train", "--resume", "there")
    until("it has gone on", lambda: count(run) > 0 and losses(run)[-1][0] > before + 200)
    assert json.loads(ticket.read_text())["number"] != number
    assert slurm.run("remote", "stop", "there").returncode == 0
    said = again.communicate(timeout=120)[0]
    assert again.returncode == 0, said
    steps = [step for step, _ in losses(run)]
    assert steps == list(range(1, len(steps) + 1)) and len(steps) > before + 200
    check_result(slurm.home, "cancelled")


def test_a_package_that_is_missing_there_fails_the_run_with_a_reason(user):  # noqa: F811
    rows(user.home)
    bare = user.home / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    user.add("queue", "--slurm", "--storage", user.home / "jobs", "--python", bare / "bin/python", *user.ssh)
    user.run("remote", "check", "queue", "--trust", user.fingerprint)
    done = user.run("train", *FLAGS, "--steps", "2", "--on", "queue", "--out", "there")
    assert done.returncode == 2
    assert "has failed" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stdout + done.stderr


def test_the_best_adapter_speaks_for_the_run(lab):
    flags = [*FLAGS, *"--epochs 40 --evaluate-every 2 --keep-best --patience 2 --best-metric accuracy --scheduler constant".split()]
    here = lab.run("train", *flags, "--out", "here")
    there = lab.run("train", *flags, "--on", "lab", "--out", "there")
    assert here.returncode == there.returncode == 0, there.stdout + there.stderr
    one, other = (json.loads((lab.home / name / "summary.json").read_text()) for name in ("here", "there"))
    assert one["stopped_early"] and other["stopped_early"]
    assert other["adapter_step"] == one["adapter_step"] < one["steps"] == other["steps"]
    assert abs(other["after"]["loss"] - one["after"]["loss"]) < TOLERANCE
    check_result(lab.home)


def test_workers_without_a_cluster_are_refused(lab):
    assert lab.run("train", *FLAGS, "--steps", "2", "--workers", "2", "--out", "there").returncode == 2

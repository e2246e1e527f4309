"""Targets of Layerwise against the services themselves: Ray, an SSH server, Slurm, as cluster.sh has started them.

Needs LAYERWISE_RUN and LAYERWISE_CLUSTER, the folder of the services; without them all of this is skipped.
"""

import os
import pathlib
import re
import subprocess
import sys
import time
from importlib.metadata import version

import pytest

from test_parity import GOLDEN, losses, rows

RUN = os.environ.get("LAYERWISE_RUN")
CLUSTER = os.environ.get("LAYERWISE_CLUSTER")

pytestmark = pytest.mark.skipif(
    not RUN or not CLUSTER, reason="skipped: LAYERWISE_CLUSTER does not say where the services are"
)


class User:
    """Somebody with settings of their own."""

    def __init__(self, home):
        self.home = home
        self.places = pathlib.Path(CLUSTER or ".")
        self.environment = {
            **os.environ,
            **{f"XDG_{what}_HOME": str(home / what.lower()) for what in ("CONFIG", "DATA", "STATE")},
        }

    def run(self, *arguments):
        return subprocess.run(
            [*RUN.split(), *map(str, arguments)], cwd=self.home, env=self.environment, capture_output=True, text=True, timeout=300
        )

    def add(self, name, *arguments):
        done = self.run("remote", "add", name, *arguments)
        assert done.returncode == 0, done.stderr

    @property
    def ssh(self):
        return [f"--ssh=root@127.0.0.1:{(self.places / 'ssh-port').read_text().strip()}", f"--key={self.places / 'me'}"]

    @property
    def fingerprint(self):
        return subprocess.run(
            ["ssh-keygen", "-lf", self.places / "host.pub"], capture_output=True, text=True, check=True
        ).stdout.split()[1]

    @property
    def dashboard(self):
        return (self.places / "dashboard").read_text().strip()


@pytest.fixture
def user(tmp_path):
    return User(tmp_path)


def test_ray_with_a_shared_folder(user):
    user.add("lab", "--ray", user.dashboard, "--storage", user.home / "jobs", "--storage-here", user.home / "jobs")
    done = user.run("remote", "check", "lab")
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("2.60.0, Jobs API 4", "2 with", "seen by both sides", f"peft               {version('peft')}"):
        assert words in done.stdout
    assert not (user.home / "jobs").exists(), "a folder that was made to look is gone"


def test_ray_through_a_tunnel(user):
    user.add("lab", "--ray", user.dashboard, "--storage", user.home / "jobs", *user.ssh)
    unknown = user.run("remote", "check", "lab")
    assert unknown.returncode == 2
    assert "is not known yet" in unknown.stdout
    assert user.run("remote", "check", "lab", "--trust", "SHA256:somebody").returncode == 2
    done = user.run("remote", "check", "lab", "--trust", user.fingerprint)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seen by both sides" in done.stdout
    assert user.run("remote", "check", "lab").returncode == 0, "known from now on"


def test_a_changed_host_key_is_refused(user):
    user.add("lab", "--ray", user.dashboard, "--storage", user.home / "jobs", *user.ssh)
    other = user.home / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
    kind, key = (user.home / "other.pub").read_text().split()[:2]
    port = (user.places / "ssh-port").read_text().strip()
    settings = user.home / "config/layerwise"
    (settings / "known_hosts").write_text(f"[127.0.0.1]:{port} {kind} {key}\n")
    done = user.run("remote", "check", "lab", "--trust", user.fingerprint)
    assert done.returncode == 2
    assert "has changed" in done.stdout
    assert "line 1 of" in done.stdout


def test_a_storage_folder_that_cannot_be_written(user):
    user.add("lab", "--ray", user.dashboard, "--storage", "/proc/layerwise", *user.ssh)
    done = user.run("remote", "check", "lab", "--trust", user.fingerprint)
    assert done.returncode == 2
    assert "wrong  Storage" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_ray_that_is_not_there(user):
    user.add("lab", "--ray", "http://127.0.0.1:1", "--storage", user.home, "--storage-here", user.home)
    done = user.run("remote", "check", "lab")
    assert done.returncode == 2
    assert "no answer from http://127.0.0.1:1" in done.stdout


@pytest.fixture
def queue(user):
    user.add("queue", "--slurm", "--storage", user.home / "jobs", "--python", sys.executable, "--time", "10", *user.ssh)
    return user


def test_slurm(queue):
    done = queue.run("remote", "check", "queue", "--trust", queue.fingerprint)
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("ok     Slurm", "ok     Partition          main", "ok     torch"):
        assert words in done.stdout


def test_python_without_packages_is_told(user):
    bare = user.home / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    user.add("queue", "--slurm", "--storage", user.home / "jobs", "--python", bare / "bin/python", *user.ssh)
    done = user.run("remote", "check", "queue", "--trust", user.fingerprint)
    assert done.returncode == 2
    assert "wrong  torch              is not there" in done.stdout
    assert f'{bare}/bin/python -m pip install "torch>=' in done.stdout


def export(user, *more):
    rows(user.home)
    flags = f"--model {GOLDEN}/bert --data bert.jsonl --model-dropout 0 --dropout 0 --layers 1,3 --r 4 --lr 0.003 --batch 4".split()
    done = user.run("export-job", *flags, *more, "--out", "job")
    assert done.returncode == 0, done.stderr
    return user.home / "job"


def sbatch(job):
    return subprocess.run(["sbatch", "--parsable", "job.sbatch"], cwd=job, capture_output=True, text=True, check=True).stdout.strip()


def ended(job, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (job / "exit").exists():
            return int((job / "exit").read_text())
        time.sleep(0.5)
    raise AssertionError("the job has not ended: " + (job / "job.log").read_text()[-2000:])


def test_a_job_by_hand_on_slurm(queue):
    job = export(queue, "--steps", "20", "--for", "queue")
    sbatch(job)
    assert ended(job) == 0, (job / "job.log").read_text()[-2000:]
    assert len(losses(job / "run")) == 20


def test_jobs_that_share_a_node_do_not_meet(user):
    # with a share of the memory each: one that asks for none gets all of it
    share = ["--setup", "#SBATCH --mem=1500"]
    user.add("queue", "--slurm", "--storage", user.home / "jobs", "--python", sys.executable, "--time", "10", *share, *user.ssh)
    short = export(user, "--steps", "4", "--for", "queue").rename(user.home / "short")
    long = export(user, "--steps", "400", "--checkpoint-every", "25", "--for", "queue")
    numbers = sbatch(long), sbatch(short)
    assert ended(short) == 0, (short / "job.log").read_text()[-2000:]
    assert ended(long) == 0, (long / "job.log").read_text()[-2000:]
    assert len(losses(short / "run")) == 4 and len(losses(long / "run")) == 400
    assert "the next goes on" not in (long / "job.log").read_text()
    begun = [
        subprocess.run(["scontrol", "show", "job", number], capture_output=True, text=True, check=True).stdout for number in numbers
    ]
    starts, ends = ([re.search(rf"{word}Time=(\S+)", text)[1] for text in begun] for word in ("Start", "End"))
    assert max(starts) < min(ends), "both were there at once"


def test_a_job_that_the_queue_ended_goes_on(queue):
    job = export(queue, "--steps", "600", "--checkpoint-every", "25", "--for", "queue")
    number = sbatch(job)
    end = time.monotonic() + 120
    while not (job / "run/cluster-checkpoint").exists():
        assert time.monotonic() < end, (job / "job.log").read_text()[-2000:]
        time.sleep(0.1)
    subprocess.run(["scancel", "--signal=KILL", "--full", number], check=True)
    time.sleep(2)
    before = len(losses(job / "run"))
    sbatch(job)
    assert ended(job) == 0, (job / "job.log").read_text()[-2000:]
    assert before < 600
    assert [step for step, _ in losses(job / "run")] == list(range(1, 601))


def test_a_job_on_ray_with_two_workers(user):
    from ray.job_submission import JobSubmissionClient

    job = export(user, "--steps", "20")
    client = JobSubmissionClient(user.dashboard)
    number = client.submit_job(
        entrypoint=f"python -u -m layerwise_job.ray_train {job} {job}/run --workers 2 --cpus 0.5",
        runtime_env={"working_dir": str(job / "program")},
    )
    end = time.monotonic() + 180
    while not client.get_job_status(number).is_terminal():
        assert time.monotonic() < end, client.get_job_logs(number)[-2000:]
        time.sleep(1)
    assert client.get_job_status(number) == "SUCCEEDED", client.get_job_logs(number)[-2000:]
    assert len(losses(job / "run")) == 20

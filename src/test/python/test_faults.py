"""What goes wrong elsewhere, done for real: a lost worker, a lost head, a cut network, a full disk, old versions, two who follow."""

import contextlib
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import pytest
import services
from test_parity import GOLDEN, RUN, TOLERANCE, losses, rows
from test_targets import CLUSTER, queue, user  # noqa: F401: fixtures
from test_train_on import FLAGS, check_result, count, lab, slurm, start, until  # noqa: F401: fixtures

pytestmark = pytest.mark.skipif(
    not RUN or not CLUSTER, reason="skipped: LAYERWISE_CLUSTER does not say where the services are"
)

SOME = "--steps 900 --checkpoint-every 50 --evaluate-every 500".split()


def require_all_steps(run, steps):
    """Each step once and in its order, whatever came between."""
    assert [step for step, _ in losses(run)] == list(range(1, steps + 1))


def test_a_worker_that_is_lost_on_ray_is_replaced(lab):  # noqa: F811
    assert lab.run("train", *FLAGS, *SOME, "--out", "here").returncode == 0
    first = start(lab, "train", *FLAGS, *SOME, "--on", "lab", "--workers", "2", "--out", "there")
    run = lab.home / "there"
    until("it is on its way", lambda: count(run) > 200)
    [there] = (lab.home / "jobs/jobs").iterdir()
    workers = json.loads((there / "run/workers.json").read_text())
    assert workers["after_step"] == 0
    os.kill(workers["workers"][1]["pid"], signal.SIGKILL)
    said = first.communicate(timeout=240)[0]
    assert first.returncode == 0, said
    anew = json.loads((there / "run/workers.json").read_text())
    assert anew["after_step"] >= 150 and anew["workers"][1]["pid"] != workers["workers"][1]["pid"]
    require_all_steps(run, 900)
    assert max(abs(one - other) for (_, one), (_, other) in zip(losses(lab.home / "here"), losses(run))) < TOLERANCE
    check_result(lab.home)


def test_a_head_that_is_lost_costs_the_steps_since_the_checkpoint(user):  # noqa: F811
    rows(user.home)
    ray = pathlib.Path(tempfile.mkdtemp())  # Ray's sockets want a short path
    ports = services.free_ports(3)
    services.head(ray, *ports)
    try:
        address = (ray / "dashboard").read_text()
        user.add("own", "--ray", address, "--storage", user.home / "jobs", "--storage-here", user.home / "jobs")
        first = start(user, "train", *FLAGS, *SOME, "--on", "own", "--out", "there")
        run = user.home / "there"
        until("it is on its way", lambda: count(run) > 200)
        services.stop(ray)
        shutil.rmtree(ray)
        ray.mkdir()
        services.head(ray, *ports)
        said = first.communicate(timeout=240)[0]
        assert first.returncode == 2, said
        assert "own cannot be reached for now" in said
        assert "train --resume hands it in again" in said
        before = losses(run)[-1][0]
        again = user.run("train", "--resume", "there")
        assert again.returncode == 0, again.stdout + again.stderr
        assert before < 900
        require_all_steps(run, 900)
        check_result(user.home)
    finally:
        services.stop(ray)
        shutil.rmtree(ray)


class Wire:
    """A way to a port of this computer that can be cut."""

    def __init__(self, target):
        self.target = target
        self.cut = False
        self.open = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                here, _ = self.listener.accept()
                if self.cut:
                    here.close()
                    continue
                there = socket.create_connection(("127.0.0.1", self.target))
                self.open |= {here, there}
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    @staticmethod
    def carry(one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(1 << 16):
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def break_off(self):
        self.cut = True
        for one in self.open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.open = set()


def test_a_network_that_is_cut_loses_and_doubles_nothing(user):  # noqa: F811
    rows(user.home)
    wire = Wire(int((user.places / "ssh-port").read_text()))
    user.add(
        "far", "--ray", user.dashboard, "--storage", user.home / "jobs", f"--ssh=root@127.0.0.1:{wire.port}", f"--key={user.places}/me"
    )
    assert user.run("remote", "check", "far", "--trust", user.fingerprint).returncode == 0
    first = start(user, "train", *FLAGS, "--steps", "2500", "--evaluate-every", "1000", "--on", "far", "--out", "there")
    run = user.home / "there"
    until("it is on its way", lambda: count(run) > 100)
    for _ in range(2):
        wire.break_off()
        held = count(run)
        time.sleep(5)
        assert count(run) == held, "nothing comes while the way is cut"
        wire.cut = False
        until("lines come again", lambda held=held: count(run) > held)
    said = first.communicate(timeout=240)[0]
    assert first.returncode == 0, said
    assert "far cannot be reached for now" in said and "far answers again" in said
    require_all_steps(run, 2500)
    check_result(user.home)


@contextlib.contextmanager
def small_disk(folder, kilobytes):
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("skipped: no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(file):
    """As far as it goes."""
    with contextlib.suppress(OSError), open(file, "wb", buffering=0) as out:
        while out.write(bytes(4096)):
            pass


def test_a_full_disk_takes_no_job(user):  # noqa: F811
    rows(user.home)
    with small_disk(user.home / "small", 64) as disk:
        user.add("lab", "--ray", user.dashboard, "--storage", disk, "--storage-here", disk)
        done = user.run("train", *FLAGS, "--steps", "2", "--on", "lab", "--out", "there")
        assert done.returncode == 2
        assert "no space left on device; make room or choose another storage folder." in done.stderr.splitlines()[-1].lower()
        assert not list((disk / "jobs").glob("*"))


@pytest.mark.parametrize("place", ["lab", "queue"])
def test_a_disk_that_fills_up_ends_the_run_which_goes_on_when_there_is_room(request, user, place):  # noqa: F811
    rows(user.home)
    with small_disk(user.home / "small", 4096) as disk:
        if place == "lab":
            user.add("lab", "--ray", user.dashboard, "--storage", disk, "--storage-here", disk)
        else:
            user.add("queue", "--slurm", "--storage", disk, "--python", sys.executable, "--time", "10", *user.ssh)
            assert user.run("remote", "check", "queue", "--trust", user.fingerprint).returncode == 0
        first = start(user, "train", *FLAGS, *SOME, "--on", place, "--out", "there")
        run = user.home / "there"
        until("it is on its way", lambda: count(run) > 200)
        fill(disk / "filler")
        said = first.communicate(timeout=240)[0]
        assert first.returncode == 2, said
        # an SSH server gives no reason
        assert "No space left on device" in said or "as SSH servers say of a full disk or a quota; make room" in said, said
        assert "Traceback" not in said
        assert losses(run)[-1][0] < 900
        (disk / "filler").unlink()
        again = user.run("train", "--resume", "there")
        assert again.returncode == 0, again.stdout + again.stderr
        require_all_steps(run, 900)
        check_result(user.home)


def test_two_follow_the_same_job(lab):  # noqa: F811
    first = start(lab, "train", *FLAGS, *SOME, "--on", "lab", "--out", "there")
    run = lab.home / "there"
    until("lines come", lambda: count(run) > 20)
    shutil.copytree(run, lab.home / "copy")
    other = start(lab, "train", "--resume", "copy")
    same = start(lab, "train", "--resume", "there")
    for one in (first, other, same):
        said = one.communicate(timeout=240)[0]
        assert one.returncode == 0, said
    for folder in (run, lab.home / "copy"):
        require_all_steps(folder, 900)
        assert json.loads((folder / "run.json").read_text())["state"] == "finished"
    check_result(lab.home)


def test_an_old_version_is_named(user):  # noqa: F811
    old = user.home / "old"
    (old / "peft").mkdir(parents=True)
    (old / "peft/__init__.py").write_text("__version__ = '0.5.0'\n")
    (old / "peft-0.5.0.dist-info").mkdir()
    (old / "peft-0.5.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: peft\nVersion: 0.5.0\n")
    python = user.home / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={old} exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    user.add("queue", "--slurm", "--storage", user.home / "jobs", "--python", python, *user.ssh)
    done = user.run("remote", "check", "queue", "--trust", user.fingerprint)
    assert done.returncode == 2
    assert "wrong  peft               0.5.0" in done.stdout
    assert 'Version 0.15 or later is needed.' in " ".join(done.stdout.split())
    assert '-m pip install "peft>=0.15".' in " ".join(done.stdout.split())


def test_an_older_jobs_api_is_refused(user):  # noqa: F811
    class Old(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"version": "2", "ray_version": "1.13.0", "ray_commit": "", "session_name": ""}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Old)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        rows(user.home)
        user.add("old", "--ray", f"http://127.0.0.1:{server.server_port}", "--storage", user.home, "--storage-here", user.home)
        for command in (["remote", "check", "old"], ["train", *FLAGS, "--steps", "2", "--on", "old", "--out", "there"]):
            done = user.run(*command)
            assert done.returncode == 2
            assert "1.13.0" in done.stdout + done.stderr and "Jobs API" in done.stdout + done.stderr
        assert not pathlib.Path(user.home / "there/run.json").exists()
    finally:
        server.shutdown()

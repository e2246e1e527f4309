"""Starts and stops two nodes of Ray for cluster.sh, and finds free ports.

    services.py ports N | start FOLDER | stop FOLDER
"""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import psutil


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start(folder):
    """A head and a second node on this computer; each keeps its processes below one that is remembered."""
    port, dashboard, *agents = free_ports(4)
    head(folder, port, dashboard, agents[0])
    # with a folder of its own, as on another computer: two that unpack one program into the same folder take it from each other
    own = f"--temp-dir={folder}/ray2"
    run(folder, 1, [f"--address=127.0.0.1:{port}", f"--dashboard-agent-listen-port={agents[1]}", own])
    nodes(dashboard, 2)


def head(folder, port, dashboard, agent):
    """A head alone."""
    served = ["--dashboard-host=127.0.0.1", f"--dashboard-port={dashboard}", f"--dashboard-agent-listen-port={agent}"]
    run(folder, 0, ["--head", f"--port={port}", f"--temp-dir={folder}/ray", *served])
    wait(dashboard, folder)
    pathlib.Path(folder, "dashboard").write_text(f"http://127.0.0.1:{dashboard}")


def run(folder, number, arguments):
    ray = pathlib.Path(sys.executable).with_name("ray")
    plain = ["--disable-usage-stats", "--num-cpus=2", "--block"]
    # of short jobs, half of the usual two seconds would be waited for nothing
    eager = {**os.environ, "RAY_TRAIN_HEALTH_CHECK_INTERVAL_S": "0.5"}
    with open(f"{folder}/ray-{number}.log", "w", encoding="utf-8") as log:
        started = subprocess.Popen(
            [ray, "start", *arguments, *plain], env=eager, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    with open(pathlib.Path(folder, "ray.pids"), "a", encoding="utf-8") as pids:
        pids.write(f"{started.pid}\n")


def wait(port, folder):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    sys.exit("Ray did not start: " + pathlib.Path(folder, "ray-0.log").read_text()[-2000:])


def nodes(dashboard, wanted):
    import json
    import urllib.request

    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{dashboard}/api/v0/nodes?detail=1") as reply:
                found = json.load(reply)["data"]["result"]["result"]
        except OSError:  # its port is open before it answers
            found = []
        if sum(node["state"] == "ALIVE" for node in found) == wanted:
            return
        time.sleep(0.5)
    sys.exit("Ray's second node did not come.")


def stop(folder):
    pids = pathlib.Path(folder, "ray.pids")
    if not pids.exists():
        return
    for pid in reversed(pids.read_text().split()):
        try:
            parent = psutil.Process(int(pid))
        except psutil.NoSuchProcess:
            continue
        family = [*parent.children(recursive=True), parent]
        for one in family:
            try:
                one.send_signal(signal.SIGTERM)
            except psutil.NoSuchProcess:
                pass
        _, left = psutil.wait_procs(family, timeout=10)
        for one in left:
            one.kill()


if __name__ == "__main__":
    if sys.argv[1] == "ports":
        print(*free_ports(int(sys.argv[2])), sep="\n")
    elif sys.argv[1] == "start":
        start(sys.argv[2])
    else:
        stop(sys.argv[2])

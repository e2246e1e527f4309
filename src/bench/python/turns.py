"""Processes of both sides that compute in turn: each does one piece of work for each line of its input and prints its time."""

import os
import statistics
import subprocess


def environment():
    """Returns the variables of both sides: the same threads, which sleep when they wait, and no network."""
    return dict(
        os.environ,
        OMP_WAIT_POLICY="passive",
        GOMP_SPINCOUNT="10000",
        HF_HUB_OFFLINE="1",
        LAYERWISE_THREADS=str(os.cpu_count()),
    )


def measured(commands, rounds, warm_up):
    """Returns the median of each side in milliseconds, and what each prints after the end of its input."""
    sides = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment())
        for command in commands
    ]
    times = [[] for _ in sides]
    for _ in range(rounds + warm_up):
        for side, own in zip(sides, times, strict=True):
            side.stdin.write("\n")
            side.stdin.flush()
            own.append(float(side.stdout.readline()))
    rests = []
    for side in sides:
        side.stdin.close()
        rests.append(side.stdout.read())
        side.wait()
    return [statistics.median(own[warm_up:]) for own in times], rests

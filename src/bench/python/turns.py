"""Processes of both sides that compute in turn: each does one piece of work for each line of its input and prints its time."""

import os
import statistics
import subprocess
from pathlib import Path


def environment():
    """Returns the variables of both sides: the same threads, which sleep when they wait, and no network."""
    return dict(
        os.environ,
        OMP_WAIT_POLICY="passive",
        GOMP_SPINCOUNT="10000",
        HF_HUB_OFFLINE="1",
        LAYERWISE_THREADS=str(os.cpu_count()),
    )


class Ended(Exception):
    """A side ended before its work was done; its own messages are on the terminal."""


def measured(commands, rounds, warm_up):
    """Returns the median of each side in milliseconds, and what each prints after the end of its input."""
    sides = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment())
        for command in commands
    ]
    times = [[] for _ in sides]
    try:
        for _ in range(rounds + warm_up):
            for command, side, own in zip(commands, sides, times, strict=True):
                own.append(turn(command, side))
    finally:
        rests = [side.communicate()[0] for side in sides]
    return [statistics.median(own[warm_up:]) for own in times], rests


def turn(command, side):
    """Lets one side do one piece of work and returns its milliseconds."""
    try:
        side.stdin.write("\n")
        side.stdin.flush()
        return float(side.stdout.readline())
    except (BrokenPipeError, ValueError) as e:
        raise Ended(f"{Path(command[0]).name} ended before its work was done") from e

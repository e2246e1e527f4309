"""
Processes of both sides that compute in turn. Either each does one piece of work for each line of its input and prints its time, or
each is one piece of work, from its start to its end.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

JAVA = "java"
RUN = str(Path(__file__).resolve().parents[2] / "scripts" / "run.sh")


def environment(command=()):
    """
    Returns the variables of a side: the same threads for both, which sleep when they wait, and no network. Classes of the benchmarks
    get what NativeLibraries sets for the program itself; PyTorch runs as it is installed.
    """
    own = {"THP_MEM_ALLOC_ENABLE": "1"} if command and command[0] == JAVA else {}
    return own | dict(
        os.environ,
        OMP_WAIT_POLICY="passive",
        GOMP_SPINCOUNT="10000",
        HF_HUB_OFFLINE="1",
        LAYERWISE_THREADS=str(os.cpu_count()),
    )


def java(classpath, name, flags=()):
    """Returns the start of a command that runs a class of the benchmarks."""
    return [JAVA, "-Dai.djl.offline=true", *flags, "-cp", classpath, f"org.layerwise.bench.{name}"]


def sample_model(classpath, folder):
    """Puts the sample model into a folder and returns its own."""
    command = [*java(classpath, "ExtractionTime"), folder]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")[-2]


def build():
    """Has run.sh build the program, so that it starts at once afterwards."""
    subprocess.run([RUN, "--version"], check=True, stdout=subprocess.DEVNULL)


class Whole(NamedTuple):
    """A process from its start to its end: seconds of wall and of processor time, and its largest resident memory in MiB."""

    wall: float
    processor: float
    peak: float


def whole(command):
    """Runs a process; its messages are shown only if it fails."""
    with tempfile.TemporaryFile("w+") as messages:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=messages, env=environment())
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            messages.seek(0)
            sys.exit(f"{messages.read()}{command[0]} ended with {process.returncode}; its messages are above.")
    return Whole(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def print_wholes(measured):
    """Prints the medians of two sides, ours first, without their first processes, which read the files from the disk, and ratios."""
    (our_name, our_wholes), (their_name, their_wholes) = measured.items()
    for at, (what, unit) in enumerate([("wall", "s"), ("processor", "s"), ("peak", "MiB")]):
        our, their = (statistics.median(side[at] for side in wholes[1:]) for wholes in (our_wholes, their_wholes))
        places = 2 if unit == "s" else 0
        print(
            f"{what:10} {our_name} {our:7.{places}f} {unit}   {their_name} {their:7.{places}f} {unit}   "
            f"{our_name} / {their_name} {our / their:.2f}"
        )


class Ended(Exception):
    """A side ended before its work was done; its own messages are on the terminal."""


def measured(commands, rounds, warm_up):
    """Returns the median of each side in milliseconds, and what each prints after the end of its input."""
    sides = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(command))
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

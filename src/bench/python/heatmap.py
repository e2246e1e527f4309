"""Whole processes from start to heatmap, ours (run.sh analyze) and PyTorch's in turn: wall and processor time, medians and ratios.

Arguments: RUN.SH MODEL FILE COLUMN SAMPLES ROUNDS, as src/scripts/compare-pytorch.sh gives them. With --theirs MODEL FILE COLUMN
SAMPLES it is the side of PyTorch: batches of 16 sorted by length, linear CKA of all pairs, printed as a table instead of drawn.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import turns


def theirs(folder, file, column, samples):
    from representations import by_length, cka, read_ids, represent
    from transformers import AutoModel

    ids = read_ids(folder, file, column, samples)
    model = AutoModel.from_pretrained(folder, attn_implementation="sdpa", add_pooling_layer=False).eval()
    for row in cka(represent(model, ids, by_length(ids, 16))).tolist():
        print(",".join(f"{value:.6f}" for value in row))


def timed(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=turns.environment())
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{done.stderr}{command[0]} ended with {done.returncode}; its messages are above.")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(run, model, file, column, samples, rounds):
    times = {"ours": [], "PyTorch": []}
    for _ in range(int(rounds) + 1):
        with tempfile.TemporaryDirectory() as out:
            data = ["--data", file, "--text", column, "--samples", samples]
            times["ours"].append(timed([run, "analyze", "--model", model, *data, "--out", os.path.join(out, "analysis")]))
        times["PyTorch"].append(timed([sys.executable, os.path.abspath(__file__), "--theirs", model, file, column, samples]))
    for at, what in enumerate(["wall", "processor"]):
        ours, pytorch = (statistics.median(side[at] for side in times[name][1:]) for name in ["ours", "PyTorch"])
        print(f"{what:10} ours {ours:5.2f} s   PyTorch {pytorch:5.2f} s   ours / PyTorch {ours / pytorch:.2f}")


if sys.argv[1] == "--theirs":
    theirs(*sys.argv[2:])
else:
    compare(*sys.argv[1:])

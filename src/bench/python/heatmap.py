"""Whole processes from start to heatmap, ours (run.sh analyze) and PyTorch's in turn: times and peaks of memory, medians and ratios.

Arguments: CLASSPATH FOLDER FILE COLUMN SAMPLES ROUNDS, as src/scripts/compare-pytorch.sh gives them. With --theirs MODEL FILE COLUMN
SAMPLES it is the side of PyTorch: batches of 16 sorted by length, linear CKA of all pairs, printed as a table instead of drawn.
"""

import os
import sys
import tempfile

import turns


def theirs(folder, file, column, samples):
    from representations import by_length, cka, read_ids, represent
    from transformers import AutoModel

    ids = read_ids(folder, file, column, samples)
    model = AutoModel.from_pretrained(folder, attn_implementation="sdpa", add_pooling_layer=False).eval()
    for row in cka(represent(model, ids, by_length(ids, 16))).tolist():
        print(",".join(f"{value:.6f}" for value in row))


def compare(classpath, work, file, column, samples, rounds):
    turns.build()
    model = turns.sample_model(classpath, work)
    measured = {"ours": [], "PyTorch": []}
    for _ in range(int(rounds) + 1):
        with tempfile.TemporaryDirectory() as out:
            data = ["--data", file, "--text", column, "--samples", samples]
            command = [turns.RUN, "analyze", "--model", model, *data, "--out", os.path.join(out, "analysis")]
            measured["ours"].append(turns.whole(command))
        command = [sys.executable, os.path.abspath(__file__), "--theirs", model, file, column, samples]
        measured["PyTorch"].append(turns.whole(command))
    turns.print_wholes(measured)


if sys.argv[1] == "--theirs":
    theirs(*sys.argv[2:])
else:
    compare(*sys.argv[1:])

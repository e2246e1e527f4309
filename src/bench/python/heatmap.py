"""Whole processes from start to heatmap, ours (run.sh analyze) and PyTorch's in turn: wall and processor time, medians and ratios.

Arguments: RUN.SH MODEL FILE COLUMN SAMPLES ROUNDS, as src/scripts/compare-pytorch.sh gives them. With --theirs MODEL FILE COLUMN
SAMPLES it is the side of PyTorch: batches of 16 sorted by length, linear CKA of all pairs, printed as a table instead of drawn.
"""

import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import turns


def theirs(folder, file, column, samples):
    import torch
    from transformers import AutoModel, PreTrainedTokenizerFast

    with open(file, encoding="utf-8", newline="") as lines:
        if file.endswith(".jsonl"):
            rows = (json.loads(line) for line in lines)
        else:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        texts = [row[column] for row, _ in zip(rows, range(int(samples)))]
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{folder}/tokenizer.json")
    tokenizer.backend_tokenizer.no_padding()
    ids = [
        encoded[:511] + encoded[-1:] if len(encoded) > 512 else encoded
        for encoded in tokenizer(texts, padding=False, truncation=False)["input_ids"]
    ]
    model = AutoModel.from_pretrained(folder, attn_implementation="sdpa", add_pooling_layer=False).eval()
    order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
    states = None
    with torch.inference_mode():
        for start in range(0, len(ids), 16):
            batch = order[start : start + 16]
            tokens = torch.zeros(len(batch), len(ids[batch[0]]), dtype=torch.long)
            mask = torch.zeros_like(tokens)
            for at, row in enumerate(batch):
                tokens[at, : len(ids[row])] = torch.tensor(ids[row])
                mask[at, : len(ids[row])] = 1
            hidden = model(input_ids=tokens, attention_mask=mask, output_hidden_states=True).hidden_states
            if states is None:
                states = torch.empty(len(hidden), len(ids), hidden[0].shape[-1])
            states[:, batch] = torch.stack([state[:, 0] for state in hidden])
    grams = []
    for state in states:
        centred = state.double() - state.double().mean(0)
        grams.append((centred @ centred.T).flatten())
    grams = torch.stack(grams)
    products = grams @ grams.T
    norms = products.diagonal().sqrt()
    for row in (products / norms.outer(norms)).tolist():
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

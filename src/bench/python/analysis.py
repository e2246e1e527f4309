"""Runs our analysis and PyTorch's in turn, each in a process of its own, and prints the shortest times and their ratios.

Arguments: CLASSPATH FOLDER FILE COLUMN SAMPLES ROUNDS WANTED, as src/scripts/compare-pytorch.sh gives them; of PyTorch's ways to
make batches those whose names contain WANTED are measured.
"""

import os
import subprocess
import sys

import turns

classpath, folder, *data, rounds, wanted = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
ours = turns.java(classpath, "ExtractionTime")
theirs = [sys.executable, os.path.join(here, "extraction_time.py")]


def run(command):
    output = subprocess.run(command, check=True, capture_output=True, text=True, env=turns.environment(command)).stdout
    times, values = {}, []
    for line in output.splitlines():
        name, _, last = line.rpartition(" ")
        if line.startswith("cka "):
            values = [float(value) for value in line.split()[1:]]
        elif name:
            times[name] = float(last)
    return times, values


model = turns.sample_model(classpath, folder)
shortest, ratios, largest = {}, {}, 0.0
for _ in range(int(rounds)):
    mine, my_values = run(ours + [folder, *data, "5"])
    pytorch, their_values = run(theirs + [model, *data, "3", wanted])
    for name, milliseconds in {**mine, **pytorch}.items():
        shortest[name] = min(shortest.get(name, float("inf")), milliseconds)
    largest = max([largest] + [abs(x - y) for x, y in zip(my_values, their_values, strict=True)])
for name, milliseconds in shortest.items():
    print(f"{name:24} {milliseconds:9.1f} ms   PyTorch / ours {milliseconds / shortest['ours']:.2f}")
print(f"largest difference of a CKA value: {largest:.1e}")

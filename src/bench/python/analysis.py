"""Runs our analysis and PyTorch's in turn, each in a process of its own, and prints the shortest times and their ratios.

Arguments: CLASSPATH FOLDER FILE COLUMN SAMPLES ROUNDS, as src/scripts/compare-pytorch.sh gives them.
"""

import os
import subprocess
import sys

import turns

classpath, folder, *data, rounds = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
ours = ["java", "-Dai.djl.offline=true", "-cp", classpath, "org.layerwise.bench.ExtractionTime"]
theirs = [sys.executable, os.path.join(here, "extraction_time.py")]


def run(command):
    output = subprocess.run(command, check=True, capture_output=True, text=True, env=turns.environment()).stdout
    times, values = {}, []
    for line in output.splitlines():
        name, _, last = line.rpartition(" ")
        if line.startswith("cka "):
            values = [float(value) for value in line.split()[1:]]
        elif name:
            times[name] = float(last)
    return times, values


model = subprocess.run(ours + [folder], check=True, capture_output=True, text=True).stdout.split("\n")[-2]
shortest, ratios, largest = {}, {}, 0.0
for _ in range(int(rounds)):
    mine, my_values = run(ours + [folder, *data, "5"])
    pytorch, their_values = run(theirs + [model, *data, "3"])
    for name, milliseconds in {**mine, **pytorch}.items():
        shortest[name] = min(shortest.get(name, float("inf")), milliseconds)
    largest = max([largest] + [abs(x - y) for x, y in zip(my_values, their_values, strict=True)])
for name, milliseconds in shortest.items():
    print(f"{name:24} {milliseconds:9.1f} ms   PyTorch / ours {milliseconds / shortest['ours']:.2f}")
print(f"largest difference of a CKA value: {largest:.1e}")

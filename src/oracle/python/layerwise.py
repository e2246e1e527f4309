"""Drives Layerwise from outside: its command line, and the logits of its models."""

import json
import os
import subprocess
from pathlib import Path

from safetensors.torch import load_file, save_file

from report import Refused


class Layerwise:
    def __init__(self, root, work, classes):
        """classes: class path of a build with the class Logits; work: folder for everything that is written."""
        self.root, self.work, self.classes = Path(root), Path(work), classes
        self.runs = 0
        self.server = None
        self.env = dict(
            os.environ,
            XDG_STATE_HOME=str(self.work / "state"),
            XDG_CONFIG_HOME=str(self.work / "config"),
            OMP_WAIT_POLICY="passive",
            GOMP_SPINCOUNT="10000",
            HF_HUB_OFFLINE="1",
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.server is not None:
            self.server.stdin.close()
            self.server.wait()

    def _run(self, command):
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, env=self.env, cwd=self.work, check=False
        )
        if done.returncode:
            raise Refused(f"layerwise ended with {done.returncode}: {done.stderr.strip()[-600:]}")
        return done.stdout

    def fresh(self, name):
        """A path in the work folder that is not there yet."""
        self.runs += 1
        return self.work / f"{self.runs:03}-{name}"

    def run(self, command, **flags):
        """One command; flags as keywords, with underscores for dashes, a list for one that is given several times."""
        line = [self.root / "src/scripts/run.sh", command]
        for flag, value in flags.items():
            name = "--" + flag.replace("_", "-")
            for one in value if isinstance(value, list) else [value]:
                line.append(name if one is True else f"{name}={one}")
        return self._run(line)

    def logits(self, model, adapter, inputs):
        """The logits of a model, with an adapter or None, for a dict of tensors."""
        source, target = self.fresh("inputs.safetensors"), self.fresh("logits.safetensors")
        save_file({name: value.contiguous() for name, value in inputs.items()}, source)
        if self.server is None or self.server.poll() is not None:
            command = ["java", "-cp", self.classes, "org.layerwise.oracle.Logits"]
            self.server = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.env, cwd=self.work
            )
        print(model, adapter or "none", source, target, sep="\t", file=self.server.stdin, flush=True)
        answer = self.server.stdout.readline().strip()
        if answer != "ok":
            raise Refused(answer) if answer else AssertionError("the program that gives logits ended")
        return load_file(target)["logits"]

    def predictions(self, model, adapter, data):
        """The logits of evaluate, one row of data after the other; of one output as single numbers."""
        out = self.fresh("predictions.jsonl")
        flags = {"adapter": adapter} if adapter else {}
        self.run("evaluate", model=model, data=data, predictions=out, device="cpu", **flags)
        return [json.loads(line)["logits"] for line in out.read_text().splitlines()]

    def train(self, model, data, **flags):
        """Trains, and gives the run's folder."""
        out = self.fresh("run")
        self.run("train", model=model, data=data, out=out, device="cpu", **flags)
        return out

    def metrics(self, run, key="loss"):
        """A run's lines of metrics.jsonl that have a key; those of steps without one."""
        lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
        return [line for line in lines if key in line]

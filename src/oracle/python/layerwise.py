"""Drives Layerwise from outside: its command line, and the logits of its models."""

import json
import os
import subprocess
from pathlib import Path

from safetensors.torch import load_file, save_file


class Layerwise:
    def __init__(self, root, work, classes):
        """classes: class path of a build with the class Logits; work: folder for everything that is written."""
        self.root, self.work, self.classes = Path(root), Path(work), classes
        self.runs = 0
        self.env = dict(
            os.environ,
            XDG_STATE_HOME=str(self.work / "state"),
            XDG_CONFIG_HOME=str(self.work / "config"),
            OMP_WAIT_POLICY="passive",
            HF_HUB_OFFLINE="1",
        )

    def _run(self, command):
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, env=self.env, cwd=self.work, check=False
        )
        if done.returncode:
            raise AssertionError(f"layerwise ended with {done.returncode}: {done.stderr.strip()[-600:]}")
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
        self._run(
            ["java", "-cp", self.classes, "org.layerwise.oracle.Logits", model, adapter or "none", source, target]
        )
        return load_file(target)["logits"]

    def predictions(self, model, adapter, data):
        """The logits of evaluate, one row of data after the other."""
        out = self.fresh("predictions.jsonl")
        flags = {"adapter": adapter} if adapter else {}
        self.run("evaluate", model=model, data=data, predictions=out, device="cpu", **flags)
        return [json.loads(line)["logits"] for line in out.read_text().splitlines()]

    def train(self, model, data, **flags):
        """Trains, and gives the run's folder."""
        out = self.fresh("run")
        self.run("train", model=model, data=data, out=out, device="cpu", **flags)
        return out

    def losses(self, run):
        """The loss of every step of a run."""
        lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
        return [line["loss"] for line in lines if "loss" in line]

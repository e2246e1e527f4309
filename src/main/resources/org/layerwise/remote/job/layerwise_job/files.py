"""Files of a run in Layerwise's own layout, each whole or not there."""

import contextlib
import hashlib
import json
import os
import shutil


def write_text(path, text):
    beside = path + ".part"
    with open(beside, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, path)


def versions():
    """What a result was computed with, for whoever wants to repeat it."""
    import platform

    import peft
    import torch
    import transformers

    cards = {"device": torch.cuda.get_device_name()} if torch.cuda.is_available() else {"device": "cpu"}
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "peft": peft.__version__,
        "os": "%s %s" % (platform.system(), platform.machine()),
        "threads": str(torch.get_num_threads()),
        "instruction-set": torch.backends.cpu.get_cpu_capability(),
        **cards,
    }


def write_json(path, value):
    write_text(path, json.dumps(value, indent=2) + "\n")


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write_folder(path, fill):
    """Makes a folder that appears when fill(beside) has filled it; one that is there is replaced."""
    beside = path + ".part"
    shutil.rmtree(beside, ignore_errors=True)
    os.makedirs(beside)
    fill(beside)
    shutil.rmtree(path, ignore_errors=True)
    os.replace(beside, path)


def write_keeping(path, before, fill):
    """Writes a file of which at every moment, also after a power cut, a whole one is there: at its path, or the earlier one at before,
    where it stays. fill(out) gets the open file."""
    beside = path + ".part"
    with open(beside, "wb") as out:
        fill(out)
        out.flush()
        os.fsync(out.fileno())
    if os.path.exists(path):
        os.replace(path, before)
    os.replace(beside, path)
    sync_folder(os.path.dirname(path))


def sync_folder(folder):
    """Makes the names in a folder survive a power cut, where its file system can."""
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_DIRECTORY)
        try:
            with contextlib.suppress(OSError):  # some network file systems cannot
                os.fsync(opened)
        finally:
            os.close(opened)


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def manifest(folder):
    """SHA-256 and size of every file below a folder, by its path there: results.json, by which whoever fetches them checks."""
    files = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            short = os.path.relpath(path, folder).replace(os.sep, "/")
            if short != "results.json" and not short.endswith(".part"):
                files[short] = {"sha256": sha256(path), "bytes": os.path.getsize(path)}
    write_json(os.path.join(folder, "results.json"), {"version": 1, "files": files})


class MetricsLog:
    """metrics.jsonl: a line a step and a line an evaluation."""

    def __init__(self, path, keep=0):
        self.file = open(path, "r+b" if os.path.exists(path) else "w+b")
        self.file.truncate(keep)
        self.file.seek(keep)

    def write(self, values):
        self.file.write((json.dumps(values) + "\n").encode("utf-8"))
        self.file.flush()

    def position(self):
        os.fsync(self.file.fileno())
        return self.file.tell()

    def close(self):
        self.file.close()

"""One line a check: name, largest difference, and ok, FAILED or skipped with the reason."""

import contextlib
import traceback

import torch


class Skipped(Exception):
    """A check that cannot be made here, with the reason."""


class Report:
    def __init__(self, wanted):
        """wanted: only checks whose names contain this are made."""
        self.wanted = wanted
        self.counts = {"ok": 0, "FAILED": 0, "skipped": 0}

    def line(self, name, measured, verdict, reason=""):
        self.counts[verdict] += 1
        print(f"{name:58} {measured:>12}  {verdict}{': ' + reason if reason else ''}", flush=True)

    @contextlib.contextmanager
    def _caught(self, name):
        try:
            yield
        except Skipped as reason:
            self.line(name, "", "skipped", str(reason))
        except Exception as error:  # whatever goes wrong in one check, the others are made
            said = str(error).strip() or traceback.format_exc()
            self.line(name, "", "FAILED", " | ".join(said.splitlines()))

    def check(self, name, made, limit=1e-4):
        """Makes one check: made() gives pairs of what ought to be equal; none may differ by more than the limit."""
        if self.wanted not in name:
            return
        with self._caught(name):
            largest = max(difference(ours, theirs) for ours, theirs in made())
            self.line(name, f"{largest:.1e}", "ok" if largest <= limit else "FAILED")

    def told(self, name, made):
        """A measurement that cannot fail: made() gives what is printed."""
        if self.wanted not in name:
            return
        with self._caught(name):
            self.line(name, made(), "ok")


def difference(ours, theirs):
    """The largest absolute one; infinite where something is not a number."""
    ours, theirs = (torch.as_tensor(values, dtype=torch.float64) for values in (ours, theirs))
    if ours.shape != theirs.shape:
        raise AssertionError(f"shapes differ: ours {tuple(ours.shape)}, theirs {tuple(theirs.shape)}")
    if ours.numel() == 0:
        raise AssertionError("nothing was compared")
    value = (ours - theirs).abs().max().item()
    return value if value == value else float("inf")

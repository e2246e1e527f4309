"""One line a check: name, largest difference, and ok, FAILED or skipped with the reason."""

import contextlib
import traceback

import torch

LIMIT = 1e-4


class Skipped(Exception):
    """A check that cannot be made here, with the reason."""


class Refused(AssertionError):
    """Layerwise ended with a sentence."""


class Report:
    def __init__(self, wanted):
        """wanted: only checks whose names contain this are made."""
        self.wanted = wanted
        self.counts = {"ok": 0, "FAILED": 0, "skipped": 0}

    def line(self, verdict, name, figure):
        self.counts[verdict] += 1
        print(f"{verdict}: {name}: {figure}", flush=True)

    @contextlib.contextmanager
    def _caught(self, name):
        try:
            yield
        except Skipped as reason:
            self.line("skipped", name, reason)
        except Exception as error:  # whatever goes wrong in one check, the others are made
            said = str(error).strip().splitlines()
            if not isinstance(error, AssertionError):
                at = traceback.extract_tb(error.__traceback__)[-1]
                said = [f"{type(error).__name__} in {at.filename}:{at.lineno}", *said]
            self.line("FAILED", name, " | ".join(said))

    def check(self, name, made, limit=LIMIT):
        """
        Makes one check: made() gives pairs of what ought to be equal; none may differ by more than the limit. What made()
        returns at the end, if anything, is printed behind the largest difference.
        """
        if self.wanted not in name:
            return
        with self._caught(name):
            largest, note = _largest(made())
            figure = f"{largest:.1e}" + (f" ({note})" if note else "")
            self.line("ok" if largest <= limit else "FAILED", name, figure)

    def refused(self, name, word, made):
        """What made() does must be refused by Layerwise, in a sentence with a word."""
        if self.wanted not in name:
            return
        with self._caught(name):
            try:
                made()
            except Refused as error:
                self.line("ok" if word in str(error) else "FAILED", name, f"refused: {error}")
            else:
                raise AssertionError("it was not refused")

    def told(self, name, made):
        """A measurement that cannot fail: made() gives what is printed."""
        if self.wanted not in name:
            return
        with self._caught(name):
            self.line("ok", name, made())


def _largest(pairs):
    largest = []
    while True:
        try:
            ours, theirs = next(pairs)
        except StopIteration as end:
            if not largest:
                raise AssertionError("nothing was compared") from end
            return max(largest), end.value
        largest.append(difference(ours, theirs))


def same(what, ours, theirs):
    """Makes sure that two things that are no numbers are equal."""
    if ours != theirs:
        raise AssertionError(f"{what}: ours {ours}, theirs {theirs}")


def difference(ours, theirs):
    """The largest absolute one; infinite where something is not a number."""
    ours, theirs = (torch.as_tensor(values, dtype=torch.float64) for values in (ours, theirs))
    if ours.shape != theirs.shape:
        raise AssertionError(f"shapes differ: ours {tuple(ours.shape)}, theirs {tuple(theirs.shape)}")
    if ours.numel() == 0:
        raise AssertionError("nothing was compared")
    value = (ours - theirs).abs().max().item()
    return value if value == value else float("inf")

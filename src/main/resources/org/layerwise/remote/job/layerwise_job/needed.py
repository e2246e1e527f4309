"""The oldest versions of packages by which a job has Layerwise's numbers: needed.json, which layerwise remote check reads, too.

transformers before 4.49 lets the classifiers of decoders read the token before the first padding token, also where that token is in
the middle of a row, and not the last one of the row. PEFT before 0.15 finds fewer modules by the patterns of ranks and alphas.
"""

import importlib
import json
import os
import re
import sys

LEAST = "needed.json"
# what this program calls
USED = ("torch", "transformers", "safetensors", "numpy")
ADAPTERS = ("peft",)


def numbers(version):
    """The numbers of a version without its local part."""
    return [int(number) for number in re.findall(r"\d+", version.split("+")[0])]


def require(adapter=True):
    """Refuses packages that are missing or too old. PEFT is needed for a job with an adapter only."""
    with open(os.path.join(os.path.dirname(__file__), LEAST), encoding="utf-8") as file:
        needed = json.load(file)
    for name in USED + (ADAPTERS if adapter else ()):
        least = needed[name]
        try:
            found = importlib.import_module(name).__version__
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            raise ImportError(
                '%s is not there, which Layerwise needs for this job; install it: %s -m pip install "%s>=%s".'
                % (name, sys.executable, name, least)
            ) from error
        if numbers(found) < numbers(least):
            raise ImportError(
                '%s %s is too old for the numbers of Layerwise, which needs %s or later; install it: %s -m pip install "%s>=%s".'
                % (name, found, least, sys.executable, name, least)
            )

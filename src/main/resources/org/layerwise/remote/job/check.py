"""Tells what there is for a job of Layerwise: one line of JSON on standard output, after the word LAYERWISE.

    python check.py [FOLDER]

With FOLDER, the folder of jobs: reads FOLDER/question and writes its text to FOLDER/answer, which shows that whoever wrote the
question and whoever runs this see the same folder.
"""

import importlib
import importlib.metadata
import json
import os
import platform
import sys

PACKAGES = ("torch", "transformers", "peft", "safetensors", "yaml", "numpy", "ray")


def version(name):
    """The version of a package, None if it is not there, or why it cannot be used."""
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        # the package itself, or something that it needs
        return None if error.name == name else "needs %s, which is not there" % error.name
    except Exception as error:  # a broken package may raise anything, and all of it is worth telling
        return "cannot be imported: %s" % str(error).split("\n")[0]
    found = getattr(module, "__version__", None)
    if found is None:
        found = importlib.metadata.version({"yaml": "PyYAML"}.get(name, name))
    return str(found)


def gpus():
    import torch

    found = []
    for index in range(torch.cuda.device_count()):
        properties = torch.cuda.get_device_properties(index)
        found.append({"name": properties.name, "bytes": properties.total_memory})
    return found


def answer(folder):
    with open(os.path.join(folder, "question"), encoding="utf-8") as question:
        text = question.read()
    beside = os.path.join(folder, ".answer.part")
    with open(beside, "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(beside, os.path.join(folder, "answer"))


def main():
    facts = {"python": platform.python_version(), "executable": sys.executable, "host": platform.node()}
    facts["packages"] = {name: version(name) for name in PACKAGES}
    torch = facts["packages"]["torch"]
    facts["gpus"] = gpus() if torch and torch[0].isdigit() else []
    if len(sys.argv) > 1:
        try:
            answer(sys.argv[1])
            facts["storage"] = None
        except OSError as error:
            facts["storage"] = "%s: %s" % (error.filename, error.strerror)
    print("LAYERWISE " + json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()

"""Judges Layerwise by HuggingFace's PEFT and transformers: oracle.py ROOT CLASSPATH [PART OF A NAME].

src/scripts/test.sh --oracle starts it. ROOT is the project, CLASSPATH has a build of it with the classes of src/oracle/java.
"""

import shutil
import sys
import tempfile
import warnings

import torch
import transformers

import events
import exports
import generation
import ours
import speed
import theirs
import training
from layerwise import Layerwise
from report import Report

PARTS = [theirs, ours, training, generation, events, exports, speed]


def main(root, classes, wanted=""):
    warnings.filterwarnings("ignore")
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(2)
    report = Report(wanted)
    work = tempfile.mkdtemp(prefix="layerwise-oracle-")
    with Layerwise(root, work, classes) as layerwise:
        for part in PARTS:
            part.checks(report, layerwise)
    if report.counts["FAILED"]:
        print(f"All files, and Layerwise's log, are in {work}.")
    else:
        shutil.rmtree(work)
    print(", ".join(f"{count} {verdict}" for verdict, count in report.counts.items()))
    return 1 if report.counts["FAILED"] or not report.counts["ok"] else 0


sys.exit(main(*sys.argv[1:]))

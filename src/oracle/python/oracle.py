"""Judges Layerwise by HuggingFace's PEFT and transformers: oracle.py ROOT CLASSPATH [PART OF A NAME].

src/scripts/test.sh --oracle starts it. ROOT is the project, CLASSPATH has a build of it with the classes of src/oracle/java.
"""

import shutil
import sys
import tempfile
import warnings

import peft
import torch
import transformers

import budgets
import checkpoints
import configurations
import events
import exports
import generation
import measures
import ours
import speed
import starts
import theirs
import training
from layerwise import Layerwise
from report import Report
from tiny import VERSION

PARTS = [theirs, ours, exports, training, generation, configurations, checkpoints, measures, starts, budgets]
if VERSION >= 5:
    import packing

    PARTS.append(packing)
# what does not depend on the version that judges
ONCE = [events, speed]


def main(root, classes, wanted=""):
    warnings.filterwarnings("ignore")
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    torch.set_num_threads(2)
    print(f"Judged by transformers {transformers.__version__} and PEFT {peft.__version__}.")
    report = Report(wanted)
    work = tempfile.mkdtemp(prefix="layerwise-oracle-")
    with Layerwise(root, work, classes) as layerwise:
        if wanted == "--coverage":
            checkpoints.write_page(layerwise)
            return 0
        for part in PARTS + ([] if VERSION >= 5 else ONCE):
            part.checks(report, layerwise)
    if report.counts["FAILED"]:
        print(f"All files, and Layerwise's log, are in {work}.")
    else:
        shutil.rmtree(work)
    print(", ".join(f"{count} {verdict}" for verdict, count in report.counts.items()))
    return 1 if report.counts["FAILED"] or not report.counts["ok"] else 0


sys.exit(main(*sys.argv[1:]))

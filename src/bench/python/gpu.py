"""
Report of src/scripts/gpu.sh: the machine, the tests for a card that Maven has run, training steps of LoRA by Layerwise and by PEFT
in turn on the same card, and the share that both reach of the card's own rate for products.

Prints nothing but progress; writes the report in Markdown. Ends with 1 if a test failed, none ran, their JVM crashed, or a step could not be measured.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import NamedTuple

import step
import turns

# Java compiles its own code while it runs, and a fast card waits for it
ROUNDS, WARM_UP = 20, 20
# characters of what a test says in the report
LONGEST = 200
RECOVERY = ("GpuMemoryTest", "aStepThatDoesNotFitBecomesSmallerPieces")
STEPS_TITLE = "## Training steps of LoRA, ours and PEFT's"
TYPES = {"f32": "float32", "bf16": "bfloat16"}


class Shape(NamedTuple):
    """A model with random weights and the batch of a step."""

    model: str
    layers: int
    width: int
    inner: int
    rows: int
    tokens: int

    def name(self):
        return f"{self.model}, {self.layers} layers of {self.width:,}, {self.rows} rows of {self.tokens} tokens"


class Size(NamedTuple):
    """What is measured: steps, and products of two square matrices of this width."""

    shapes: list
    product: int


# both processes hold such a step on the card at the same time: some 24 GB
ON_A_CARD = Size([Shape("bert", 12, 1024, 4096, 16, 256), Shape("llama", 8, 2048, 5632, 4, 1024)], 8192)
IN_A_REHEARSAL = Size([Shape("bert", 2, 256, 1024, 4, 64), Shape("llama", 2, 256, 512, 4, 64)], 1024)


def layer_maps(config):
    """Returns the linear maps of a layer as (in, out, reads the input of the layer)."""
    width, inner = config.hidden_size, config.intermediate_size
    if config.model_type == "bert":
        return [(width, width, True)] * 3 + [(width, width, False), (width, inner, False), (inner, width, False)]
    keys = config.num_key_value_heads * width // config.num_attention_heads
    attention = [(width, width, True), (width, keys, True), (width, keys, True), (width, width, False)]
    return attention + [(width, inner, False)] * 2 + [(inner, width, False)]


def operations(config, rows, tokens, whole_attention=False):
    """
    Returns the floating-point operations of the products of a step with adapters on all linear maps: forward, the gradients of the
    adapters and those of the inputs of maps, which the lowest layer's first maps do not need. Attention of a decoder counts half, for
    the tokens that a token sees; what a kernel computes again counts once.
    """
    n, width, rank = rows * tokens, config.hidden_size, step.RANK
    count = 0
    for layer in range(config.num_hidden_layers):
        for before, after, first in layer_maps(config):
            needs_gradient = layer > 0 or not first
            count += 2 * n * before * after * (2 if needs_gradient else 1)
            # x A and its B forward; the gradients of A, B and x A; the gradient of x
            count += 2 * n * rank * (2 * (before + after) + after + (before if needs_gradient else 0))
    causal = config.model_type != "bert"
    seen = tokens * tokens if whole_attention or not causal else tokens * (tokens + 1) // 2
    count += config.num_hidden_layers * 12 * rows * seen * width
    if causal:
        count += 4 * rows * (tokens - 1) * width * config.vocab_size
    else:
        count += 4 * rows * width * width + 6 * rows * width * config.num_labels
    return count


def check_operations():
    """Compares the formula with a sum made by hand and with torch's own counter on a step of PEFT."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode
    from transformers import BertForSequenceClassification, LlamaForCausalLM

    # two tokens, rank 8: maps, adapters, attention, pooler and classifier
    by_hand = (
        (3 * 2 * 2 * 64 * 64 + 2 * 2 * 2 * 64 * 64 + 2 * 2 * 2 * 2 * 64 * 128)
        + (3 * (2 * 2 * 8 * (3 * 128 - 64)) + 3 * 2 * 2 * 8 * 128 + 2 * (3 * 2 * 2 * 8 * 192))
        + 12 * 2 * 2 * 64
        + (4 * 64 * 64 + 6 * 64 * 2)
    )
    counted = operations(step.bert(1, 64, 128), 1, 2)
    if counted != by_hand:
        raise AssertionError(f"the formula counts {counted} operations, by hand they are {by_hand}")
    rows, tokens = 2, 128
    for kind, config in [
        (BertForSequenceClassification, step.bert(2, 128, 256)),
        (LlamaForCausalLM, step.llama(2, 128, 256)),
    ]:
        config._attn_implementation = "eager"
        encoder = config.model_type == "bert"
        model = step.adapted(kind(config), encoder, 0).train()
        ids = torch.ones(rows, tokens, dtype=torch.long)
        labels = torch.ones(rows, dtype=torch.long) if encoder else ids
        with FlopCounterMode(display=False) as counter:
            model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=labels).loss.backward()
        ours, torchs = operations(config, rows, tokens, whole_attention=True), counter.get_total_flops()
        if abs(ours / torchs - 1) > 0.01:
            raise AssertionError(f"{config.model_type}: the formula counts {ours} operations, torch {torchs}")


def product_rate(width, dtype, device):
    """Returns the operations per second of a product of two square matrices, the fastest of ten."""
    import torch

    x = torch.randn(width, width, device=device).to(torch.bfloat16 if dtype == "bf16" else torch.float32)
    times = []
    for _ in range(3 + 10):
        synchronize(device)
        start = time.perf_counter()
        x @ x
        synchronize(device)
        times.append(time.perf_counter() - start)
    return 2 * width**3 / min(times[3:])


def synchronize(device):
    import torch

    if device != "cpu":
        torch.cuda.synchronize()


# ---- parts of the report


def command(*words):
    """Returns the first line that a command prints; empty if it is not there or fails."""
    try:
        lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return ""
    return lines[0].strip() if lines else ""


def found(pattern, file):
    """Returns the first group of a pattern in a file of the system; empty if there is none."""
    try:
        match = re.search(pattern, Path(file).read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return ""
    return match.group(1) if match else ""


def card(device):
    import torch

    if device == "cpu":
        return "none: the processor computed", "none"
    properties = torch.cuda.get_device_properties(device)
    driver = found(r"\b(\d{3,4}\.\d+(?:\.\d+)?)\b", "/proc/driver/nvidia/version") or command(
        "nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"
    )
    return (
        f"{properties.name}, {properties.total_memory / 2**30:.1f} GiB, compute capability "
        f"{properties.major}.{properties.minor}",
        driver or "unknown",
    )


def machine(options):
    import peft
    import torch
    import transformers

    name, driver = card(options.device)
    memory = int(found(r"^MemTotal: +(\d+) kB", "/proc/meminfo") or 0) / 2**20
    processor = found(r"^model name\s*: (.+)$", "/proc/cpuinfo") or platform.machine()
    own = f"those of torch {torch.__version__}" if options.torch else "Layerwise's own for the processor"
    rows = [
        ("Commit", options.commit),
        ("Machine", f"{processor}, {os.cpu_count()} threads, {memory:.0f} GiB, {platform.system()} {platform.release()}"),
        ("Card", name),
        ("Driver", driver),
        ("CUDA of the libraries", torch.version.cuda or "none"),
        ("Libraries of Layerwise", own),
        ("PyTorch, transformers, PEFT", f"{torch.__version__}, {transformers.__version__}, {peft.__version__}"),
        ("Java, Python", f"{options.java}, {platform.python_version()}"),
    ]
    return ["## Machine", "", "| | |", "| --- | --- |"] + [f"| {title} | {value} |" for title, value in rows]


class Tests(NamedTuple):
    """Results of test cases as (class, name, message)."""

    passed: list
    failed: list
    skipped: list

    @staticmethod
    def read(folder):
        tests = Tests([], [], [])
        for file in sorted(Path(folder).glob("TEST-*.xml")):
            for case in ElementTree.parse(file).getroot().iter("testcase"):
                bad = next((e for tag in ("failure", "error") for e in case.iter(tag)), None)
                skip = case.find("skipped")
                kind = tests.failed if bad is not None else tests.skipped if skip is not None else tests.passed
                kind.append((case.get("classname").split(".")[-1], case.get("name"), message(bad if bad is not None else skip)))
        return tests

    def good(self):
        return bool(self.passed) and not self.failed

    def lines(self, ended_early):
        total = len(self.passed) + len(self.failed) + len(self.skipped)
        lines = ["## Tests", ""]
        lines.append(f"{total} tests: {len(self.passed)} passed, {len(self.failed)} failed, {len(self.skipped)} skipped.")
        if ended_early:
            lines += ["", f"**The tests ended early**: their JVM crashed or could not start. Maven's log is `{ended_early}`."]
        for title, cases in [("Failed", self.failed), ("Skipped", self.skipped)]:
            if cases:
                lines += ["", f"{title}:", ""] + [f"- `{group}.{name}`: {text}" for group, name, text in cases]
        return lines + ["", "## Recovery from used-up memory", "", self.recovery()]

    def recovery(self):
        for cases, words in [
            (self.passed, "Passed: a step that did not fit was computed in smaller pieces, with the loss and norm of the processor; the memory was free afterwards."),
            (self.failed, "**Failed**: {}"),
            (self.skipped, "Not run: {}"),
        ]:
            for group, name, text in cases:
                if (group, name.split("(")[0]) == RECOVERY:
                    return words.format(text)
        return "Not run: there is no result of the test."


def message(element):
    """Returns what a test says, on one line and without the places in the program."""
    if element is None:
        return ""
    words = (element.get("message") or element.text or element.get("type") or "").strip()
    # the class of an exception of JUnit says no more than the list in which it stands
    words = re.sub(r"^org\.opentest4j\.\w+: (Assumption failed: )?", "", words)
    return " ".join(re.split(r"\n\s*at ", words)[0].split())[:LONGEST] or "no message"


def steps(options, size):
    """Returns the lines on training steps, and True if all were measured."""
    check_operations()
    rates = {dtype: product_rate(size.product, dtype, options.device) for dtype in TYPES}
    lines = [STEPS_TITLE, ""]
    lines += [
        f"A product of two matrices of {size.product:,}² in {TYPES[dtype]} ran at {rate / 1e12:.3g} TFLOP/s (PyTorch, the fastest of "
        "ten)."
        for dtype, rate in rates.items()
    ]
    lines += [
        "",
        f"Rank {step.RANK} on all linear maps, AdamW, clipping; medians of {ROUNDS} steps after {WARM_UP}, in turn, each side in a "
        "process of its own. The share is that of the rate above which the products of a step reach.",
        "",
        "| step | ours | PEFT | ours / PEFT | share, ours | share, PEFT |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    good = True
    for shape in size.shapes:
        config = getattr(step, shape.model)(shape.layers, shape.width, shape.inner)
        folder = Path(options.work) / shape.model
        step.made(folder, config)
        for dtype, type_name in TYPES.items():
            name = f"{shape.name()}, {type_name}"
            print(f"layerwise: Measuring {name}.", file=sys.stderr, flush=True)
            arguments = [str(folder), dtype, "0", str(shape.rows), str(shape.tokens), "false", options.device]
            try:
                (ours, peft), _ = turns.measured(step.sides(options.classpath, options.java_flag, arguments), ROUNDS, WARM_UP)
            except turns.Ended as e:
                good = False
                lines.append(f"| {name} | not measured: {e} | | | | |")
                continue
            limit = 1000 * operations(config, shape.rows, shape.tokens) / rates[dtype]
            lines.append(
                f"| {name} | {ours:.1f} ms | {peft:.1f} ms | {ours / peft:.2f} | {limit / ours:.0%} | {limit / peft:.0%} |"
            )
    return lines, good


def main():
    parser = argparse.ArgumentParser()
    for name in ["classpath", "work", "tests", "commit", "java", "device", "report"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--torch", action="store_true", help="Layerwise runs on the libraries of this Python's torch")
    parser.add_argument("--java-flag", action="append", default=[])
    parser.add_argument("--ended-early", metavar="LOG", help="Maven's log, if the JVM of the tests ended before all tests had run")
    options = parser.parse_args()
    rehearsal = options.device == "cpu"
    first = (
        "**This is a rehearsal on a processor and proves nothing about a card.**"
        if rehearsal
        else "Tests and measurements on a card, by `src/scripts/gpu.sh`."
    )
    tests = Tests.read(options.tests)
    parts = [[first], ["# Layerwise on a GPU"], machine(options), tests.lines(options.ended_early)]
    # what is known is written before anything else can fail
    write(options.report, parts + [[STEPS_TITLE, "", "Not measured: the measurement ended early."]])
    measured, good = steps(options, IN_A_REHEARSAL if rehearsal else ON_A_CARD)
    write(options.report, parts + [measured])
    sys.exit(0 if tests.good() and not options.ended_early and good else 1)


def write(report, parts):
    Path(report).write_text("\n\n".join("\n".join(part) for part in parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""
Decoding steps of Layerwise and of transformers, in turn, each in a process of its own: a Llama of the shape of SmolLM2-135M with
random weights, 16 rows that go on behind 64 tokens, the likeliest token each. Prints the median times and their ratios to
transformers in float32, and the peaks of memory.

Arguments: CLASSPATH FOLDER ROUNDS, as src/scripts/compare-pytorch.sh gives them. With --theirs MODEL DTYPE ROWS TOKENS it is the
side of transformers.
"""

import os
import resource
import sys
import time
from pathlib import Path

import turns

ROWS, TOKENS = 16, 64
STEPS = 1000
WARM_UP = 10  # the JVM compiles what a step calls
SHAPE = {
    "vocab_size": 49152,
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "max_position_embeddings": 8192,
    "rope_theta": 100000.0,
    "tie_word_embeddings": True,
}


def theirs(folder, dtype, rows, tokens):
    import torch
    from transformers import AutoModelForCausalLM, StoppingCriteria

    torch.set_num_threads(int(os.environ["LAYERWISE_THREADS"]))
    kind = torch.bfloat16 if dtype == "bf16" else torch.float32
    model = AutoModelForCausalLM.from_pretrained(folder, torch_dtype=kind).eval()
    ids = torch.randint(3, model.config.vocab_size, (int(rows), int(tokens)), generator=torch.Generator().manual_seed(1))

    class Turns(StoppingCriteria):
        """Waits for a line after each step, the prompts' first; the end of the input ends the rows."""

        start = None

        def __call__(self, input_ids, scores, **unused):
            if self.start is not None:
                print(f"{1000 * (time.perf_counter() - self.start):.2f}", flush=True)
            ended = not sys.stdin.readline()
            self.start = time.perf_counter()
            return torch.full((len(input_ids),), ended)

    model.generation_config.eos_token_id = None
    model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=STEPS,
        do_sample=False,
        pad_token_id=0,
        stopping_criteria=[Turns()],
    )
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, flush=True)


def made(folder):
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(1)
    LlamaForCausalLM(LlamaConfig(**SHAPE)).save_pretrained(folder)


def compared(classpath, work, rounds):
    folder = str(Path(work) / "smollm2-135m")
    made(folder)
    with open("/proc/cpuinfo", encoding="ascii") as info:
        amx = "amx_bf16" in info.read()
    java = turns.java(classpath, "GenerationTime")
    python = [sys.executable, __file__, "--theirs"]
    sides = {
        "ours f32": [*java, folder, "f32"],
        "ours bf16": [*java, folder, "bf16"],
        "transformers f32": [*python, folder, "f32"],
        "transformers bf16": [*python, folder, "bf16"],
    }
    medians, peaks = turns.measured([[*side, str(ROWS), str(TOKENS)] for side in sides.values()], rounds, WARM_UP)
    times = dict(zip(sides, medians, strict=True))
    for (side, median), peak in zip(times.items(), peaks, strict=True):
        print(f"{side}: {median:.1f} ms a step, peak {peak.strip()} MiB")
    judged = "" if amx else " (no AMX: not judged)"
    print(f"float32, ours / transformers float32: {times['ours f32'] / times['transformers f32']:.2f}")
    print(f"bfloat16, ours / transformers float32: {times['ours bf16'] / times['transformers f32']:.2f}{judged}")
    print(f"bfloat16, ours / transformers bfloat16: {times['ours bf16'] / times['transformers bf16']:.2f} (printed only)")


if __name__ == "__main__":
    if sys.argv[1] == "--theirs":
        theirs(*sys.argv[2:])
    else:
        compared(sys.argv[1], sys.argv[2], int(sys.argv[3]))

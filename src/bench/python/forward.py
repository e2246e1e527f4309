"""
Forward passes of mixtures and hybrids by Layerwise and by transformers 5, in turn, each in a process of its own: models of
width 1,024 and 8 layers with random weights, 4 rows of 512 tokens, float32. Prints the medians and their ratios.

Arguments: CLASSPATH FOLDER ROUNDS, as src/scripts/compare-pytorch.sh gives them. With --theirs MODEL ROWS TOKENS it is the
side of transformers.
"""

import os
import sys
import time
from pathlib import Path

import turns

ROWS, TOKENS = 4, 512
COMMON = {
    "vocab_size": 4096,
    "hidden_size": 1024,
    "num_hidden_layers": 8,
    "num_attention_heads": 16,
    "num_key_value_heads": 8,
    "head_dim": 64,
    "max_position_embeddings": 1024,
    "pad_token_id": 0,
    "tie_word_embeddings": False,
}
MODELS = {
    "mixtral": ("mixtral", {"intermediate_size": 2048, "num_local_experts": 8, "num_experts_per_tok": 2, "sliding_window": None}),
    "qwen3_5": (
        "qwen3_5_text",
        {
            "intermediate_size": 2816,
            "layer_types": ["linear_attention"] * 3 + ["full_attention"] + ["linear_attention"] * 3 + ["full_attention"],
            "linear_num_key_heads": 8,
            "linear_num_value_heads": 16,
            "linear_key_head_dim": 64,
            "linear_value_head_dim": 64,
        },
    ),
    "gemma3": (
        "gemma3_text",
        {
            "intermediate_size": 2816,
            "sliding_window": 256,
            "query_pre_attn_scalar": 64,
            "layer_types": (["sliding_attention"] * 5 + ["full_attention"]) + ["sliding_attention"] * 2,
        },
    ),
    # as many operations as qwen3_5 has
    "llama": ("llama", {"intermediate_size": 3160}),
}


def theirs(folder, rows, tokens):
    import torch
    import transformers

    torch.set_num_threads(int(os.environ["LAYERWISE_THREADS"]))
    model = transformers.AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    ids = torch.randint(3, model.config.vocab_size, (int(rows), int(tokens)), generator=torch.Generator().manual_seed(1))
    mask = torch.ones_like(ids)
    for _ in sys.stdin:
        start = time.perf_counter()
        with torch.inference_mode():
            model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state.mean().item()
        print(f"{1000 * (time.perf_counter() - start):.1f}", flush=True)


def made(folder, kind, settings):
    import torch
    import transformers

    torch.manual_seed(1)
    config = transformers.CONFIG_MAPPING[kind].from_dict(COMMON | settings)
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder)


def compared(classpath, work, rounds):
    java = turns.java(classpath, "ForwardTime")
    python = [sys.executable, __file__, "--theirs"]
    medians = {}
    for name, (kind, settings) in MODELS.items():
        folder = str(Path(work) / name)
        made(folder, kind, settings)
        arguments = [folder, str(ROWS), str(TOKENS)]
        (ours, pytorch), _ = turns.measured([java + arguments, python + arguments], rounds, 2)
        medians[name] = ours
        print(f"{name:8} ours {ours:7.0f} ms, transformers {pytorch:7.0f} ms, ours / theirs {ours / pytorch:.2f}", flush=True)
    print(f"qwen3_5 / llama, both ours: {medians['qwen3_5'] / medians['llama']:.2f}")


if __name__ == "__main__":
    if sys.argv[1] == "--theirs":
        theirs(*sys.argv[2:])
    else:
        compared(sys.argv[1], sys.argv[2], int(sys.argv[3]))

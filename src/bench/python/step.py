"""
Training steps of LoRA by Layerwise and by PEFT, in turn, each in a process of its own: a BERT of width 768 and a Llama of width
1,024, 6 layers with random weights, batches of 16 rows, and a Llama of width 512, 4 layers, one long row; rank 8 on all linear maps.
Prints the median times, their ratios and the peaks of memory.

Arguments: CLASSPATH FOLDER ROUNDS [ROW], as src/scripts/compare-pytorch.sh gives them; only rows whose name contains ROW are
measured. With --theirs MODEL DTYPE LOWEST ROWS TOKENS CACHE [DEVICE] it is the side of PEFT.
"""

import os
import resource
import sys
import time
from pathlib import Path

import turns

LAYERS = 6
RANK = 8
ENCODER_MODULES = ["query", "key", "value", "dense"]
DECODER_MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
# folder of the model, name of the row, element type, lowest layer with adapters, prefix cache on our side, rows, tokens
CASES = [
    (model, f"{model}, {name}", dtype, lowest, cache, 16, tokens)
    for model, tokens in [("bert", 128), ("llama", 256)]
    for name, dtype, lowest, cache in [
        ("float32, all layers", "f32", 0, False),
        ("float32, upper half", "f32", LAYERS // 2, False),
        ("float32, upper half, prefix cache", "f32", LAYERS // 2, True),
        ("bfloat16, all layers", "bf16", 0, False),
    ]
] + [
    ("small-llama", f"small llama, one row of {tokens:,} tokens", "f32", 0, False, 1, tokens)
    for tokens in (2048, 4096, 8192)
]


def adapted(model, encoder, lowest):
    """Returns a model of transformers with adapters of PEFT on all linear maps of a layer and those above."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=RANK,
        lora_alpha=16,
        task_type="SEQ_CLS" if encoder else "CAUSAL_LM",
        target_modules=ENCODER_MODULES if encoder else DECODER_MODULES,
        exclude_modules=["pooler.dense", "bert.pooler.dense"] if encoder else None,
        layers_to_transform=list(range(lowest, model.config.num_hidden_layers)),
        layers_pattern="layer" if encoder else "layers",
    )
    return get_peft_model(model, config)


def theirs(folder, dtype, lowest, rows, tokens, cache, device="cpu"):
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

    torch.set_num_threads(int(os.environ["LAYERWISE_THREADS"]))
    half = dtype == "bf16"
    encoder = Path(folder).name == "bert"
    kind = AutoModelForSequenceClassification if encoder else AutoModelForCausalLM
    model = kind.from_pretrained(folder, torch_dtype=torch.bfloat16 if half else torch.float32).to(device)
    model = adapted(model, encoder, int(lowest))
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    for parameter in trained:
        parameter.data = parameter.data.float()
    model.train()
    optimizer = torch.optim.AdamW(trained, lr=1e-3)
    draw = torch.Generator().manual_seed(1)
    ids = torch.randint(1000, 8000, (2 * int(rows), int(tokens)), generator=draw)
    for step, _ in enumerate(sys.stdin):
        start = time.perf_counter()
        batch = ids[step % 2 * int(rows) :][: int(rows)].to(device)
        labels = torch.arange(len(batch), device=device) % 2 if encoder else batch
        with torch.autocast(batch.device.type, dtype=torch.bfloat16, enabled=half):
            loss = model(input_ids=batch, attention_mask=torch.ones_like(batch), labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        loss.item()
        if batch.is_cuda:
            torch.cuda.synchronize()
        print(f"{1000 * (time.perf_counter() - start):.1f}", flush=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, flush=True)


def bert(layers, width, inner):
    """Returns the configuration of a BERT with heads of 64."""
    from transformers import BertConfig

    return BertConfig(
        num_hidden_layers=layers,
        hidden_size=width,
        num_attention_heads=width // 64,
        intermediate_size=inner,
        num_labels=2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


def llama(layers, width, inner):
    """Returns the configuration of a Llama with heads of 64, half as many for keys."""
    from transformers import LlamaConfig

    return LlamaConfig(
        vocab_size=8192,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=width // 64,
        num_key_value_heads=width // 128,
        intermediate_size=inner,
        max_position_embeddings=8192,
    )


def made(folder, config):
    """Writes a checkpoint with random weights."""
    import torch
    from transformers import BertForSequenceClassification, LlamaForCausalLM

    torch.manual_seed(1)
    kind = BertForSequenceClassification if config.model_type == "bert" else LlamaForCausalLM
    kind(config).save_pretrained(folder)


def sides(classpath, flags, arguments):
    """Returns the commands of both sides."""
    return [turns.java(classpath, "StepTime", flags) + arguments, [sys.executable, str(Path(__file__).absolute()), "--theirs"] + arguments]


def compared(classpath, work, rounds, wanted):
    made(Path(work) / "bert", bert(LAYERS, 768, 3072))
    made(Path(work) / "llama", llama(LAYERS, 1024, 2816))
    made(Path(work) / "small-llama", llama(4, 512, 1408))
    with open("/proc/cpuinfo", encoding="ascii") as info:
        amx = "amx_bf16" in info.read()
    for model, name, dtype, lowest, cache, rows, tokens in CASES:
        if wanted not in name:
            continue
        arguments = [str(Path(work) / model), dtype, str(lowest), str(rows), str(tokens), str(cache).lower()]
        (ours, pytorch), peaks = turns.measured(sides(classpath, [], arguments), rounds, 3)
        judged = "" if dtype == "f32" or amx else " (no AMX: not judged)"
        print(
            f"{name}: ours {ours:.0f} ms, PEFT {pytorch:.0f} ms, ours / PEFT {ours / pytorch:.2f}{judged}; "
            f"peaks {peaks[0].strip()} and {peaks[1].strip()} MiB",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1] == "--theirs":
        theirs(*sys.argv[2:])
    else:
        compared(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else "")

"""The time of a training step, in turn by Layerwise and by PEFT: the same model, adapter, batch and threads."""

import contextlib
import statistics
import subprocess
import time

import peft
import torch
import transformers
from safetensors.torch import save_file

# the sample model's shape, and modules that its family usually adapts
_SHAPE = {"hidden_size": 384, "intermediate_size": 1536, "num_hidden_layers": 12, "num_attention_heads": 12}
_MODULES = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]
_ROWS, _TOKENS = 8, 128
_WARM, _STEPS = 3, 15
_BUDGET = 1.05
# Adam's first steps are as large whatever a gradient is, so differences of the smallest ones grow
_NEAR = 1e-3

_CASES = [("all layers", None), ("upper half", list(range(6, 12)))]


def checks(report, layerwise):
    for seed, (name, layers) in enumerate(_CASES, start=300):
        report.told(
            f"step time, {name}, {_ROWS} x {_TOKENS} tokens",
            lambda layers=layers, seed=seed: _compared(layerwise, layers, seed),
        )


def _compared(layerwise, layers, seed):
    torch.manual_seed(seed)
    config = transformers.BertConfig(**_SHAPE, hidden_dropout_prob=0, attention_probs_dropout_prob=0)
    model = transformers.BertForSequenceClassification(config)
    folder, adapter, file = (layerwise.fresh(name) for name in ("speed", "adapter", "batch.safetensors"))
    model.save_pretrained(folder)
    settings = peft.LoraConfig(
        r=8, lora_alpha=16, target_modules=_MODULES, layers_to_transform=layers, task_type="SEQ_CLS"
    )
    adapted = peft.get_peft_model(model, settings)
    adapted.save_pretrained(adapter)
    batch = {"input_ids": torch.randint(1000, 20000, (_ROWS, _TOKENS)), "labels": torch.arange(_ROWS) % 2}
    save_file(batch, file)
    batch["attention_mask"] = torch.ones_like(batch["input_ids"])
    with _ours(layerwise, [folder, adapter, file, _WARM + _STEPS]) as (threads, ours), _threads(threads):
        theirs = _theirs(adapted, batch)
        taken = [(ours(), theirs()) for _ in range(_WARM + _STEPS)]
    for (our_loss, _), (their_loss, _) in taken:
        if not abs(our_loss - their_loss) <= _NEAR:
            raise AssertionError(f"the losses differ, {our_loss} and {their_loss}, so these are not the same steps")
    mine, peft_s = (statistics.median(pair[side][1] for pair in taken[_WARM:]) for side in (0, 1))
    ratio = mine / peft_s
    met = "met" if ratio <= _BUDGET else "not met"
    return f"{ratio:.2f} of PEFT's ({mine:.0f} / {peft_s:.0f} ms, {threads} threads), at most {_BUDGET}: {met}"


@contextlib.contextmanager
def _ours(layerwise, arguments):
    command = ["java", "-cp", layerwise.classes, "org.layerwise.oracle.Steps", *map(str, arguments)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=layerwise.env, cwd=layerwise.work
    ) as program:

        def step():
            print(file=program.stdin, flush=True)
            return tuple(float(value) for value in program.stdout.readline().split())

        try:
            yield int(program.stdout.readline()), step
        finally:
            program.kill()


@contextlib.contextmanager
def _threads(number):
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _theirs(model, batch):
    """One step after another as transformers' Trainer takes it."""
    model.train()
    decaying = set(transformers.Trainer.get_decay_parameter_names(None, model))
    trained = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    groups = [
        {"params": [value for name, value in trained.items() if name in decaying], "weight_decay": 0.01},
        {"params": [value for name, value in trained.items() if name not in decaying], "weight_decay": 0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=1e-3)
    schedule = transformers.get_scheduler("constant", optimizer)

    def step():
        start = time.perf_counter()
        loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained.values(), 1)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        value = loss.item()
        return value, (time.perf_counter() - start) * 1e3

    return step

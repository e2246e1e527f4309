"""
Trainings of the same adapter on the same rows by Layerwise and by transformers' own Trainer with PEFT. Every step sees all
rows, so that their order, which either draws for itself, does not matter.
"""

import functools

import peft
import torch
import transformers
from peft.optimizers import create_loraplus_optimizer

import theirs
from report import same
from tiny import CAUSAL_LM, CLASSIFICATION, REGRESSION, TODAY, VERSION, Tiny

STEPS = 10
ROWS = 12
_LORA_PLUS = 16
_SMOOTHING = {"label_smoothing": 0.1}
_PARTS = {"batch": 4, "accumulate": 3}
USUAL = {"batch": ROWS, "accumulate": 1, "lr": 0.003, "scheduler": "constant", "warmup_steps": 0}
USUAL |= {"max_grad_norm": 0, "weight_decay": 0}
_ALL_AT_ONCE = _PARTS | {"scheduler": "cosine", "warmup_steps": 3, "weight_decay": 0.3, "max_grad_norm": 0.5}


def _gentle(family):
    """A lower rate where scores of attention are not scaled: at the usual one, Gemma 4 was 1.5e-4 away, ten times as far."""
    return {"lr": 0.001} if family.startswith("gemma4") else {}


# family, name, settings of PEFT's adapter, flags of train, and the task of the head where it is not the usual one
_CASES = [
    ("bert", "LoRA, linear", {}, {"scheduler": "linear", "warmup_steps": 3}, None),
    ("bert", "LoRA, cosine, weight decay", {}, {"scheduler": "cosine", "warmup_steps": 2, "weight_decay": 0.3}, None),
    ("bert", "LoRA, clipped", {"layers_to_transform": [1, 3]}, {"max_grad_norm": 0.3}, None),
    ("bert", "LoRA, accumulated", {}, _PARTS, None),
    ("bert", "LoRA, label smoothing", {}, _SMOOTHING, None),
    ("bert", "LoRA, all at once", {}, _ALL_AT_ONCE | _SMOOTHING, None),
    ("bert", "LoRA+", {}, {"lora_plus_ratio": _LORA_PLUS, "lr": 0.001}, None),
    ("bert", "LoRA+, all at once", {}, _ALL_AT_ONCE | {"lora_plus_ratio": _LORA_PLUS, "lr": 0.001}, None),
    ("bert", "rsLoRA", {"use_rslora": True}, {}, None),
    ("bert", "DoRA", {"use_dora": True}, {}, None),
    ("bert", "DoRA, all at once", {"use_dora": True}, _ALL_AT_ONCE, None),
    ("bert", "PiSSA", {"init_lora_weights": "pissa"}, {}, None),
    ("bert", "bias all", {"bias": "all"}, {"weight_decay": 0.3}, None),
    ("bert", "DoRA on the pooler, bias all", {"use_dora": True, "bias": "all", "target_modules": ["query", "pooler.dense"]}, {}, None),
    ("bert", "bias lora_only", {"bias": "lora_only"}, {}, None),
    ("bert", "rank and alpha pattern", {"rank_pattern": {"query": 2}, "alpha_pattern": {"output.dense": 3}}, {}, None),
    ("bert", "modules to save", {"modules_to_save": ["pooler"]}, {"weight_decay": 0.3}, None),
    ("bert", "polynomial", {}, {"scheduler": "polynomial", "warmup_steps": 2}, None),
    ("bert", "cosine with restarts", {}, {"scheduler": "cosine_with_restarts", "scheduler_cycles": 2}, None),
    ("bert", "inverse square root", {}, {"scheduler": "inverse_sqrt", "warmup_steps": 4}, None),
    ("bert", "constant with warm-up", {}, {"scheduler": "constant_with_warmup", "warmup_steps": 4}, None),
    ("bert", "regression", {}, {}, REGRESSION),
    ("bert", "regression, all at once", {}, _ALL_AT_ONCE, REGRESSION),
    ("deberta", "LoRA", {}, {}, None),
    ("deberta", "DoRA", {"use_dora": True}, {}, None),
    ("modernbert", "LoRA", {}, {}, None),
    ("llama", "classifier LoRA", {}, {}, CLASSIFICATION),
    ("llama", "LoRA", {}, {"scheduler": "cosine", "warmup_steps": 3}, None),
    ("llama", "LoRA, accumulated", {}, _PARTS, None),
    ("llama", "LoRA, all at once", {}, _ALL_AT_ONCE, None),
    ("llama", "LoRA, label smoothing", {}, _SMOOTHING, None),
    ("llama", "LoRA+", {}, {"lora_plus_ratio": _LORA_PLUS, "lr": 0.001}, None),
    ("llama", "rsLoRA", {"use_rslora": True}, {}, None),
    ("llama", "DoRA", {"use_dora": True}, {}, None),
    ("llama", "PiSSA", {"init_lora_weights": "pissa"}, {}, None),
    ("llama", "modules to save", {"modules_to_save": ["lm_head"]}, {}, None),
    ("llama", "LoRA, checkpointing", {"layers_to_transform": [1, 2]}, {"gradient_checkpointing": True}, None),
    ("llama", "LoRA, prefix cache", {"layers_to_transform": [2, 3]}, {"prefix_cache": 64}, None),
    ("gemma2", "LoRA", {}, {}, None),
    ("gpt2", "LoRA", {}, {}, None),
    *((family, "LoRA", {}, _gentle(family), None) for family in (TODAY if VERSION >= 5 else ())),
    ("llava", "LoRA", {}, {}, None),
    ("llava", "LoRA, all at once", {}, _ALL_AT_ONCE, None),
    # new ones at the end, since the number of a case is its seed
    ("llama", "OLoRA", {"init_lora_weights": "olora"}, {}, None),
    *((family, "experts", theirs.experts(family), _gentle(family), None) for family in (theirs.EXPERTS if VERSION >= 5 else ())),
    ("bert", "OLoRA", {"init_lora_weights": "olora"}, {}, None),
    ("bert", "MiSS", theirs.MISS, {}, None),
    ("bert", "MiSS, rank 5", theirs.MISS_5, {}, None),
    ("bert", "MiSS, all at once", theirs.MISS, _ALL_AT_ONCE | _SMOOTHING, None),
    ("llama", "MiSS", theirs.MISS, {}, None),
    ("llama", "MiSS, all at once", theirs.MISS | {"layers_to_transform": [1, 2]}, _ALL_AT_ONCE, None),
    ("gemma2", "MiSS", theirs.MISS, {}, None),
]


def checks(report, layerwise):
    for seed, case in enumerate(_CASES, start=200):
        made = functools.partial(_made, layerwise, seed, *case)
        report.check(f"training step by step, {case[0]} {case[1]}", made)


def _made(layerwise, seed, family, _, settings, flags, task):
    flags = USUAL | flags
    model = Tiny(layerwise.fresh(family), family, seed, task)
    rows = model.rows(seed, ROWS)
    adapter = layerwise.fresh("adapter")
    # PiSSA and OLoRA must start as they are, others with a B that is not zero
    theirs.make(adapter, model, settings, seed, noise=0 if settings.get("init_lora_weights") else 0.1)
    file = rows.write(layerwise.fresh("rows.jsonl"))
    run = layerwise.train(
        model.folder, file, init_adapter=adapter, task=model.task, steps=STEPS, **flags, **rows.flags()
    )
    ours = layerwise.metrics(run)
    same("number of steps", len(ours), STEPS)
    told = by_trainer(model.with_adapter(adapter, is_trainable=True), rows, flags, layerwise.fresh("trainer"))
    losses = [step["loss"] for step in ours]
    yield losses, [step["loss"] for step in told]
    yield [step["learning_rate"] for step in ours], [step["learning_rate"] for step in told]
    if flags["max_grad_norm"]:
        # large ones are compared by their size
        norms = torch.tensor([step["grad_norm"] for step in told])
        yield torch.tensor([step["grad_norm"] for step in ours]) / norms, torch.ones(STEPS)
    final = run / "adapter"
    yield rows.ours(layerwise, model.folder, final), rows.logits(model.with_adapter(final))
    if max(losses) - min(losses) < 1e-2:
        raise AssertionError("the losses hardly change, so they prove nothing")
    return f"loss {losses[0]:.4f} to {losses[-1]:.4f}"


class _Trainer(transformers.Trainer):
    """Keeps the exact losses, which it rounds where it logs them."""

    def __init__(self, *arguments, ratio, rate, **settings):
        super().__init__(*arguments, **settings)
        self.ratio, self.rate = ratio, rate
        self.pieces = []

    def training_step(self, *arguments, **settings):
        loss = super().training_step(*arguments, **settings)
        self.pieces.append(loss.item())
        return loss

    def create_optimizer(self):
        if self.ratio is None:
            return super().create_optimizer()
        decay = {"loraplus_weight_decay": self.args.weight_decay}
        self.optimizer = create_loraplus_optimizer(
            self.model, torch.optim.AdamW, lr=self.rate, loraplus_lr_ratio=self.ratio, **decay
        )
        # PEFT has biases learn as fast as B; the paper, and Layerwise, have B alone do so
        self.optimizer.param_groups[-1]["lr"] = self.rate
        return self.optimizer


def by_trainer(model, rows, flags, folder):
    """Loss, learning rate and norm of the gradient of every step."""
    settings = transformers.TrainingArguments(
        output_dir=folder,
        use_cpu=True,
        max_steps=STEPS,
        per_device_train_batch_size=flags["batch"],
        gradient_accumulation_steps=flags["accumulate"],
        learning_rate=flags["lr"],
        lr_scheduler_type=flags["scheduler"],
        lr_scheduler_kwargs={"num_cycles": flags["scheduler_cycles"]} if "scheduler_cycles" in flags else {},
        warmup_steps=flags["warmup_steps"],
        weight_decay=flags["weight_decay"],
        max_grad_norm=flags["max_grad_norm"],
        label_smoothing_factor=flags.get("label_smoothing", 0),
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
    )
    data = [dict(zip(rows.batch, values, strict=True)) for values in zip(*rows.batch.values(), strict=True)]
    data = [row | {"labels": label} for row, label in zip(data, rows.labels, strict=True)]
    trainer = _Trainer(model, settings, train_dataset=data, ratio=flags.get("lora_plus_ratio"), rate=flags["lr"])
    if rows.model.task != CAUSAL_LM:
        # transformers 5 takes some classifiers for models that divide their loss by the rows of all pieces, which they do
        # not, and adds up the pieces' losses and gradients instead of averaging them
        trainer.model_accepts_loss_kwargs = False
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.train()
    logs = [line for line in trainer.state.log_history if "loss" in line]
    pieces, parts = trainer.pieces, flags["accumulate"]
    return [
        {
            "loss": sum(pieces[step * parts : (step + 1) * parts]),
            "learning_rate": logs[step]["learning_rate"],
            "grad_norm": logs[step].get("grad_norm", 0),
        }
        for step in range(STEPS)
    ]

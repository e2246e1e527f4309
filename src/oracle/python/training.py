"""Trainings of the same adapter on the same batches by Layerwise and by PEFT, torch's AdamW and transformers' schedules."""

import torch
import transformers
from peft.optimizers import create_loraplus_optimizer

import theirs
import tiny

_STEPS = 10
_ROWS = 12

# name, family, settings of PEFT's adapter, flags of train
_CASES = [
    ("bert LoRA, linear", "bert", {}, {"scheduler": "linear", "warmup_steps": 3}),
    ("bert LoRA, cosine, weight decay", "bert", {}, {"scheduler": "cosine", "warmup_steps": 2, "weight_decay": 0.3}),
    ("bert LoRA, clipped", "bert", {"layers_to_transform": [1, 3]}, {"max_grad_norm": 0.3}),
    ("bert LoRA, accumulated", "bert", {}, {"batch": 4, "accumulate": 3}),
    ("bert LoRA, label smoothing", "bert", {}, {"label_smoothing": 0.1}),
    ("bert LoRA+", "bert", {}, {"lora_plus_ratio": 16, "lr": 0.001}),
    ("bert rsLoRA", "bert", {"use_rslora": True}, {}),
    ("bert DoRA", "bert", {"use_dora": True}, {}),
    ("bert bias all", "bert", {"bias": "all"}, {}),
    ("bert bias lora_only", "bert", {"bias": "lora_only"}, {}),
    ("bert rank and alpha pattern", "bert", {"rank_pattern": {"query": 2}, "alpha_pattern": {"value": 3}}, {}),
    ("bert modules to save", "bert", {"modules_to_save": ["pooler"]}, {}),
    ("bert polynomial", "bert", {}, {"scheduler": "polynomial", "warmup_steps": 2}),
    ("bert cosine with restarts", "bert", {}, {"scheduler": "cosine_with_restarts", "scheduler_cycles": 2}),
    ("bert inverse square root", "bert", {}, {"scheduler": "inverse_sqrt", "warmup_steps": 4}),
    ("deberta LoRA", "deberta", {}, {}),
    ("deberta DoRA", "deberta", {"use_dora": True}, {}),
    ("llama classifier LoRA", "llama", {"task": "classifier"}, {}),
    ("llama LoRA", "llama", {}, {"scheduler": "cosine", "warmup_steps": 3}),
    ("llama LoRA, accumulated", "llama", {}, {"batch": 4, "accumulate": 3}),
    ("llama DoRA", "llama", {"use_dora": True}, {}),
    ("llama PiSSA", "llama", {"init_lora_weights": "pissa"}, {}),
    ("llama LoRA, checkpointing", "llama", {"layers_to_transform": [1, 2]}, {"gradient_checkpointing": True}),
    ("llava LoRA", "llava", {"target_modules": theirs.LLAVA}, {}),
]


def checks(report, layerwise):
    for seed, (name, family, settings, flags) in enumerate(_CASES, start=200):

        def made(family=family, settings=settings, flags=flags, seed=seed):
            auto, settings = theirs.auto_of(family, settings)
            model = tiny.make(layerwise.fresh(family), family, auto, seed)
            adapter = layerwise.fresh("adapter")
            pissa = settings.get("init_lora_weights") == "pissa"
            # PiSSA must start as it is; others with a B that is not zero
            adapted = theirs.make(adapter, tiny.load(model, auto), family, auto, settings, seed, noise=0 if pissa else 0.1)
            batch = tiny.inputs(seed, rows=_ROWS)
            labels = tiny.answers(batch, auto, seed)
            rows = tiny.rows(layerwise.fresh("rows.jsonl"), batch, labels)
            usual = {"steps": _STEPS, "batch": _ROWS, "lr": 0.01, "scheduler": "constant", "max_grad_norm": 0}
            usual |= {"warmup_steps": 0, "model_dropout": 0}
            task = "classification" if auto is tiny.CLASSIFIER else "causal-lm"
            chosen = {**usual, **flags}
            run = layerwise.train(model, rows, init_adapter=adapter, task=task, **chosen)
            ours = layerwise.losses(run)
            yield ours, _losses(adapted, batch, labels, chosen)
            if max(ours) - min(ours) < 1e-2:
                raise AssertionError("the losses hardly change, so they prove nothing")

        report.check(f"training step by step, {name}", made)


def _losses(model, batch, labels, flags):
    optimizer = _optimizer(model, flags)
    schedule = transformers.get_scheduler(
        flags["scheduler"],
        optimizer,
        num_warmup_steps=flags["warmup_steps"],
        num_training_steps=_STEPS,
        scheduler_specific_kwargs={"num_cycles": 2} if "scheduler_cycles" in flags else {},
    )
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    losses = []
    for _ in range(_STEPS):
        # a batch that is cut in pieces of equal size has the gradient of the whole
        if "label_smoothing" in flags:
            smoothed = torch.nn.CrossEntropyLoss(label_smoothing=flags["label_smoothing"])
            loss = smoothed(model(**batch).logits, labels)
        else:
            loss = model(**batch, labels=labels).loss
        losses.append(loss.item())
        loss.backward()
        if flags["max_grad_norm"]:
            torch.nn.utils.clip_grad_norm_(trained, flags["max_grad_norm"])
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    return losses


def _optimizer(model, flags):
    decay = flags.get("weight_decay", 0)
    if "lora_plus_ratio" in flags:
        ratio = flags["lora_plus_ratio"]
        return create_loraplus_optimizer(model, torch.optim.AdamW, lr=flags["lr"], loraplus_lr_ratio=ratio)
    # the groups of transformers' Trainer: biases and norms do not decay
    decaying = set(transformers.Trainer.get_decay_parameter_names(None, model))
    trained = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    groups = [
        {"params": [parameter for name, parameter in trained if name in decaying], "weight_decay": decay},
        {"params": [parameter for name, parameter in trained if name not in decaying], "weight_decay": 0},
    ]
    return torch.optim.AdamW(groups, lr=flags["lr"])

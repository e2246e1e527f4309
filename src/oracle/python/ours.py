"""Adapters that Layerwise trained, read by PEFT; the models merged with them, read by transformers."""

import functools

import peft
import torch
from safetensors.torch import load_file

import theirs
import tiny

# name, family, flags of train beside the usual ones
_CASES = [
    ("bert LoRA", "bert", {"layers": "1,3"}),
    ("bert rsLoRA", "bert", {"variant": "rslora"}),
    ("bert DoRA", "bert", {"variant": "dora", "layers": "0,2"}),
    ("bert PiSSA", "bert", {"variant": "pissa", "layers": "0,2"}),
    ("bert rank and alpha pattern", "bert", {"rank_pattern": "query=2,1.*value=7", "alpha_pattern": "value=3"}),
    ("bert bias all", "bert", {"bias": "all", "layers": "2"}),
    ("bert bias lora_only", "bert", {"bias": "lora_only", "layers": "2"}),
    ("bert modules to save", "bert", {"modules_to_save": "pooler"}),
    ("bert all-linear", "bert", {"target_modules": "all-linear", "layers": "1"}),
    ("roberta LoRA", "roberta", {}),
    ("distilbert LoRA", "distilbert", {}),
    ("modernbert LoRA", "modernbert", {}),
    ("deberta LoRA", "deberta", {"layers": "1,3"}),
    ("deberta DoRA", "deberta", {"variant": "dora"}),
    ("llama classifier LoRA", "llama", {"task": "classification"}),
    ("llama LoRA", "llama", {"layers": "0,3"}),
    ("llama rsLoRA", "llama", {"variant": "rslora"}),
    ("llama DoRA", "llama", {"variant": "dora"}),
    ("llama PiSSA", "llama", {"variant": "pissa"}),
    ("llama PiSSA, 4 iterations", "llama", {"variant": "pissa_niter_4"}),
    ("llama rank and alpha pattern", "llama", {"rank_pattern": "q_proj=2,1.*v_proj=7", "alpha_pattern": "v_proj=3"}),
    ("mistral LoRA", "mistral", {}),
    ("qwen2 LoRA", "qwen2", {}),
    ("gemma2 LoRA", "gemma2", {}),
    ("gpt2 LoRA", "gpt2", {}),
    ("llava LoRA", "llava", {"layers": "0,2"}),
    ("llava DoRA", "llava", {"variant": "dora", "layers": "0,2"}),
]


class Trained:
    """A model of random weights, and the adapter that a short training by Layerwise gave it."""

    def __init__(self, layerwise, family, flags, seed):
        self.auto, _ = theirs.auto_of(family, {"task": "classifier"} if "task" in flags else {})
        self.model = tiny.make(layerwise.fresh(family), family, self.auto, seed)
        self.batch = tiny.inputs(seed, pad=1 if family == "roberta" else 0)
        labels = tiny.answers(self.batch, self.auto, seed)
        self.rows = tiny.rows(layerwise.fresh("rows.jsonl"), self.batch, labels)
        task = "classification" if self.auto is tiny.CLASSIFIER else "causal-lm"
        usual = {"r": 4, "alpha": 6, "steps": 5, "batch": 5, "lr": 0.02, "seed": seed, "task": task}
        self.run = layerwise.train(self.model, self.rows, **{**usual, **flags})
        self.adapter = self.run / "adapter"

    def by_peft(self):
        """The logits of PEFT's model; those of its base must be others, or nothing was trained."""
        base = tiny.load(self.model, self.auto)
        before = tiny.logits(base, self.batch)
        after = tiny.logits(peft.PeftModel.from_pretrained(base, self.adapter).eval(), self.batch)
        if torch.allclose(before, after, atol=1e-2):
            raise AssertionError("the training changed nothing")
        return after

    def ours(self, layerwise, model, adapter):
        return tiny.valid(layerwise.logits(model, adapter, self.batch), self.batch)


def checks(report, layerwise):
    for seed, (name, family, flags) in enumerate(_CASES, start=100):
        trained = functools.cache(lambda family=family, flags=flags, seed=seed: Trained(layerwise, family, flags, seed))
        _read_by_peft(report, layerwise, name, trained)
        _merged(report, layerwise, name, trained)
        if "PiSSA" in name:
            _converted(report, layerwise, name, trained)


def _read_by_peft(report, layerwise, name, trained):
    def made():
        it = trained()
        theirs_ = it.by_peft()
        yield it.ours(layerwise, it.model, it.adapter), theirs_
        if it.auto is tiny.CLASSIFIER:
            yield layerwise.predictions(it.model, it.adapter, it.rows), theirs_

    report.check(f"Layerwise to PEFT, {name}", made)


def _merged(report, layerwise, name, trained):
    def made():
        it = trained()
        out = layerwise.fresh("merged")
        layerwise.run("merge", model=it.model, adapter=it.adapter, out=out)
        model, told = it.auto.from_pretrained(out, attn_implementation="eager", output_loading_info=True)
        wrong = [f"{kind} {keys}" for kind, keys in told.items() if keys]
        if wrong:
            raise AssertionError("transformers says of the merged model: " + "; ".join(wrong))
        theirs_ = tiny.logits(model.eval(), it.batch)
        yield it.by_peft(), theirs_
        yield it.ours(layerwise, out, None), theirs_

    report.check(f"merged by Layerwise, {name}", made)


def _converted(report, layerwise, name, trained):
    def made():
        it = trained()
        out = layerwise.fresh("converted")
        layerwise.run("convert-adapter", adapter=it.adapter, initial=it.run / "adapter_initial", out=out)
        config = peft.LoraConfig.from_pretrained(out)
        if config.init_lora_weights is not True:
            raise AssertionError(f"the converted adapter still says init_lora_weights = {config.init_lora_weights}")
        model = peft.PeftModel.from_pretrained(tiny.load(it.model, it.auto), out).eval()
        theirs_ = tiny.logits(model, it.batch)
        yield it.by_peft(), theirs_
        yield it.ours(layerwise, it.model, out), theirs_
        ranks = {value.shape[0] for key, value in load_file(out / "adapter_model.safetensors").items() if "lora_A" in key}
        yield sorted(ranks), [8]  # twice that of the adapter

    report.check(f"converted by Layerwise, {name}", made)

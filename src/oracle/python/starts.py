"""
Adapters that start from data, by Layerwise and by PEFT: EVA, with the ranks that it spreads, and LoRA-GA. Both see all rows in one batch.
PEFT's randomised decompositions are replaced by exact ones: EVA's alone moves elements by up to 0.1.
"""

import functools
import json
import unittest.mock

import peft
import torch
from safetensors.torch import load_file

import training
from report import difference, same
from tiny import CAUSAL_LM, Tiny, changed, exact, today

_RANK, _ALPHA = 4, 6
_ADAPTER = {"r": _RANK, "alpha": _ALPHA}
# at 0.003, PyTorch's own logits in single and double precision are 1.2e-4 apart after ten steps of EVA
_FLAGS = training.USUAL | {"lr": 0.0005, "steps": training.STEPS}
# a rate at which one step leaves a float32 as it is
_STILL = {"steps": 1, "lr": 1e-12}
_LLAMA = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
# family, target modules and rho. Where ranks are spread, all targets have as many parameters for each rank, since PEFT counts ranks
# and Layerwise parameters
_EVA = [
    ("llama", _LLAMA, 1.0),
    ("bert", ["query", "value", "output.dense"], 1.0),
    ("llama", ["q_proj", "o_proj"], 2.0),
    ("llama", ["gate_proj", "down_proj"], 1.5),
    ("qwen3", ["q_proj", "o_proj"], 2.0),
    ("bert", ["query", "attention.output.dense"], 2.0),
    ("bert", ["query", "key", "value", "attention.output.dense"], 2.0),
]
_LORA_GA = [
    ("llama", _LLAMA),
    ("bert", ["query", "value", "attention.output.dense", "intermediate.dense"]),
    ("qwen3", ["q_proj", "v_proj", "down_proj"]),
]


def checks(report, layerwise):
    for seed, (family, targets, rho) in enumerate(_EVA, start=900):
        made = functools.partial(_eva, layerwise, seed, family, targets, rho)
        report.check(f"start as EVA, {family} {' '.join(targets)}, rho {rho}", made)
    for seed, (family, targets) in enumerate(_LORA_GA, start=920):
        made = functools.partial(_lora_ga, layerwise, seed, family, targets)
        report.check(f"start as LoRA-GA, {family} {' '.join(targets)}", made)


class _Both:
    """A model, the rows for it, and a training of the same adapter by both."""

    def __init__(self, layerwise, seed, family, targets):
        self.layerwise, self.targets = layerwise, targets
        self.model = Tiny(layerwise.fresh(family), family, seed)
        self.rows = self.model.rows(seed, training.ROWS)
        self.file = self.rows.write(layerwise.fresh("rows.jsonl"))

    def config(self, **settings):
        task = "CAUSAL_LM" if self.model.task == CAUSAL_LM else "SEQ_CLS"
        return peft.LoraConfig(task_type=task, r=_RANK, lora_alpha=_ALPHA, target_modules=self.targets, **settings)

    def train(self, **flags):
        """By Layerwise, to the run's folder."""
        usual = _FLAGS | _ADAPTER | {"task": self.model.task}
        return self.layerwise.train(self.model.folder, self.file, **(usual | flags))

    def trained(self, run, theirs):
        """Pairs of losses, and of logits after the last step, from a run and from PEFT's model as it starts."""
        before = self.rows.logits(self.model.load())
        ours = [step["loss"] for step in self.layerwise.metrics(run)]
        same("number of steps", len(ours), training.STEPS)
        told = training.by_trainer(theirs, self.rows, _FLAGS, self.layerwise.fresh("trainer"))
        yield ours, [step["loss"] for step in told]
        after = self.rows.logits(theirs.eval())
        changed(before, after)
        yield self.rows.ours(self.layerwise, self.model.folder, run / "adapter"), after
        yield self.rows.logits(self.model.with_adapter(run / "adapter")), after
        return ours


def _tensors(adapter):
    return load_file(adapter / "adapter_model.safetensors")


def _module(key):
    """The module that a tensor of an adapter's file belongs to."""
    return key.removeprefix("base_model.model.").partition(".lora_")[0]


def _eva(layerwise, seed, family, targets, rho):
    today("EVA")
    both = _Both(layerwise, seed, family, targets)
    flags = {"variant": "eva", "target_modules": ",".join(targets)}
    if rho > 1:
        flags = {"variant": "eva", "selection": _spread(both, rho)}
    start = {_module(key): a for key, a in _tensors(both.train(**flags, **_STILL) / "adapter").items() if ".lora_A" in key}
    theirs, found = _eva_by_peft(both, rho)
    ranks, told = ({name: len(a) for name, a in state.items() if len(a)} for state in (start, found))
    owners = {name: name.replace("key", "query").replace("value", "query") for name in found}
    shared = rho > 1 and any(name != owner for name, owner in owners.items())
    if shared:
        # which of two maps with the inputs of a third gets more is left to a sort by PEFT
        same("ranks of maps with the same inputs", _by_owner(ranks, owners), _by_owner(told, owners))
    else:
        same("ranks", sorted(ranks.items()), sorted(told.items()))
    if rho > 1 and len(set(ranks.values())) == 1:
        raise AssertionError("all ranks are equal, so they prove nothing")
    rows = [pair for name, a in start.items() for pair in zip(a, found[name], strict=not shared)]
    within = max(difference(ours * torch.sign(ours @ its), its) for ours, its in rows)
    yield within, 0
    note = f"ranks {min(ranks.values())} to {max(ranks.values())}, A within {within:.1e}"
    if not shared:
        losses = yield from both.trained(both.train(**flags), theirs)
        note += f", loss {losses[0]:.4f} to {losses[-1]:.4f}"
    return note


def _by_owner(ranks, owners):
    return sorted((owners[name], rank) for name, rank in ranks.items())


def _spread(both, rho):
    """A selection with EVA's ranks, as many as the targets have with equal ones, at most rho times as many in one."""
    analysis, selection = both.layerwise.fresh("inputs"), both.layerwise.fresh("selection.json")
    both.layerwise.run("analyze", model=both.model.folder, data=both.file, measure="eva", out=analysis)
    both.layerwise.run(
        "select",
        analysis=analysis,
        budget="100%",
        spread="eva",
        max_rank=round(rho * _RANK),
        target_modules=",".join(both.targets),
        out=selection,
        **_ADAPTER,
    )
    return selection


def _eva_by_peft(both, rho):
    """PEFT's model as it starts, and the rows of A of each module."""
    import peft.tuners.lora.eva as eva

    class Exact(eva.IncrementalPCA):
        def __init__(self, lowrank, lowrank_seed, **settings):
            super().__init__(**settings)

    eva_config = peft.EvaConfig(rho=rho, tau=1 - 1e-6, use_label_mask=False)
    model = peft.get_peft_model(both.model.load(), both.config(init_lora_weights="eva", eva_config=eva_config))
    with unittest.mock.patch.object(eva, "IncrementalPCA", Exact), exact():
        state = eva.get_eva_state_dict(model, [both.rows.batch], show_progress_bar=False)
    found = {_module(name): a.float() for name, a in state.items()}
    peft.initialize_lora_eva_weights(model, eva_state_dict=state)
    return model, found


def _lora_ga(layerwise, seed, family, targets):
    today("LoRA-GA")
    both = _Both(layerwise, seed, family, targets)
    run = both.train(variant="lora-ga", target_modules=",".join(targets))
    theirs = _lora_ga_by_peft(both)
    told = {key: value.clone() for key, value in peft.get_peft_model_state_dict(theirs).items() if ".lora_" in key}
    start = {key: value for key, value in _tensors(run / "adapter-initial").items() if ".lora_" in key}
    same("names of tensors", sorted(start), sorted(told))
    within = max(difference(start[key], value) for key, value in told.items())
    yield within, 0
    yield both.rows.logits(theirs.eval()), both.rows.logits(both.model.load())
    losses = yield from both.trained(run, theirs)
    config = json.loads((run / "adapter/adapter_config.json").read_text())
    same("rank, twice that of the training", config["r"], 2 * _RANK)
    return f"A and B within {within:.1e}, loss {losses[0]:.4f} to {losses[-1]:.4f}"


def _lora_ga_by_peft(both):
    """PEFT's model as it starts; of the signs of singular vectors, which are arbitrary, those that Layerwise takes."""

    def decomposed(matrix, q, niter):
        u, s, vt = torch.linalg.svd(matrix.double(), full_matrices=False)
        sign = vt.gather(1, vt.abs().argmax(dim=1, keepdim=True)).sign()
        return (u * sign.T)[:, :q].float(), s[:q].float(), (vt * sign).T[:, :q].float()

    base = both.model.load()
    config = both.config(init_lora_weights="lora_ga", lora_ga_config=peft.LoraGAConfig())
    with unittest.mock.patch.object(torch, "svd_lowrank", decomposed):
        peft.preprocess_loraga(base, config, lambda: base(**both.rows.batch, labels=both.rows.labels).loss.backward())
        return peft.get_peft_model(base, config)

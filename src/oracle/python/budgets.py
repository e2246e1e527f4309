"""Ranks that `select --budget` spreads over linear maps, trained by Layerwise and loaded by PEFT."""

import functools
import json

from peft.tuners.lora import LoraLayer

import ours
from report import same

_USUAL = {"r": 8, "alpha": 12}
# family, measure, flags of select, and flags of train beside the usual ones
_CASES = [
    ("bert", "condition", {"budget": "50%", "spread": "proportional"}, {}),
    ("bert", "gradient-norm", {"budget": "9000", "spread": "waterfill", "ratio": 0.5}, {"variant": "rslora"}),
    ("llama", "condition", {"budget": "50%", "spread": "waterfill", "max_rank": 12}, {}),
    ("llama", "eva", {"budget": "75%", "spread": "eva", "max_rank": 16}, {"variant": "dora"}),
]
# measures of the weights alone
_WITHOUT_DATA = ("snr", "condition")


def checks(report, layerwise):
    for seed, (family, measure, budget, flags) in enumerate(_CASES, start=940):
        selected = functools.partial(_selected, layerwise, measure, budget, flags)
        trained = functools.cache(functools.partial(ours.Trained, layerwise, family, _USUAL | flags, seed, selected))
        name = f"ranks of a budget, {family} {measure} {budget['spread']}"
        report.check(f"{name}, as PEFT makes them", functools.partial(_ranks, trained, flags))
        ours.read_by_peft(report, layerwise, name, trained)
        ours.merged(report, layerwise, name, trained)


def _selected(layerwise, measure, budget, flags, trained):
    """The file of a selection for a model that is about to be trained."""
    analysis, file = layerwise.fresh("analysis"), layerwise.fresh("selection.json")
    data = {} if measure in _WITHOUT_DATA else {"data": trained.file, **trained.rows.flags()}
    layerwise.run("analyze", model=trained.model.folder, measure=measure, out=analysis, **data)
    layerwise.run("select", analysis=analysis, measure=measure, out=file, **budget, **_USUAL, **flags)
    return file


def _ranks(trained, flags):
    """The ranks of the file, in PEFT's model, at one scale, within the budget that the file states."""
    it = trained()
    selection = json.loads(it.selection.read_text())
    loaded = {
        name.removeprefix("base_model.model."): module
        for name, module in it.model.with_adapter(it.adapter).named_modules()
        if isinstance(module, LoraLayer) and module.r
    }
    # the names of a file are those of the model without a head
    prefix = it.model.load().base_model_prefix + "."
    ranks = {name.removeprefix(prefix): module.r["default"] for name, module in loaded.items()}
    same("ranks", ranks, {name.removeprefix(prefix): rank for name, rank in selection["modules"].items()})
    if len(set(ranks.values())) == 1:
        raise AssertionError("all ranks are equal, so they prove nothing")
    divisor = _USUAL["r"] ** (0.5 if flags.get("variant") == "rslora" else 1)
    for module in loaded.values():
        yield module.scaling["default"], _USUAL["alpha"] / divisor
    budget = selection["reason"]["budget"]["parameters"]
    spent = sum(module.r["default"] * (module.in_features + module.out_features) for module in loaded.values())
    if not 0.75 * budget <= spent <= budget:
        raise AssertionError(f"{spent} parameters, of a budget of {budget}")
    return f"ranks {min(ranks.values())} to {max(ranks.values())}, {spent} of {budget} parameters"

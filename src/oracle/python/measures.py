"""Measures of layers and of linear maps, as PEFT's KappaTuneSelector and rsatoolbox give them for the same model."""

import csv
import functools
import unittest.mock

import torch
from safetensors.torch import load_file

from report import Skipped, same
from tiny import VERSION, Tiny

# of a condition number, a relative difference; of a similarity, an absolute one
_CONDITION = 1e-5
_SIMILARITY = 1e-6
_FAMILIES = ["bert", "deberta", "modernbert", "llama", "qwen3", "gemma2", "phi3"]
# measures, and the comparison of two dissimilarity matrices that is the same in rsatoolbox
_SIMILARITIES = {"rsa": "spearman", "cka": "cosine_cov", "procrustes": "bures"}


def checks(report, layerwise):
    if VERSION >= 5:
        for seed, family in enumerate(_FAMILIES, start=800):
            made = functools.partial(_condition, layerwise, family, seed)
            report.check(f"condition as KappaTune, {family}", made, limit=_CONDITION)
    for seed, (measure, method) in enumerate(_SIMILARITIES.items(), start=820):
        made = functools.partial(_similarity, layerwise, measure, method, seed)
        report.check(f"{measure} as rsatoolbox", made, limit=_SIMILARITY)


def _lines(file):
    with open(file, newline="") as lines:
        return list(csv.DictReader(lines))


def _condition(layerwise, family, seed):
    # PEFT 0.17 has no selector
    from peft.helpers import KappaTuneSelector

    model = Tiny(layerwise.fresh(family), family, seed)
    out = layerwise.fresh("condition")
    layerwise.run("analyze", model=model.folder, measure="condition", out=out)
    ours = {line["module"]: float(line["importance"]) for line in _lines(out / "modules.csv")}
    loaded = model.load()
    told = _kappas(KappaTuneSelector(loaded, show_progress=False), ours)
    # float32 loses as many digits as the condition number has
    exact = torch.linalg.svdvals
    with unittest.mock.patch.object(torch.linalg, "svdvals", lambda weight: exact(weight.double())):
        in_double = _kappas(KappaTuneSelector(loaded, show_progress=False), ours)
    same("modules", sorted(in_double), sorted(ours))
    for name, kappa in in_double.items():
        yield ours[name] * kappa, 1.0
    away = max(abs(told[name] / kappa - 1) for name, kappa in in_double.items())
    return f"{len(told)} modules, {min(told.values()):.0f} to {max(told.values()):.0f}; in float32 KappaTune is up to {away:.1e} away"


def _kappas(selector, modules):
    selector.get_best_targets()
    return {name: kappa for name, kappa in selector._condition_numbers.items() if name in modules}


def _similarity(layerwise, measure, method, seed):
    try:
        from rsatoolbox.data import Dataset
        from rsatoolbox.rdm import calc_rdm, compare
    except ImportError as error:
        raise Skipped(f"rsatoolbox is not there: {error}") from error

    model = Tiny(layerwise.fresh("bert"), "bert", seed)
    rows = model.rows(seed, 30).write(layerwise.fresh("rows.jsonl"))
    hidden, out = layerwise.fresh("hidden.safetensors"), layerwise.fresh("similarity")
    layerwise.run("extract", model=model.folder, data=rows, position="mean", out=hidden)
    layerwise.run("analyze", representations=hidden, measure=measure, out=out)
    ours = [[float(value) for name, value in line.items() if name != "state"] for line in _lines(out / "similarity.csv")]
    states = load_file(hidden)
    matrices = [
        calc_rdm(Dataset(states[f"hidden_states.{state}"].to(torch.float64).numpy()), method="euclidean")
        for state in range(len(states))
    ]
    for i, one in enumerate(matrices):
        for j, other in enumerate(matrices):
            yield ours[i][j], compare(one, other, method=method)[0, 0]
    least = min(min(row) for row in ours)
    if least > 0.99:
        raise AssertionError("all hidden states are alike, so they prove nothing")
    return f"{len(states)} hidden states, similarity from {least:.3f}"

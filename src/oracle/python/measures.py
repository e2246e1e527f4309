"""
Measures of layers and of linear maps, as PEFT's KappaTuneSelector and rsatoolbox give them for the same model, and as Spectrum and
netrep gave them once: those two are not on PyPI, so their numbers are fixtures (src/test/python/spectra_golden.py and shape_golden.py).
"""

import csv
import functools
import json
import math
import unittest.mock

import torch
from safetensors.torch import load_file, save_file

from report import Skipped, same
from tiny import VERSION, Tiny

# of a condition number, a relative difference; of a similarity, an absolute one
_CONDITION = 1e-5
_SIMILARITY = 1e-6
# a relative difference: Spectrum computes in float32
_SNR = 1e-6
# in radians
_ANGLE = 1e-9
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
    report.check("snr as Spectrum, sample model", functools.partial(_snr, layerwise), limit=_SNR)
    report.check("angular-procrustes as netrep", functools.partial(_angles, layerwise), limit=_ANGLE)


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


def _golden(layerwise, name):
    return json.loads((layerwise.root / "src/test/resources/golden" / name).read_text())


def _snr(layerwise):
    theirs = _golden(layerwise, "spectra_sample.json")
    out = layerwise.fresh("snr")
    layerwise.run("analyze", model="sample", measure="snr", out=out)
    # Spectrum saw the encoder alone
    ours = {line["module"].removeprefix("bert."): float(line["importance"]) for line in _lines(out / "modules.csv")}
    same("modules", sorted(theirs), sorted(ours))
    for name, value in theirs.items():
        yield ours[name] / value, 1.0
    return f"{len(theirs)} modules, {min(theirs.values()):.2f} to {max(theirs.values()):.2f}"


def _angles(layerwise):
    cases = _golden(layerwise, "shapes.json")
    for case in cases:
        files = []
        for side in "xy":
            values = torch.tensor(case[side], dtype=torch.float32)
            files.append(layerwise.fresh(f"{side}.safetensors"))
            # a file holds two states or more
            save_file({"hidden_states.0": values, "hidden_states.1": values.clone()}, files[-1])
        out = layerwise.fresh("angles")
        layerwise.run(
            "analyze", representations=files[0], against=files[1], measure="angular-procrustes", out=out
        )
        ours = float(_lines(out / "cross-similarity.csv")[0]["0"])
        yield (1 - ours) * math.pi / 2, case["angle"]
    return f"{len(cases)} pairs of matrices"

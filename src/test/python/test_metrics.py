"""The metrics are scikit-learn's and SciPy's, as Layerwise's own tests have them."""

import json

import numpy as np
import pytest
from conftest import ROOT

from layerwise_job import metrics

CASES = json.loads((ROOT / "src/test/resources/golden/metrics.json").read_text())


@pytest.mark.parametrize("case", [case for case in CASES if case["kind"] == "classes"])
def test_classes(case):
    wanted, predicted = np.array(case["labels"]), np.array(case["predictions"])
    classes = max(2, int(max(wanted.max(), predicted.max())) + 1)
    found = metrics.classification(np.eye(classes)[predicted], wanted, classes)
    for name in ("accuracy", "matthews"):
        assert found[name] == pytest.approx(case[name], abs=1e-12)
    expected = case["f1"] if "f1" in case else case["macro_f1"]
    assert found["f1"] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("case", [case for case in CASES if case["kind"] != "classes" and "pearson" in case])
def test_numbers(case):
    found = metrics.regression(np.array(case["predictions"]).reshape(-1, 1), np.array(case["labels"]))
    assert found["pearson"] == pytest.approx(case["pearson"], abs=1e-12)
    assert found["spearman"] == pytest.approx(case["spearman"], abs=1e-12)


def test_what_does_not_vary_has_no_correlation():
    assert metrics.regression(np.ones((3, 1)), np.arange(3))["pearson"] == 0
    assert metrics.classification(np.eye(2)[[0, 0, 0]], np.array([0, 1, 1]), 2)["matthews"] == 0


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_outputs_that_are_no_numbers_have_no_metrics(broken):
    numbers = np.array([[0.5], [broken], [2.0]])
    assert all(np.isnan(value) for value in metrics.regression(numbers, np.arange(3)).values())
    classes = np.array([[0.5, 1.0], [2.0, broken], [broken, broken]])
    assert all(np.isnan(value) for value in metrics.classification(classes, np.array([1, 0, 0]), 2).values())


def test_a_perplexity_of_any_loss():
    assert metrics.causal_lm(2.0)["perplexity"] == pytest.approx(np.exp(2.0))
    assert metrics.causal_lm(1000.0)["perplexity"] == np.inf
    assert np.isnan(metrics.causal_lm(np.nan)["perplexity"])

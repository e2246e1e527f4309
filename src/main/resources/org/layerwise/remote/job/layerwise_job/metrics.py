"""The metrics of Layerwise's evaluations, by the names that its files have."""

import math

import numpy as np


def _ranks(values):
    """Ranks from 1, equal values at their mean rank."""
    order = np.argsort(values, kind="mergesort")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    for value in np.unique(values):
        same = values == value
        ranks[same] = ranks[same].mean()
    return ranks


def _pearson(one, other):
    one = one - one.mean()
    other = other - other.mean()
    size = math.sqrt(float((one * one).sum()) * float((other * other).sum()))
    # 0 where one side does not vary; rounding may exceed 1
    return max(-1.0, min(1.0, float((one * other).sum()) / size)) if size > 0 else 0.0


def _f1(wanted, predicted, of):
    hits = int(((predicted == of) & (wanted == of)).sum())
    all_of = int((predicted == of).sum()) + int((wanted == of).sum())
    return 2 * hits / all_of if all_of else 0.0


def _matthews(wanted, predicted):
    """Gorodkin's R_K, which is Matthews' coefficient for two classes; 0 where it is not defined, as scikit-learn has it."""
    known = np.unique(np.concatenate([wanted, predicted]))
    w = np.array([[float(x == c) for c in known] for x in wanted])
    p = np.array([[float(x == c) for c in known] for x in predicted])
    w = w - w.mean(axis=0)
    p = p - p.mean(axis=0)
    size = math.sqrt(float((w * w).sum()) * float((p * p).sum()))
    return float((w * p).sum()) / size if size > 0 else 0.0


def _unknown(names):
    """Metrics of logits of which some are no finite numbers: a prediction of these rows would be made up."""
    return {name: math.nan for name in names}


def classification(logits, wanted, classes):
    """logits [rows, classes], wanted [rows]."""
    if not np.isfinite(logits).all():
        return _unknown(("accuracy", "matthews", "f1"))
    predicted = logits.argmax(axis=1)
    found = {"accuracy": float((predicted == wanted).mean()), "matthews": _matthews(wanted, predicted)}
    if classes == 2:
        found["f1"] = _f1(wanted, predicted, 1)
    else:
        known = np.unique(np.concatenate([wanted, predicted]))
        found["f1"] = float(np.mean([_f1(wanted, predicted, c) for c in known]))
    return found


def regression(logits, wanted):
    """logits [rows, 1], wanted [rows]."""
    if not np.isfinite(logits).all():
        return _unknown(("pearson", "spearman"))
    predicted = logits.reshape(-1).astype(np.float64)
    wanted = wanted.astype(np.float64)
    return {"pearson": _pearson(predicted, wanted), "spearman": _pearson(_ranks(predicted), _ranks(wanted))}


def causal_lm(loss):
    """Of the mean loss a token; infinite where it exceeds all numbers."""
    try:
        return {"perplexity": math.exp(loss)}
    except OverflowError:
        return {"perplexity": math.inf}

"""Rank correlations by SciPy for RankCorrelationTest: python agreement_golden.py (needs scipy)."""

from scipy.stats import kendalltau, spearmanr

PAIRS = [
    ([0.3, 0.1, 0.4, 0.1, 0.5, 0.9, 0.2, 0.6], [0.5, 0.2, 0.2, 0.3, 0.5, 0.8, 0.1, 0.5]),
    ([1, 2, 3, 4, 5, 6, 7], [2, 1, 4, 3, 7, 5, 6]),
    ([1, 1, 1, 2, 2, 3], [3, 2, 2, 1, 1, 1]),
]

for x, y in PAIRS:
    print(x, y, repr(float(kendalltau(x, y).statistic)), repr(float(spearmanr(x, y).statistic)))

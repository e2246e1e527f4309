"""
Computes golden/shapes.json: distances of small matrices by netrep (github.com/ahwillia/netrep, MIT, commit 0186b8a) and their distance
correlation by SciPy's distances: shape_golden.py NETREP_FOLDER GOLDEN. Needs numpy, scipy and scikit-learn.
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.spatial.distance import pdist, squareform

sys.path.insert(0, sys.argv[1])
from netrep.metrics import LinearMetric  # noqa: E402


def distance_correlation(x, y):
    def centred(values):
        distances = squareform(pdist(values))
        return distances - distances.mean(0) - distances.mean(1)[:, None] + distances.mean()

    a, b = centred(x), centred(y)
    return float(np.sqrt((a * b).mean() / np.sqrt((a * a).mean() * (b * b).mean())))


cases = []
draws = np.random.default_rng(7)
for rows, left, right in ((12, 5, 7), (9, 4, 4), (6, 10, 3)):
    x = draws.normal(size=(rows, left)).astype("f4").astype("f8")
    y = (0.5 * x @ draws.normal(size=(left, right)) + draws.normal(size=(rows, right))).astype("f4").astype("f8")
    cases.append(
        {
            "x": x.tolist(),
            "y": y.tolist(),
            "angle": float(LinearMetric(alpha=1.0, score_method="angular").fit_score(x, y)),
            "distance_correlation": distance_correlation(x, y),
        }
    )
(Path(sys.argv[2]) / "shapes.json").write_text(json.dumps(cases) + "\n")

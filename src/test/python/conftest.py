"""Finds the program that Layerwise sends to clusters where it lies among the resources."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "src/main/resources/org/layerwise/remote/job"))

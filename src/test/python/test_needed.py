"""A package that is too old is refused before anything is computed with it."""

import json
import sys

import pytest
import torch
from layerwise_job import extract, needed, train


@pytest.mark.parametrize("version", ["4.48.3", "4.9", "3.50.0"])
def test_a_version_that_is_too_old_is_refused(version, monkeypatch):
    monkeypatch.setattr("transformers.__version__", version)
    with pytest.raises(ImportError, match=r"^transformers %s is too old .* -m pip install \"transformers>=4\.49\"\.$" % version):
        needed.require()


@pytest.mark.parametrize("version", ["4.49", "4.49.0", "4.49.0.dev0", "4.100.1+local", "5.0.0rc1"])
def test_others_are_not(version, monkeypatch):
    monkeypatch.setattr("transformers.__version__", version)
    needed.require()


def test_a_missing_package_is_told_with_its_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(ImportError, match=r"^peft is not there, .* -m pip install \"peft>=0\.15\"\.$"):
        needed.require()


@pytest.mark.parametrize("adapter", [False, True])
def test_an_extraction_needs_peft_for_an_adapter_only(adapter, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "peft", None)
    monkeypatch.setattr(extract, "work", lambda *any: 7)
    plan = {"version": 1, "kind": "extract", "model": "m", "dtype": "float32", **({"adapter_sha256": "0"} if adapter else {})}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    arguments = (str(tmp_path), str(tmp_path / "run"), None, None, False, torch.device("cpu"))
    if adapter:
        with pytest.raises(ImportError, match="peft is not there"):
            train.work(*arguments)
    else:
        assert train.work(*arguments) == 7

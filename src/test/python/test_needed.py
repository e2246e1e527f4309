"""A package that is too old is refused before anything is computed with it."""

import pytest
from layerwise_job import needed


@pytest.mark.parametrize("version", ["4.48.3", "4.9", "3.50.0"])
def test_a_version_that_is_too_old_is_refused(version, monkeypatch):
    monkeypatch.setattr("transformers.__version__", version)
    with pytest.raises(ImportError, match=r"^transformers %s is too old .* -m pip install \"transformers>=4\.49\"\.$" % version):
        needed.require()


@pytest.mark.parametrize("version", ["4.49", "4.49.0", "4.49.0.dev0", "4.100.1+local", "5.0.0rc1"])
def test_others_are_not(version, monkeypatch):
    monkeypatch.setattr("transformers.__version__", version)
    needed.require()

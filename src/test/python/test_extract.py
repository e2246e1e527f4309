"""Parts of an extraction: what an attempt that was cut off has left counts only for the model that it was made of."""

import os

import torch

from layerwise_job import extract
from layerwise_job.model import fingerprint


class Silent:
    def add(self, rows):
        pass


def test_a_part_of_other_weights_is_made_anew(tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.safetensors").write_bytes(b"one")
    part = str(tmp_path / "part-0-of-1.safetensors")
    source = fingerprint(str(model))
    assert not extract.written(part, source)
    extract.write({}, None, [], [], 0, part, source, torch.nn.Identity(), "float32", torch.device("cpu"), Silent())
    assert extract.written(part, fingerprint(str(model)))

    (model / "model.safetensors").write_bytes(b"two")
    os.utime(model / "model.safetensors", ns=(1, 1))
    assert not extract.written(part, fingerprint(str(model)))
    (tmp_path / "part-0-of-1.safetensors").write_bytes(b"cut")
    assert not extract.written(part, source)
    assert fingerprint("org/name") == ""

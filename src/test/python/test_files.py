"""Files are whole or not there."""

import json
import os

import pytest

from layerwise_job import files


def test_a_folder_that_could_not_be_filled_leaves_the_earlier_one(tmp_path):
    path = str(tmp_path / "folder")
    files.write_folder(path, lambda beside: files.write_text(os.path.join(beside, "a"), "first"))

    def fails(beside):
        files.write_text(os.path.join(beside, "a"), "second")
        raise OSError("no room")

    with pytest.raises(OSError):
        files.write_folder(path, fails)
    assert (tmp_path / "folder/a").read_text() == "first"


def test_metrics_go_on_where_the_checkpoint_was(tmp_path):
    path = str(tmp_path / "metrics.jsonl")
    log = files.MetricsLog(path)
    log.write({"step": 1})
    kept = log.position()
    log.write({"step": 2})
    log.close()
    again = files.MetricsLog(path, kept)
    again.write({"step": 2, "again": True})
    again.close()
    assert [json.loads(line) for line in open(path)] == [{"step": 1}, {"step": 2, "again": True}]


def test_the_manifest_names_every_file_but_itself(tmp_path):
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter/a").write_text("abc")
    (tmp_path / "b.part").write_text("unfinished")
    files.manifest(str(tmp_path))
    files.manifest(str(tmp_path))
    assert json.loads((tmp_path / "results.json").read_text()) == {
        "version": 1,
        "files": {
            "adapter/a": {"sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "bytes": 3}
        },
    }

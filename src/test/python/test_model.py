"""Where the job's program reads weights from: safetensors only, since a pickle may hold code."""

import os

import pytest
import torch
from layerwise_job import model as job_model
from peft import LoraConfig, get_peft_model
from transformers import BertConfig, BertForSequenceClassification

PLAN = {"task": "classification", "outputs": 2, "pad_id": 0}
CPU = torch.device("cpu")


@pytest.fixture
def bert():
    torch.manual_seed(1)
    return BertForSequenceClassification(
        BertConfig(vocab_size=50, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, max_position_embeddings=16)
    )


def test_a_model_of_pickles_is_refused(bert, tmp_path):
    folder = str(tmp_path / "model")
    bert.save_pretrained(folder, safe_serialization=False)
    assert os.listdir(folder).count("pytorch_model.bin") == 1
    for read in (
        lambda: job_model.with_head(PLAN, folder, CPU, "float32", False),
        lambda: job_model.without_head(PLAN, folder, None, CPU, "float32"),
    ):
        with pytest.raises(OSError, match="safetensors"):
            read()
    bert.save_pretrained(folder, safe_serialization=True)
    assert job_model.with_head(PLAN, folder, CPU, "float32", False).num_labels == 2


def test_an_adapter_of_pickles_is_refused(bert, tmp_path):
    folder = str(tmp_path / "adapter")
    adapted = get_peft_model(bert, LoraConfig(r=2, target_modules=["query"], task_type="SEQ_CLS"))
    adapted.save_pretrained(folder, safe_serialization=False)
    base = adapted.unload()
    with pytest.raises(FileNotFoundError, match="adapter_model.safetensors"):
        job_model.with_adapter(base, folder, True, False)

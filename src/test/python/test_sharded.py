"""Of weights that are shared out, only the first worker reads any, and the model is the same."""

import json
import os
import socket

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing
from conftest import ROOT

from layerwise_job import model
from layerwise_job.sharded import shard

GOLDEN = ROOT / "src/test/resources/golden"
CPU = torch.device("cpu")
ADAPTERS = {
    "lora_bert": ("bert", {"task": "classification", "outputs": 3}),
    "lora_bert_bias": ("bert", {"task": "classification", "outputs": 3}),
    "lora_bert_dora": ("bert", {"task": "classification", "outputs": 3}),
    "lora_llama": ("llama", {"task": "causal-lm"}),
    "lora_llama_pissa": ("llama", {"task": "causal-lm"}),
    "lora_llava": ("llava", {"task": "causal-lm", "vision": True}),
}
MODELS = (
    "bert roberta xlm_roberta distilbert electra deberta_v3 modernbert gpt2 llama llama_dynamic llama_sharded_bf16 mistral gemma gemma2"
    " phi3_longrope qwen2 qwen3 llava"
).split()


def described(loaded):
    return [(name, value.shape, value.dtype, value.requires_grad) for name, value in loaded.named_parameters()]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_an_empty_model_is_as_the_one_that_is_read(adapter, dtype):
    base, plan = ADAPTERS[adapter]
    plan = {"pad_id": 0, "gradient_checkpointing": True, **plan}
    folder = str(GOLDEN / adapter / "adapter_init")
    whole = model.load(plan, str(GOLDEN / base), folder, CPU, dtype)
    empty = model.load(plan, str(GOLDEN / base), folder, CPU, dtype, empty=True)
    assert described(empty) == described(whole)
    assert all(parameter.is_meta for parameter in empty.parameters())
    assert any(parameter.requires_grad for parameter in empty.parameters())
    for name, buffer in whole.named_buffers():
        assert torch.equal(dict(empty.named_buffers())[name], buffer), "buffers are made as always"


def plan_of(name):
    base, plan = ADAPTERS.get(name, (name, {"task": "causal-lm"}))
    return {"pad_id": 0, "vision": base == "llava", **plan}, str(GOLDEN / base), str(GOLDEN / name / "adapter_init") if name in ADAPTERS else None


def states(loaded, vision):
    torch.manual_seed(3)
    inputs = {"input_ids": torch.randint(7, 20, (3, 12)), "attention_mask": torch.ones(3, 12, dtype=torch.long)}
    if vision:
        config = getattr(loaded, "inside", loaded).config
        size = config.vision_config.image_size
        inputs["pixel_values"] = torch.rand(3, 3, size, size)
        tokens = (size // config.vision_config.patch_size) ** 2
        ids = torch.full((3, tokens), config.image_token_id)
        inputs = {**inputs, "input_ids": torch.cat([ids, inputs["input_ids"]], 1), "attention_mask": torch.ones(3, 12 + tokens, dtype=torch.long)}
    with torch.no_grad():
        return loaded(**inputs, output_hidden_states=True).hidden_states


def worker(rank, port, out):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), RANK=str(rank), WORLD_SIZE="2")
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    found = {}
    for name in [*MODELS, *ADAPTERS]:
        plan, base, adapter = plan_of(name)
        whole = states(model.without_head(plan, base, adapter, CPU, "float32"), plan["vision"])
        mine = model.without_head(plan, base, adapter, CPU, "float32", empty=rank > 0)
        total = sum(parameter.numel() for parameter in mine.parameters())
        shared = shard(mine, CPU)
        held = sum(getattr(parameter, "to_local", lambda: parameter)().numel() for parameter in shared.parameters())
        parts = states(shared, plan["vision"])
        found[name] = (max((a - b).abs().max().item() for a, b in zip(whole, parts)), len(whole) == len(parts), held / total)
    with open(out % rank, "w", encoding="utf-8") as file:
        json.dump(found, file)
    dist.barrier()
    dist.destroy_process_group()


def test_workers_that_read_nothing_have_the_model_of_the_first(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    torch.multiprocessing.spawn(worker, (port, str(tmp_path / "%d.json")), nprocs=2)
    for rank in range(2):
        found = json.loads((tmp_path / f"{rank}.json").read_text())
        assert found.keys() == {*MODELS, *ADAPTERS}
        for name, (difference, same, held) in found.items():
            assert same and difference < 1e-5, name
            assert held < 0.75, (name, "is held by each worker as a whole")

"""Where the job's program reads weights from: safetensors only, since a pickle may hold code; and what an adapter makes of them."""

import json
import os

import pytest
import torch
from layerwise_job import model as job_model
from peft import LoraConfig, PeftConfig, get_peft_model
from safetensors.torch import save_file
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoModelForSequenceClassification,
    BertConfig,
    BertForSequenceClassification,
)

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
    bert.save_pretrained(folder)
    os.remove(os.path.join(folder, "model.safetensors"))
    torch.save(bert.state_dict(), os.path.join(folder, "pytorch_model.bin"))
    for read in (
        lambda: job_model.with_head(PLAN, folder, CPU, "float32", False),
        lambda: job_model.without_head(PLAN, folder, None, CPU, "float32"),
    ):
        with pytest.raises(OSError, match="safetensors"):
            read()
    bert.save_pretrained(folder)
    assert job_model.with_head(PLAN, folder, CPU, "float32", False).num_labels == 2


def test_rotary_positions_of_transformers_5_are_no_matter_of_transformers_4(bert, tmp_path):
    folder = str(tmp_path / "model")
    bert.save_pretrained(folder)
    config = os.path.join(folder, "config.json")
    with open(config, encoding="utf-8") as file:
        written = json.load(file)
    written["text_config"] = {"rope_parameters": {"rope_theta": 5.0}}
    with open(config, "w", encoding="utf-8") as file:
        json.dump(written, file)
    with pytest.raises(ValueError, match="saved by transformers 5 .*4.55.4"):
        job_model.require_knows_rope(folder, {}, "4.55.4")
    job_model.require_knows_rope(folder, {}, "5.24.0")


def test_a_model_with_an_adapter_beside_it_is_refused(bert, tmp_path):
    """transformers reads the adapter and the base model that it names."""
    folder = str(tmp_path / "model")
    adapted = get_peft_model(bert, LoraConfig(r=2, target_modules=["query"], task_type="SEQ_CLS"))
    adapted.save_pretrained(folder)
    adapted.unload().save_pretrained(folder)
    with pytest.raises(ValueError, match="holds an adapter, too"):
        job_model.with_head(PLAN, folder, CPU, "float32", False)


def test_an_adapter_of_pickles_is_refused(bert, tmp_path):
    folder = str(tmp_path / "adapter")
    adapted = get_peft_model(bert, LoraConfig(r=2, target_modules=["query"], task_type="SEQ_CLS"))
    adapted.save_pretrained(folder, safe_serialization=False)
    base = adapted.unload()
    with pytest.raises(FileNotFoundError, match="adapter_model.safetensors"):
        job_model.with_adapter(base, folder, True, False)


@pytest.mark.parametrize("empty", [False, True])
def test_a_tensor_that_versions_of_peft_call_a_bias_or_not_is_refused(bert, tmp_path, empty):
    """Such as that of gated delta networks: trained with bias=all before PEFT 0.21, and not after."""
    folder = str(tmp_path / "adapter")
    bert.bert.pooler.dt_bias = torch.nn.Parameter(torch.ones(3))
    adapted = get_peft_model(bert, LoraConfig(r=2, target_modules=["query"], task_type="SEQ_CLS", bias="all"))
    trained = [name for name, parameter in adapted.named_parameters() if parameter.requires_grad and name.endswith("dt_bias")]
    adapted.save_pretrained(folder)
    base = adapted.unload()
    if trained:
        with pytest.raises(ValueError, match="would train .*dt_bias with bias=all"):
            job_model.with_adapter(base, folder, True, empty)
    else:
        job_model.with_adapter(base, folder, True, empty)


def pissa(bert, folder):
    """An adapter whose principal part beside it is no SVD of the weights: PEFT cannot find it again."""
    adapted = get_peft_model(bert, LoraConfig(r=2, target_modules=["value"], task_type="SEQ_CLS"))
    for name, parameter in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter)
    adapted.save_pretrained(folder)
    adapted.save_pretrained(os.path.join(folder, job_model.PRINCIPAL))
    config = PeftConfig.from_pretrained(folder)
    config.init_lora_weights = "pissa_niter_2"
    config.save_pretrained(folder)
    adapted.unload()


def test_pissa_takes_out_of_the_weights_what_the_job_says(bert, tmp_path):
    folder, adapter = str(tmp_path / "model"), str(tmp_path / "adapter")
    bert.eval().save_pretrained(folder)
    inputs = {"input_ids": torch.arange(1, 9)[None]}

    def hidden(model):
        return model(**inputs, output_hidden_states=True).hidden_states[-1]

    expected = hidden(bert)
    pissa(bert, adapter)
    adapted = job_model.load(PLAN, folder, adapter, CPU, "float32").eval()
    untouched = job_model.frozen_sha256(adapted)
    assert untouched == job_model.frozen_sha256(job_model.load(PLAN, folder, adapter, CPU, "float32"))
    assert (hidden(adapted) - expected).abs().max() > 0.01
    job_model.take_out(adapted, adapter)
    assert torch.allclose(hidden(adapted), expected, atol=1e-5)
    assert job_model.frozen_sha256(adapted) != untouched
    adapted.save_pretrained(str(tmp_path / "saved"))
    assert PeftConfig.from_pretrained(str(tmp_path / "saved")).init_lora_weights == "pissa_niter_2"
    encoder = job_model.without_head(PLAN, folder, adapter, CPU, "float32")
    assert torch.allclose(hidden(encoder), expected, atol=1e-5)


def test_a_principal_part_of_other_modules_is_refused(bert, tmp_path):
    folder, adapter = str(tmp_path / "model"), str(tmp_path / "adapter")
    bert.save_pretrained(folder)
    pissa(bert, adapter)
    other = {"base_model.model.other" + end: torch.zeros(2, 2) for end in (job_model.LORA_A, job_model.LORA_B)}
    save_file(other, os.path.join(adapter, job_model.PRINCIPAL, job_model.WEIGHTS))
    with pytest.raises(ValueError, match="principal part of base_model.model.other"):
        job_model.take_out(job_model.load(PLAN, folder, adapter, CPU, "float32"), adapter)


SMALL = {"vocab_size": 50, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16, "pad_token_id": 0}
DROPOUTS = {
    "bert": {"hidden_dropout_prob": 0.5, "attention_probs_dropout_prob": 0.5},
    "roberta": {"hidden_dropout_prob": 0, "classifier_dropout": 0.5},
    "llama": {"attention_dropout": 0.5},
    "modernbert": {"attention_dropout": 0.5, "mlp_dropout": 0.5},
}


def with_dropout(kind, probability, folder, empty=False):
    config = AutoConfig.for_model(kind, **SMALL, **DROPOUTS[kind])
    AutoModelForSequenceClassification.from_config(config).save_pretrained(folder)
    return job_model.with_head(PLAN | {"model_dropout": probability}, folder, CPU, "float32", empty)


@pytest.mark.parametrize("kind", DROPOUTS)
def test_no_dropout_of_the_model_where_the_plan_says_0(kind, tmp_path):
    model = with_dropout(kind, 0.0, str(tmp_path))
    inputs = {"input_ids": torch.arange(3, 19)[None]}
    assert torch.equal(model.train()(**inputs).logits, model.eval()(**inputs).logits)


@pytest.mark.parametrize("empty", (False, True))
@pytest.mark.parametrize("kind", DROPOUTS)
def test_every_dropout_of_the_model_is_the_plans(kind, empty, tmp_path):
    model = with_dropout(kind, 0.25, str(tmp_path), empty)
    found = [module.p for module in model.modules() if isinstance(module, torch.nn.Dropout)]
    found += [module.attention_dropout for module in model.modules() if isinstance(getattr(module, "attention_dropout", None), float)]
    assert set(found) == {0.25}
    layers = 2
    places = {"bert": 1 + 3 * layers + 1, "roberta": 1 + 3 * layers + 1, "llama": layers, "modernbert": 1 + 3 * layers + 1}
    assert len(found) == places[kind]


def test_the_models_own_dropout_stays_without_another_one(tmp_path):
    model = with_dropout("llama", None, str(tmp_path))
    assert model.model.layers[0].self_attn.attention_dropout == 0.5


@pytest.mark.parametrize("probability", (None, 0.25))
def test_the_vision_part_drops_nothing(probability, tmp_path):
    """It is not trained, and is computed without dropout on a desktop."""
    vision = {**SMALL, "model_type": "clip_vision_model", "image_size": 4, "patch_size": 2, "attention_dropout": 0.5}
    config = AutoConfig.for_model("llava", vision_config=vision, text_config={**SMALL, "model_type": "llama"}, image_token_index=5)
    AutoModelForImageTextToText.from_config(config).save_pretrained(str(tmp_path))
    plan = {"task": "causal-lm", "vision": True, "model_dropout": probability}
    model = job_model.with_head(plan, str(tmp_path), CPU, "float32", False).train()
    found = {name: module.dropout for name, module in model.named_modules() if "vision" in name and name.endswith("self_attn")}
    assert len(found) == SMALL["num_hidden_layers"] and set(found.values()) == {0.0}


def test_a_text_model_may_have_an_entry_of_a_vision_model(tmp_path):
    config = AutoConfig.for_model("llama", **SMALL, vision_config={"attention_dropout": 0.5})
    AutoModelForCausalLM.from_config(config).save_pretrained(str(tmp_path))
    plan = {"task": "causal-lm", "model_dropout": 0.25}
    model = job_model.with_head(plan, str(tmp_path), CPU, "float32", False)
    assert model.model.layers[0].self_attn.attention_dropout == 0.25


def test_neither_biases_nor_norms_decay_and_only_b_is_faster(tmp_path):
    config = AutoConfig.for_model("modernbert", **SMALL)
    model = AutoModelForSequenceClassification.from_config(config)
    lora = LoraConfig(r=2, target_modules=["Wqkv"], modules_to_save=["head", "classifier"], lora_bias=False, task_type="SEQ_CLS")
    adapted = get_peft_model(model, lora)
    trained = {name: parameter for name, parameter in adapted.named_parameters() if parameter.requires_grad}
    trained["lora_B.default.bias"] = torch.nn.Parameter(torch.zeros(4))  # of an adapter with lora_bias
    found = {}
    for group in job_model.groups(trained.items(), {"lora_plus_ratio": 16.0, "weight_decay": 0.5}):
        for parameter in group["params"]:
            name = next(name for name, own in trained.items() if own is parameter)
            found[name] = (group["weight_decay"], group["times"])
    assert {name for name, (decay, _) in found.items() if decay == 0} == {
        name for name in trained if name.endswith(".bias") or ".norm." in name
    }
    assert {name for name, (_, times) in found.items() if times == 16} == {name for name in trained if "lora_B.default.weight" in name}
    assert len(found) == len(trained) and any(".norm." in name for name in trained)


@pytest.mark.parametrize(
    ("kind", "more", "eager"),
    (
        ("llama", {}, False),
        ("gemma2", {"head_dim": 4}, True),
        ("gpt2", {}, False),
        ("gpt2", {"scale_attn_by_inverse_layer_idx": True}, True),
        ("gpt2", {"scale_attn_weights": False}, True),
    ),
)
def test_what_pytorchs_attention_leaves_out_is_computed_otherwise(kind, more, eager, tmp_path):
    config = AutoConfig.for_model(kind, **SMALL, **more)
    AutoModelForSequenceClassification.from_config(config).save_pretrained(str(tmp_path))
    kinds = {"attn_implementation": "sdpa", "torch_dtype": torch.float32}  # as on a GPU
    model = job_model.read(AutoModelForSequenceClassification, str(tmp_path), kinds, False)
    assert model.config._attn_implementation == ("eager" if eager else "sdpa")

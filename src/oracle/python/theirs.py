"""Adapters of random weights, as HuggingFace PEFT writes them, read by Layerwise."""

import dataclasses
import functools
import json
import re

import peft
import torch
from safetensors.torch import load_file, save_file

from tiny import CAUSAL_LM, CLASSIFICATION, DECODERS, ENCODERS, REGRESSION, TODAY, VERSION, Tiny, changed, today


@dataclasses.dataclass
class _Words:
    """What PEFT calls the modules of a family."""

    attention: str
    feed_forward: str
    layers: str
    saved: str | None
    biases: bool


_BERT = _Words("query", "output.dense", "layer", None, True)
_LLAMA = _Words("q_proj", "down_proj", "layers", "lm_head", False)
_WORDS = {
    "bert": dataclasses.replace(_BERT, saved="pooler"),
    "roberta": _BERT,
    "xlm-roberta": _BERT,
    "electra": _BERT,
    "distilbert": _Words("q_lin", "lin2", "layer", "pre_classifier", True),
    "deberta": _Words("query_proj", "output.dense", "layer", "pooler", True),
    "modernbert": _Words("Wqkv", "mlp.Wo", "layers", "head", False),
    "gpt2": _Words("c_attn", "mlp.c_proj", "h", None, True),
    "llama": _LLAMA,
    "mistral": _LLAMA,
    "qwen2": dataclasses.replace(_LLAMA, biases=True),
    "qwen3": _LLAMA,
    "gemma": dataclasses.replace(_LLAMA, saved=None),
    "gemma2": dataclasses.replace(_LLAMA, saved=None),
    "phi3": dataclasses.replace(_LLAMA, attention="qkv_proj"),
}
_MIXTURE = dataclasses.replace(_LLAMA, feed_forward="o_proj")
_HYBRID = dataclasses.replace(_LLAMA, feed_forward="out_proj")
_WORDS |= {family: dataclasses.replace(_LLAMA, saved=None) for family in TODAY}
_WORDS |= {family: _MIXTURE for family in ("mixtral", "qwen3_moe", "olmoe", "gpt_oss")}
_WORDS |= {family: _HYBRID for family in ("qwen3_next", "qwen3_5")}
_WORDS |= {
    "gemma4_e": dataclasses.replace(_LLAMA, feed_forward="per_layer_projection", saved=None),
    "starcoder2": dataclasses.replace(_LLAMA, feed_forward="c_proj", saved=None, biases=True),
    "gpt_neox": _Words("query_key_value", "dense_4h_to_h", "layers", None, True),
}
_OF_TODAY = ("LoRA", "DoRA", "PiSSA", "rank pattern", "some layers", "all-linear", "bias all", "modules to save")
# names of the experts in a layer; PEFT 0.21 takes them for linear modules, Layerwise does not
EXPERTS = {family: "mlp.experts" for family in ("mixtral", "qwen3_moe", "olmoe", "gpt_oss", "qwen3_next")} | {"gemma4_moe": "experts"}
# MiSS, an adapter of its own kind; of rank 5, whose last shard of an input of 48 is shorter
MISS = {"peft_type": "MISS"}
MISS_5 = MISS | {"r": 5}
LLAVA = r".*language_model.*layers\.(0|2)\.(self_attn\.(q|v)_proj|mlp\.down_proj)"


def _variants(family):
    """Names, and what differs from plain LoRA of the family's usual targets."""
    words = _WORDS[family]
    first, second, pattern = words.attention, re.escape(words.feed_forward), words.layers
    yield "LoRA", {}
    yield "rsLoRA", {"use_rslora": True}
    yield "DoRA", {"use_dora": True}
    yield "DoRA, rsLoRA", {"use_dora": True, "use_rslora": True}
    yield "PiSSA", {"init_lora_weights": "pissa"}
    yield "gaussian", {"init_lora_weights": "gaussian"}
    yield "rank pattern", {"rank_pattern": {first: 2, rf".*\.1\..*{second}": 7}}
    yield "alpha pattern", {"alpha_pattern": {second: 3}, "rank_pattern": {rf".*\.2\..*{first}": 5}}
    yield "some layers", {"layers_to_transform": [1, 3]}
    yield "one layer", {"layers_to_transform": 2}
    yield "layers pattern", {"layers_to_transform": [0, 2], "layers_pattern": pattern}
    yield "regular expression", {"target_modules": rf".*\.[02]\..*{second}"}
    # PEFT itself cannot put adapters on a module of the head that it saves
    yield "all-linear", {"target_modules": "all-linear", "exclude_modules": ["pre_classifier"]}
    yield "excluded modules", {"exclude_modules": rf".*\.1\..*{first}"}
    if words.biases:
        yield "bias all", {"bias": "all"}
        yield "bias lora_only", {"bias": "lora_only"}
        yield "bias of B", {"lora_bias": True}
    if words.saved:
        yield "modules to save", {"modules_to_save": [words.saved]}


def _of_today(family):
    for name, settings in _variants(family):
        if name not in _OF_TODAY or (name == "all-linear" and family in EXPERTS):
            continue
        # outside of the layers, where Layerwise has no adapters
        outside = {"exclude_modules": ["per_layer_model_projection"]} if name == "all-linear" and family == "gemma4_e" else {}
        yield name, settings | outside


def experts(family):
    """The settings of adapters on experts."""
    return {"target_parameters": [f"{EXPERTS[family]}.{part}" for part in ("gate_up_proj", "down_proj")]}


_LLAVA_VARIANTS = [
    ("LoRA", {}),
    ("rsLoRA", {"use_rslora": True}),
    ("DoRA", {"use_dora": True}),
    ("PiSSA", {"init_lora_weights": "pissa"}),
    ("rank pattern", {"rank_pattern": {"down_proj": 2}}),
    ("alpha pattern", {"alpha_pattern": {"q_proj": 3}}),
    ("modules to save", {"modules_to_save": ["lm_head"]}),
    (
        "layers pattern",
        {
            "target_modules": ["q_proj", "down_proj"],
            "layers_to_transform": [1, 3],
            "layers_pattern": ["language_model.layers", "language_model.model.layers"],
        },
    ),
]

# family, name, settings, and the task of the head where it is not the usual one; the number of a case is its seed, so new ones
# stand at the end: of hundreds of models with random weights, a few have a token whose logits hang on rounding
_CASES = [
    *((family, name, settings, None) for family in (*ENCODERS, *DECODERS) for name, settings in _variants(family)),
    *(
        (family, name, settings, None)
        for family in (TODAY if VERSION >= 5 else ())
        for name, settings in _of_today(family)
    ),
    ("bert", "full names", {"target_modules": ["bert.encoder.layer.1.attention.self.query", "output.dense"]}, None),
    ("bert", "regression", {}, REGRESSION),
    ("llama", "classifier", {}, CLASSIFICATION),
    ("qwen2", "classifier", {"use_dora": True}, CLASSIFICATION),
    ("mistral", "classifier", {"bias": "all"}, CLASSIFICATION),
    *(("llava", name, settings, None) for name, settings in _LLAVA_VARIANTS),
    # PEFT takes GPT-2's turned weights for others
    *(
        (family, "OLoRA", {"init_lora_weights": "olora"}, None)
        for family in (*ENCODERS, *DECODERS, *(TODAY if VERSION >= 5 else ()))
        if family != "gpt2"
    ),
    *(
        (family, name, experts(family) | settings, None)
        for family in (EXPERTS if VERSION >= 5 else ())
        for name, settings in (
            ("experts", {}),
            ("experts alone, rank pattern", {"target_modules": [], "rank_pattern": {"experts.down_proj": 2}}),
        )
    ),
    # Layerwise has none on GPT-2's turned weights
    *((family, "MiSS", MISS, None) for family in (*ENCODERS, *DECODERS, "llava") if family != "gpt2"),
    *((family, "MiSS", MISS, None) for family in (TODAY if VERSION >= 5 else ())),
    ("bert", "MiSS, rank 5", MISS_5, None),
    ("llama", "MiSS, rank 5", MISS_5, None),
    ("bert", "MiSS, some layers", MISS | {"layers_to_transform": [1, 3]}, None),
    ("llama", "MiSS, modules to save", MISS | {"modules_to_save": ["lm_head"]}, None),
]


def make(folder, model, settings, seed, noise=0.1):
    """Puts an adapter on a model, changes it by noise and saves it; PEFT's model with it, as it was before it was saved."""
    torch.manual_seed(seed)
    targets = LLAVA
    if model.family != "llava":
        targets = [_WORDS[model.family].attention, _WORDS[model.family].feed_forward]
    usual = {
        "r": 4,
        "lora_alpha": 6,
        "target_modules": targets,
        "task_type": "CAUSAL_LM" if model.task == CAUSAL_LM else "SEQ_CLS",
    }
    kind = peft.LoraConfig
    if settings.get("peft_type") == "MISS":
        today("MiSS")
        kind = peft.MissConfig
        del usual["lora_alpha"]
    adapted = peft.get_peft_model(model.load(), kind(**{**usual, **settings}))
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            parameter.data += noise * torch.randn_like(parameter)
    adapted.save_pretrained(folder)
    return adapted.eval()


def _older_names(folder):
    """Renames the modules of a LLaVA adapter to what they were called before transformers 4.52."""
    file = folder / "adapter_model.safetensors"
    renamed = {}
    for name, value in load_file(file).items():
        older = name.replace("base_model.model.model.language_model.", "base_model.model.language_model.model.")
        renamed[older.replace("base_model.model.lm_head.", "base_model.model.language_model.lm_head.")] = value
    save_file(renamed, file, {"format": "pt"})
    config = json.loads((folder / "adapter_config.json").read_text())
    if isinstance(config["target_modules"], str):
        config["target_modules"] = r"language_model\.model\.layers\.(0|2)\.(self_attn\.(q|v)_proj|mlp\.down_proj)"
    (folder / "adapter_config.json").write_text(json.dumps(config))


def checks(report, layerwise):
    model_of = functools.cache(lambda family, task: Tiny(layerwise.fresh(family), family, 7, task))
    for seed, (family, name, settings, task) in enumerate(_CASES):

        def made(family=family, settings=settings, task=task, seed=seed, older=False):
            model = model_of(family, task)
            adapter = layerwise.fresh("adapter")
            make(adapter, model, settings, seed)
            # what PEFT reads from its own file: it forgets biases of lora_only when it saves
            rows, judge = model.rows(seed), model.with_adapter(adapter)
            if older:
                _older_names(adapter)
            theirs = rows.logits(judge)
            changed(rows.logits(model.load()), theirs)
            yield rows.ours(layerwise, model.folder, adapter), theirs

        report.check(f"PEFT to Layerwise, {family} {name}", made)
        if family == "llava":
            report.check(f"PEFT to Layerwise, {family} {name}, older names", functools.partial(made, older=True))
    with_vision = functools.partial(_with_vision, layerwise, model_of)
    report.refused("PEFT to Layerwise, llava with adapters on its vision tower", "vision_tower", with_vision)


def _with_vision(layerwise, model_of):
    """Bare names mean the vision tower too, and Layerwise has adapters on the language model only."""
    model = model_of("llava", None)
    adapter = layerwise.fresh("adapter")
    make(adapter, model, {"target_modules": ["q_proj"]}, 1)
    model.rows(1).ours(layerwise, model.folder, adapter)

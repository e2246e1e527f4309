"""Adapters of random weights, as HuggingFace PEFT writes them, read by Layerwise."""

import json

import peft
import torch
from safetensors.torch import load_file, save_file

import tiny

_ATTENTION = {
    "bert": ["query", "value"],
    "roberta": ["query", "value"],
    "distilbert": ["q_lin", "v_lin"],
    "deberta": ["query_proj", "value_proj", "output.dense"],
    "modernbert": ["Wqkv", "Wo"],
    "gpt2": ["c_attn", "c_fc"],
}
_LLAMA = ["q_proj", "v_proj", "down_proj"]
LLAVA = r".*language_model.*layers\.(0|2)\.(self_attn\.(q|v)_proj|mlp\.down_proj)"

# name, family, what differs from plain LoRA of the family's usual targets
_CASES = [
    *((f"{family} LoRA", family, {}) for family in ("bert", "roberta", "distilbert", "deberta", "modernbert", "gpt2")),
    *((f"{family} LoRA", family, {}) for family in ("llama", "mistral", "qwen2", "gemma2")),
    *(
        case
        for family, first, second in (("bert", "query", "value"), ("llama", "q_proj", "down_proj"))
        for case in (
            (f"{family} rsLoRA", family, {"use_rslora": True}),
            (f"{family} DoRA", family, {"use_dora": True}),
            (f"{family} DoRA, rsLoRA", family, {"use_dora": True, "use_rslora": True}),
            (f"{family} PiSSA", family, {"init_lora_weights": "pissa"}),
            (f"{family} rank pattern", family, {"rank_pattern": {first: 2, rf"layers?\.1\..*{second}": 7}}),
            (f"{family} alpha pattern", family, {"alpha_pattern": {second: 3}, "rank_pattern": {f"2.*{first}": 5}}),
            (f"{family} some layers", family, {"layers_to_transform": [1, 3]}),
            (f"{family} one layer", family, {"layers_to_transform": 2}),
            (
                f"{family} layers pattern",
                family,
                {"layers_to_transform": [0, 2], "layers_pattern": "layer" if family == "bert" else ["layers"]},
            ),
            (f"{family} regular expression", family, {"target_modules": rf".*\.[02]\..*{second}"}),
            (f"{family} all-linear", family, {"target_modules": "all-linear"}),
        )
    ),
    ("bert full names", "bert", {"target_modules": ["bert.encoder.layer.1.attention.self.query", "output.dense"]}),
    ("bert bias all", "bert", {"bias": "all"}),
    ("bert bias lora_only", "bert", {"bias": "lora_only"}),
    ("bert modules to save", "bert", {"modules_to_save": ["pooler"]}),
    ("deberta DoRA", "deberta", {"use_dora": True}),
    ("deberta bias all", "deberta", {"bias": "all"}),
    ("deberta bias lora_only", "deberta", {"bias": "lora_only"}),
    ("deberta modules to save", "deberta", {"modules_to_save": ["pooler"]}),
    ("llama modules to save", "llama", {"modules_to_save": ["lm_head"]}),
    ("llama classifier LoRA", "llama", {"task": "classifier"}),
    ("llava LoRA", "llava", {"target_modules": LLAVA}),
    ("llava DoRA", "llava", {"target_modules": LLAVA, "use_dora": True}),
    ("llava rank pattern", "llava", {"target_modules": LLAVA, "rank_pattern": {"down_proj": 2}}),
]


def auto_of(family, settings):
    """The class of the model, and the settings without the word that chooses it."""
    settings = dict(settings)
    if settings.pop("task", "") == "classifier" or family in _ATTENTION and family != "gpt2":
        return tiny.CLASSIFIER, settings
    return (tiny.LLAVA if family == "llava" else tiny.LANGUAGE_MODEL), settings


def make(folder, model, family, auto, settings, seed, noise=0.1):
    """Puts an adapter on a model, changes it by noise and saves it; gives the model with it."""
    torch.manual_seed(seed)
    usual = {
        "r": 4,
        "lora_alpha": 6,
        "target_modules": _ATTENTION.get(family, _LLAMA),
        "task_type": "SEQ_CLS" if auto is tiny.CLASSIFIER else "CAUSAL_LM",
        "init_lora_weights": True,
    }
    adapted = peft.get_peft_model(model, peft.LoraConfig(**{**usual, **settings}))
    for name, parameter in adapted.named_parameters():
        if parameter.requires_grad:
            parameter.data += noise * torch.randn_like(parameter)
    adapted.save_pretrained(folder)
    return adapted.eval()


def older_names(folder):
    """Renames the modules of a LLaVA adapter to what they were called before transformers 4.52."""
    file = folder / "adapter_model.safetensors"
    new, old = "base_model.model.model.language_model.", "base_model.model.language_model.model."
    save_file({name.replace(new, old): value for name, value in load_file(file).items()}, file, {"format": "pt"})
    config = json.loads((folder / "adapter_config.json").read_text())
    config["target_modules"] = r"language_model\.model\.layers\.(0|2)\.(self_attn\.(q|v)_proj|mlp\.down_proj)"
    (folder / "adapter_config.json").write_text(json.dumps(config))


def checks(report, layerwise):
    for seed, (name, family, settings) in enumerate(_CASES):
        auto, settings = auto_of(family, settings)

        def made(family=family, auto=auto, settings=settings, seed=seed, older=False):
            model = tiny.make(layerwise.fresh(family), family, auto, seed)
            adapter = layerwise.fresh("adapter")
            adapted = make(adapter, tiny.load(model, auto), family, auto, settings, seed)
            if older:
                older_names(adapter)
            batch = tiny.inputs(seed, pad=1 if family == "roberta" else 0, images=family == "llava")
            yield tiny.valid(layerwise.logits(model, adapter, batch), batch), tiny.logits(adapted, batch)

        report.check(f"PEFT to Layerwise, {name}", made)
        if name == "llava LoRA":
            report.check("PEFT to Layerwise, llava LoRA, older names", lambda made=made: made(older=True))

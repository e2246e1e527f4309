"""
What select exports for those who train elsewhere: the script for PEFT is run, that for Unsloth is run with Unsloth's way of
calling PEFT in place of Unsloth, the files for Axolotl and LLaMA-Factory are parsed by those tools' own classes, and the adapters that all of them make are compared with those of Layerwise's train.
"""

import contextlib
import functools
import io
import os
import re
import sys
import types
import unittest.mock

import peft
import torch
import transformers
import yaml
from safetensors.torch import load_file

from report import same
from tiny import LABELS, Tiny

# what is selected: layers, or single linear maps by a measure of the weights alone, in the end with ranks of a budget
_LAYERS = {"layers": "1,3"}
_MODULES = {"modules": "5"}
_BUDGET = {"budget": "50%"}

# LLaMA-Factory asks for newer libraries than the judges here, and its argument classes do without
os.environ["DISABLE_VERSION_CHECK"] = "1"

# family, name, flags of both select and train, and of select only
_CASES = [
    ("bert", "LoRA", {}, {}),
    ("bert", "everything", {"variant": "dora", "bias": "all", "rank_pattern": "query=2", "modules_to_save": "pooler"}, {}),
    ("deberta", "rsLoRA", {"variant": "rslora", "alpha_pattern": "query_proj=3"}, {}),
    ("llama", "LoRA", {}, {"lora_plus_ratio": 16}),
    ("llama", "DoRA", {"variant": "dora", "target_modules": "q_proj,down_proj"}, {}),
    ("llama", "rsLoRA", {"variant": "rslora", "modules_to_save": "lm_head"}, {}),
    ("llama", "PiSSA", {"variant": "pissa"}, {}),
    ("llama", "PiSSA, 4 iterations", {"variant": "pissa_niter_4"}, {}),
    ("llama", "all-linear", {"target_modules": "all-linear"}, {}),
    ("qwen2", "rank and alpha pattern", {"rank_pattern": "q_proj=2", "alpha_pattern": "v_proj=4"}, {}),
    ("gpt2", "LoRA", {}, {}),
    ("llava", "LoRA", {}, {}),
]
_SINGLE_CASES = [
    ("bert", "single linear maps", _MODULES),
    ("llama", "single linear maps", _MODULES),
    ("gpt2", "single linear maps", _MODULES),
    ("llama", "ranks of a budget", _BUDGET),
]


def for_unsloth(family, flags, beside):
    """Tells whether Unsloth can do what is asked, and so whether select writes a script for it."""
    return family not in ("bert", "deberta", "llava") and not beside


class Exported:
    """The files that select writes for all tools that can do what is asked, and the adapter that train makes of the same."""

    def __init__(self, layerwise, family, flags, beside, seed, chosen=_LAYERS):
        self.model = Tiny(layerwise.fresh(family), family, seed)
        rows = self.model.rows(seed, 12)
        data = rows.write(layerwise.fresh("rows.jsonl"))
        analysis, self.selection = layerwise.fresh("analysis"), layerwise.fresh("selection.json")
        read = {"data": data, **rows.flags()} if chosen is _LAYERS else {"measure": "condition"}
        layerwise.run("analyze", model=self.model.folder, out=analysis, device="cpu", **read)
        usual = {"r": 4, "alpha": 6, "lr": 0.002}
        self.files = {
            "peft": layerwise.fresh("peft.py"),
            "peft-config": layerwise.fresh("config") / "adapter_config.json",
            "one-hot": layerwise.fresh("one-hot.txt"),
        }
        # Axolotl takes whole numbers for alpha, which ranks of a budget rarely have; LLaMA-Factory has one rank for all
        if self.model.family not in ("bert", "deberta") and chosen is not _BUDGET:
            self.files["axolotl"] = layerwise.fresh("axolotl.yaml")
            if "rank_pattern" not in flags:
                self.files["llama-factory"] = layerwise.fresh("llama-factory.yaml")
        if for_unsloth(self.model.family, flags, beside):
            self.files["unsloth"] = layerwise.fresh("unsloth.py")
        layerwise.run(
            "select",
            analysis=analysis,
            out=self.selection,
            export=[f"{tool}={file}" for tool, file in self.files.items()],
            **chosen,
            **usual,
            **flags,
            **beside,
        )
        run = layerwise.train(
            self.model.folder, data, selection=self.selection, steps=1, task=self.model.task, **usual, **flags, **rows.flags()
        )
        self.adapter = run / "adapter"

    def compare(self, adapted):
        """Makes sure that a model of PEFT trains the same tensors at the same scale; gives pairs of sizes."""
        theirs = {
            name: value
            for name, value in peft.get_peft_model_state_dict(adapted).items()
            # biases are compared by those that learn: PEFT 0.17.1 forgets some when it saves
            if "lora_" in name
        }
        ours = {name: value for name, value in load_file(self.adapter / "adapter_model.safetensors").items() if "lora_" in name}
        same("adapters", sorted(ours), sorted(theirs))
        for name, value in ours.items():
            yield value.shape, theirs[name].shape
        mine = self.model.with_adapter(self.adapter, is_trainable=True)
        learning = [
            sorted(name for name, parameter in model.named_parameters() if parameter.requires_grad)
            for model in (mine, adapted)
        ]
        same("what learns", *learning)
        scales = [
            [module.scaling["default"] for module in model.modules() if isinstance(module, peft.tuners.lora.LoraLayer)]
            for model in (mine, adapted)
        ]
        yield tuple(scales)
        configs = [model.peft_config["default"] for model in (mine, adapted)]
        for key in ("use_dora", "use_rslora", "init_lora_weights", "bias", "lora_dropout"):
            same(key, *(getattr(config, key) for config in configs))


def checks(report, layerwise):
    for seed, (family, name, flags, beside) in enumerate(_CASES, start=500):
        exported = functools.cache(functools.partial(Exported, layerwise, family, flags, beside, seed))
        language_model = family not in ("bert", "deberta")
        report.check(f"export for PEFT, {family} {name}", functools.partial(_peft, exported, beside))
        report.check(f"export of PEFT's adapter_config.json, {family} {name}", functools.partial(_peft_config, exported))
        if language_model:
            report.check(f"export for Axolotl, {family} {name}", functools.partial(_axolotl, layerwise, exported))
            if "pattern" not in name:
                made = functools.partial(_llama_factory, layerwise, exported)
                report.check(f"export for LLaMA-Factory, {family} {name}", made)
        if for_unsloth(family, flags, beside):
            report.check(f"export for Unsloth, {family} {name}", functools.partial(_unsloth, exported))
    for seed, (family, name, chosen) in enumerate(_SINGLE_CASES, start=530):
        exported = functools.cache(functools.partial(Exported, layerwise, family, {}, {}, seed, chosen))
        report.check(f"export for PEFT, {family} {name}", functools.partial(_peft, exported, {}))
        report.check(f"export of PEFT's adapter_config.json, {family} {name}", functools.partial(_peft_config, exported))
        if family != "bert" and chosen is not _BUDGET:
            report.check(f"export for Axolotl, {family} {name}", functools.partial(_axolotl, layerwise, exported))
            report.check(f"export for LLaMA-Factory, {family} {name}", functools.partial(_llama_factory, layerwise, exported))
        if for_unsloth(family, {}, {}):
            report.check(f"export for Unsloth, {family} {name}", functools.partial(_unsloth, exported))
    report.check("export as one-hot", lambda: _one_hot(Exported(layerwise, "bert", {}, {}, 599)))


def _peft(exported, beside):
    it = exported()
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        # the number of classes is for the user to say
        script = it.files["peft"].read_text().replace("NUM_LABELS = 2", f"NUM_LABELS = {LABELS}")
        exec(compile(script, it.files["peft"], "exec"), names)
    yield from it.compare(names["model"])
    if beside:
        rates = {group["lr"] for group in names["optimizer"].param_groups if group["params"]}
        yield sorted(rates), [0.002, 0.002 * beside["lora_plus_ratio"]]
    return "the script was run"


def _peft_config(exported):
    it = exported()
    config = peft.PeftConfig.from_pretrained(it.files["peft-config"].parent)
    same("base_model_name_or_path", config.base_model_name_or_path, str(it.model.folder.resolve()))
    yield from it.compare(peft.get_peft_model(it.model.load(), config))
    return "the file was read by PeftConfig"


def _axolotl(layerwise, exported):
    it = exported()
    settings = yaml.safe_load(it.files["axolotl"].read_text())
    how = "parsed by Axolotl's AxolotlInputConfig"
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            from axolotl.utils.schemas.config import AxolotlInputConfig
    except ImportError as missing:
        how = _by_list(layerwise, "axolotl", settings, missing)
        parsed = settings
    else:
        same("settings that Axolotl does not know", set(settings) - set(AxolotlInputConfig.model_fields), set())
        # what the user adds
        own = {"datasets": [{"path": "rows.jsonl", "type": "completion"}], "micro_batch_size": 1}
        own |= {"gradient_accumulation_steps": 1, "num_epochs": 1}
        parsed = AxolotlInputConfig.model_validate(settings | own).model_dump()
    adapted = peft.get_peft_model(
        it.model.load(),
        # as Axolotl's loaders/adapter.py makes it
        peft.LoraConfig(
            r=parsed["lora_r"],
            lora_alpha=parsed["lora_alpha"],
            target_modules=parsed["lora_target_modules"],
            layers_to_transform=parsed["peft_layers_to_transform"],
            layers_pattern=parsed["peft_layers_pattern"],
            lora_dropout=parsed["lora_dropout"],
            modules_to_save=parsed.get("lora_modules_to_save") or None,
            use_dora=bool(parsed.get("peft_use_dora")),
            use_rslora=bool(parsed.get("peft_use_rslora")),
            init_lora_weights=parsed.get("peft_init_lora_weights") or True,
            rank_pattern=parsed.get("lora_rank_pattern") or {},
            alpha_pattern=parsed.get("lora_alpha_pattern") or {},
            bias="none",
            task_type="CAUSAL_LM",
        ),
    )
    yield from it.compare(adapted)
    return how


def _llama_factory(layerwise, exported):
    it = exported()
    settings = yaml.safe_load(it.files["llama-factory"].read_text())
    how = "parsed by LLaMA-Factory's argument classes"
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            import llamafactory.hparams as classes
    except ImportError as missing:
        how = _by_list(layerwise, "llama-factory", settings, missing)
        lists = ("lora_target", "additional_target")
        parsed = settings | {key: settings[key].split(",") for key in lists if key in settings}
    else:
        parts = ("ModelArguments", "DataArguments", "TrainingArguments", "FinetuningArguments", "GeneratingArguments")
        parser = transformers.HfArgumentParser([getattr(classes, part) for part in parts])
        *_, training, finetuning, _ = parser.parse_dict(settings | {"output_dir": str(it.adapter.parent / "elsewhere")})
        same("learning rate", training.learning_rate, 0.002)
        parsed = vars(finetuning)
    word = True
    if parsed["pissa_init"]:
        word = "pissa" if parsed["pissa_iter"] == -1 else f"pissa_niter_{parsed['pissa_iter']}"
    adapted = peft.get_peft_model(
        it.model.load(),
        # as LLaMA-Factory's model/adapter.py makes it
        peft.LoraConfig(
            r=parsed["lora_rank"],
            lora_alpha=parsed["lora_alpha"],
            target_modules=parsed["lora_target"],
            lora_dropout=parsed["lora_dropout"],
            use_rslora=parsed["use_rslora"],
            use_dora=parsed["use_dora"],
            modules_to_save=parsed.get("additional_target"),
            init_lora_weights=word,
            task_type="CAUSAL_LM",
        ),
    )
    yield from it.compare(adapted)
    return how


def _unsloth(exported):
    it = exported()

    class FastLanguageModel:
        @staticmethod
        def from_pretrained(model_name, load_in_4bit, use_exact_model_name, revision=None):
            same("the model", model_name, str(it.model.folder.resolve()))
            same("4 bits", (load_in_4bit, use_exact_model_name), (False, True))
            return it.model.load(), None

        @staticmethod
        def get_peft_model(model, **arguments):
            # as Unsloth's models/llama.py makes it
            return peft.get_peft_model(model, peft.LoraConfig(task_type="CAUSAL_LM", **arguments))

    stand_in = types.ModuleType("unsloth")
    stand_in.FastLanguageModel = FastLanguageModel
    names = {}
    with unittest.mock.patch.dict(sys.modules, unsloth=stand_in), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(it.files["unsloth"].read_text(), it.files["unsloth"], "exec"), names)
    yield from it.compare(names["model"])
    return "the script was run, with Unsloth's way of calling PEFT in place of Unsloth"


def _by_list(layerwise, tool, settings, missing):
    """Looks settings up among the names of those that a tool has."""
    names = (layerwise.root / f"src/test/resources/schemas/{tool}.txt").read_text().splitlines()
    same(f"settings that {tool} does not know", set(settings) - set(names), set())
    return f"by the list of its settings: {missing}"


def _one_hot(it):
    digits = re.sub(r"\s", "", it.files["one-hot"].read_text())
    yield torch.tensor([int(digit) for digit in digits]), torch.tensor([0, 1, 0, 1])

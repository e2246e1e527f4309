"""Adapters that Layerwise trained, read by PEFT; the models merged with them, read by transformers."""

import functools

import peft
from safetensors.torch import load_file

import theirs
from report import same
from tiny import CLASSIFICATION, REGRESSION, VERSION, Tiny, changed, today

# family, name, flags of train beside the usual ones
_CASES = [
    ("bert", "LoRA", {"layers": "1,3"}),
    ("bert", "rsLoRA", {"variant": "rslora"}),
    ("bert", "DoRA", {"variant": "dora", "layers": "0,2"}),
    ("bert", "PiSSA", {"variant": "pissa", "layers": "0,2"}),
    ("bert", "PiSSA, 4 iterations", {"variant": "pissa_niter_4"}),
    ("bert", "rank and alpha pattern", {"rank_pattern": "query=2,1.*value=7", "alpha_pattern": "value=3"}),
    ("bert", "bias all", {"bias": "all", "layers": "2"}),
    ("bert", "bias lora_only", {"bias": "lora_only", "layers": "2"}),
    ("bert", "modules to save", {"modules_to_save": "pooler"}),
    ("bert", "all-linear", {"target_modules": "all-linear", "layers": "1"}),
    ("bert", "everything at once", {"variant": "dora", "bias": "all", "rank_pattern": "query=2", "modules_to_save": "pooler"}),
    ("bert", "regression", {"task": REGRESSION}),
    ("roberta", "LoRA", {}),
    ("xlm-roberta", "DoRA", {"variant": "dora"}),
    ("electra", "LoRA", {}),
    ("distilbert", "LoRA", {}),
    ("distilbert", "all-linear", {"target_modules": "all-linear"}),
    ("modernbert", "LoRA", {}),
    ("modernbert", "DoRA", {"variant": "dora", "target_modules": "all-linear"}),
    ("deberta", "LoRA", {"layers": "1,3"}),
    ("deberta", "DoRA", {"variant": "dora"}),
    ("deberta", "bias all", {"bias": "all"}),
    ("deberta", "rank and alpha pattern", {"rank_pattern": "query_proj=2", "alpha_pattern": "value_proj=3"}),
    ("llama", "classifier", {"task": CLASSIFICATION}),
    ("llama", "LoRA", {"layers": "0,3"}),
    ("llama", "rsLoRA", {"variant": "rslora"}),
    ("llama", "DoRA", {"variant": "dora"}),
    ("llama", "PiSSA", {"variant": "pissa"}),
    ("llama", "PiSSA, 4 iterations", {"variant": "pissa_niter_4"}),
    ("llama", "rank and alpha pattern", {"rank_pattern": "q_proj=2,1.*v_proj=7", "alpha_pattern": "v_proj=3"}),
    ("llama", "modules to save", {"modules_to_save": "lm_head"}),
    ("llama", "all-linear", {"target_modules": "all-linear"}),
    ("mistral", "LoRA", {}),
    ("qwen2", "bias all", {"bias": "all"}),
    ("qwen3", "LoRA", {}),
    ("gemma", "LoRA", {}),
    ("gemma2", "DoRA", {"variant": "dora"}),
    ("phi3", "LoRA", {}),
    ("gpt2", "LoRA", {}),
    ("gpt2", "DoRA", {"variant": "dora"}),
    ("gpt2", "PiSSA", {"variant": "pissa"}),
    ("llava", "LoRA", {"layers": "0,2"}),
    ("llava", "DoRA", {"variant": "dora", "layers": "0,2"}),
    ("llava", "PiSSA", {"variant": "pissa"}),
    ("llava", "rank and alpha pattern", {"rank_pattern": "q_proj=2", "alpha_pattern": "v_proj=3"}),
    # new ones at the end, since the number of a case is its seed
    ("bert", "OLoRA", {"variant": "olora", "layers": "0,2"}),
    ("llama", "OLoRA", {"variant": "olora"}),
]
if VERSION >= 5:
    _BOTH = "experts.gate_up_proj,experts.down_proj"
    _CASES += [
        ("mixtral", "experts", {"target_parameters": _BOTH, "layers": "1,3"}),
        ("qwen3_moe", "experts", {"target_parameters": "mlp.experts.gate_up_proj", "variant": "rslora"}),
        ("gpt_oss", "experts", {"target_parameters": _BOTH, "rank_pattern": "experts.down_proj=2"}),
        ("gemma4_moe", "experts", {"target_parameters": _BOTH, "layers": "0,2"}),
    ]
_CASES += [
    ("bert", "MiSS", {"variant": "miss", "layers": "1,3"}),
    ("bert", "MiSS, rank 5", {"variant": "miss", "r": 5}),
    ("deberta", "MiSS", {"variant": "miss"}),
    ("llama", "MiSS", {"variant": "miss"}),
    ("llama", "MiSS, rank 5", {"variant": "miss", "r": 5, "modules_to_save": "lm_head"}),
    ("phi3", "MiSS", {"variant": "miss", "target_modules": "all-linear"}),
]


# cases whose adapters are also pruned to one layer
_PRUNED = {
    "bert LoRA",
    "bert DoRA",
    "bert rank and alpha pattern",
    "llama LoRA",
    "llama all-linear",
    "llama modules to save",
    "gpt2 PiSSA",
    "llama OLoRA",
    "qwen2 bias all",
    "llava LoRA",
    "mixtral experts",
    "gemma4_moe experts",
    "llama MiSS",
}


class Trained:
    """A model of random weights, and the adapter that a short training by Layerwise gave it."""

    def __init__(self, layerwise, family, flags, seed, select=None):
        """select: gives the file of a selection for the model and its rows; by default, the flags choose layers."""
        self.miss = flags.get("variant") == "miss"
        if self.miss:
            today("MiSS")
        self.model = Tiny(layerwise.fresh(family), family, seed, flags.get("task"))
        self.rows = self.model.rows(seed)
        self.file = self.rows.write(layerwise.fresh("rows.jsonl"))
        usual = {"r": 4, "alpha": 6, "steps": 5, "batch": 5, "lr": 0.02, "seed": seed, "task": self.model.task}
        if self.miss:
            del usual["alpha"]
        if select:
            self.selection = select(self)
            flags = flags | {"selection": self.selection}
        self.run = layerwise.train(self.model.folder, self.file, **{**usual, **flags, **self.rows.flags()})
        self.adapter = self.run / "adapter"
        self.rank = flags.get("r", usual["r"])
        self.drawn = "niter" in flags.get("variant", "")

    @functools.cached_property
    def by_peft(self):
        """
        The logits of PEFT's model with the adapter. PEFT makes the part of the weights of a PiSSA or OLoRA adapter anew when it loads one,
        and by other random numbers if it was drawn: such an adapter is read by PEFT as it was converted only.
        """
        after = self.rows.logits(self.model.with_adapter(self.adapter))
        changed(self.rows.logits(self.model.load()), after)
        return after

    def ours(self, layerwise):
        return self.rows.ours(layerwise, self.model.folder, self.adapter)


def checks(report, layerwise):
    for seed, (family, name, flags) in enumerate(_CASES, start=100):
        trained = functools.cache(functools.partial(Trained, layerwise, family, flags, seed))
        name = f"{family} {name}"
        if "iterations" not in name:
            read_by_peft(report, layerwise, name, trained)
        merged(report, layerwise, name, trained)
        if name == "llama LoRA":
            merged(report, layerwise, f"{name}, in shards", trained, shard_size="100KB")
        if "PiSSA" in name or "OLoRA" in name or "MiSS" in name:
            _converted(report, layerwise, name, trained)
        if name in _PRUNED:
            _pruned(report, layerwise, name, trained)
    _as_peft_converts(report, layerwise)


def read_by_peft(report, layerwise, name, trained):
    def made():
        it = trained()
        yield it.ours(layerwise), it.by_peft
        if it.model.task == CLASSIFICATION:
            yield layerwise.predictions(it.model.folder, it.adapter, it.file), it.by_peft

    report.check(f"Layerwise to PEFT, {name}", made)


def merged(report, layerwise, name, trained, **flags):
    def made():
        it = trained()
        out = layerwise.fresh("merged")
        layerwise.run("merge", model=it.model.folder, adapter=it.adapter, out=out, **flags)
        files = len(list(out.glob("*.safetensors")))
        if (files > 1) != ("shard_size" in flags):
            raise AssertionError(f"the weights are in {files} files")
        model, told = it.model.auto.from_pretrained(out, attn_implementation="eager", output_loading_info=True)
        wrong = [f"{kind} {keys}" for kind, keys in told.items() if keys]
        if wrong:
            raise AssertionError("transformers says of the merged model: " + "; ".join(wrong))
        logits = it.rows.logits(model.eval())
        changed(it.rows.logits(it.model.load()), logits)
        yield it.ours(layerwise), logits
        yield it.rows.ours(layerwise, out, None), logits
        if not it.drawn:
            yield logits, it.by_peft
            by_peft = it.model.with_adapter(it.adapter).merge_and_unload().state_dict()
            weights = model.state_dict()
            same("names of merged tensors", sorted(weights), sorted(by_peft))
            for key, value in by_peft.items():
                yield weights[key], value
        return f"{files} files" if files > 1 else None

    report.check(f"merged by Layerwise, {name}", made)


def _convert(layerwise, adapter, **beside):
    """By Layerwise, to plain LoRA; PEFT must see that it is. Beside the adapter, its start (initial) or its base (model)."""
    out = layerwise.fresh("converted")
    layerwise.run("convert-adapter", adapter=adapter, out=out, **beside)
    config = peft.LoraConfig.from_pretrained(out)
    same("init_lora_weights of the converted adapter", config.init_lora_weights, True)
    return out


def _converted(report, layerwise, name, trained):
    def made():
        it = trained()
        beside = {"model": it.model.folder} if it.miss else {"initial": it.run / "adapter-initial"}
        out = _convert(layerwise, it.adapter, **beside)
        by_peft = it.rows.logits(it.model.with_adapter(out))
        yield it.ours(layerwise), by_peft
        yield it.rows.ours(layerwise, it.model.folder, out), by_peft
        ranks = {value.shape[0] for key, value in load_file(out / "adapter_model.safetensors").items() if "lora_A" in key}
        same("ranks, those of MiSS, twice those of others", sorted(ranks), [it.rank if it.miss else 2 * it.rank])

    report.check(f"converted by Layerwise, {name}", made)


def _of_adapters(tensors):
    """The names of those that are no modules that are saved in full."""
    return {key for key in tensors if ".lora_" in key or ".miss_" in key}


def _pruned(report, layerwise, name, trained):
    def made():
        it = trained()
        out = layerwise.fresh("pruned")
        layerwise.run(
            "prune-adapter", model=it.model.folder, adapter=it.adapter, data=it.file, by="norm", keep=1, out=out, **it.rows.flags()
        )
        left = it.model.with_adapter(out / "adapter")
        stored = _of_adapters(load_file(out / "adapter/adapter_model.safetensors"))
        loaded = _of_adapters(peft.get_peft_model_state_dict(left))
        same("adapters that PEFT makes of the pruned one", sorted(loaded), sorted(stored))
        by_peft = it.rows.logits(left)
        changed(it.by_peft, by_peft)
        yield it.rows.ours(layerwise, it.model.folder, out / "adapter"), by_peft
        return f"{len(stored)} tensors of {len(_of_adapters(load_file(it.adapter / 'adapter_model.safetensors')))}"

    report.check(f"pruned by Layerwise, {name}", made)


def _as_peft_converts(report, layerwise):
    """The same adapter converted by both: the same tensors and settings."""

    def made(family, settings, seed):
        model = Tiny(layerwise.fresh(family), family, seed)
        initial, final, by_peft = (layerwise.fresh(name) for name in ("initial", "final", "by-peft"))
        adapted = theirs.make(layerwise.fresh("unused"), model, settings, seed, noise=0)
        config = adapted.peft_config["default"]
        # as PEFT's guide has it: what training began with is saved as if it were plain LoRA
        word, config.init_lora_weights = config.init_lora_weights, True
        adapted.save_pretrained(initial)
        config.init_lora_weights = word
        for name, parameter in adapted.named_parameters():
            if "lora_" in name:
                parameter.data += 0.1
        adapted.save_pretrained(final)
        adapted.save_pretrained(by_peft, path_initial_model_for_weight_conversion=str(initial))
        ours = _convert(layerwise, final, initial=initial)
        values, wanted, trained = (load_file(folder / "adapter_model.safetensors") for folder in (ours, by_peft, final))
        # PEFT's conversion loses what is saved in full beside the adapters; Layerwise's keeps it
        wanted = wanted | {name: value for name, value in trained.items() if "lora_" not in name}
        same("names of tensors", sorted(values), sorted(wanted))
        for key, value in wanted.items():
            yield values[key], value
        configs = [peft.LoraConfig.from_pretrained(folder) for folder in (ours, by_peft)]
        for key in ("r", "lora_alpha", "rank_pattern", "alpha_pattern", "use_rslora", "target_modules"):
            same(key, *(getattr(config, key) for config in configs))

    plain = {"init_lora_weights": "pissa"}
    for seed, (family, name, settings) in enumerate(
        [
            ("bert", "PiSSA", plain),
            ("llama", "PiSSA", plain),
            ("llama", "PiSSA, rsLoRA", plain | {"use_rslora": True}),
            ("llama", "PiSSA, patterns", plain | {"rank_pattern": {"q_proj": 2}, "alpha_pattern": {"down_proj": 3}}),
            ("gpt2", "PiSSA", plain),
            ("llama", "OLoRA", {"init_lora_weights": "olora"}),
        ],
        start=150,
    ):
        report.check(
            f"converted as by PEFT, {family} {name}", functools.partial(made, family, settings, seed)
        )
    for seed, (family, name, settings) in enumerate(
        [("bert", "MiSS", theirs.MISS), ("bert", "MiSS, rank 5", theirs.MISS_5), ("llama", "MiSS", theirs.MISS)], start=160
    ):
        report.check(f"converted as by PEFT, {family} {name}", functools.partial(_miss_as_peft, layerwise, family, settings, seed))


def _miss_as_peft(layerwise, family, settings, seed):
    model = Tiny(layerwise.fresh(family), family, seed)
    adapter, by_peft = layerwise.fresh("adapter"), layerwise.fresh("by-peft")
    adapted = theirs.make(adapter, model, settings, seed)
    ours = _convert(layerwise, adapter, model=model.folder)
    peft.save_as_lora(by_peft, adapted, rank=adapted.peft_config["default"].r)
    values, wanted, trained = (load_file(folder / "adapter_model.safetensors") for folder in (ours, by_peft, adapter))
    # PEFT's conversion loses what is saved in full here, too
    wanted = wanted | {name: value for name, value in trained.items() if ".miss_" not in name}
    same("names of tensors", sorted(values), sorted(wanted))
    for key, value in wanted.items():
        yield values[key], value
    rows = model.rows(seed)
    yield rows.ours(layerwise, model.folder, ours), rows.logits(adapted)

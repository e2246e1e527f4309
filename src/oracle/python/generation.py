"""Greedy tokens of tiny random decoders with adapters by PEFT: those of Layerwise's generate and of transformers'."""

import functools
import json

import torch
import transformers

import theirs
from report import same
from tiny import DECODERS, TODAY, VERSION, Tiny

_NEW = 12


def checks(report, layerwise):
    families = (*DECODERS, *(TODAY if VERSION >= 5 else ()))
    cases = [(family, name, settings) for family in families for name, settings in [("", None), (" with LoRA", {})]]
    cases += [("llama", " with DoRA", {"use_dora": True}), ("gpt2", " with rsLoRA", {"use_rslora": True})]
    cases += [("llava", "", None), ("llava", " with LoRA", {}), ("llava", " with DoRA", {"use_dora": True})]
    for seed, (family, name, settings) in enumerate(cases, start=400):
        made = functools.partial(_made, layerwise, family, settings, seed)
        report.check(f"greedy tokens, {family}{name}", made)


def _made(layerwise, family, settings, seed):
    model = Tiny(layerwise.fresh(family), family, seed)
    rows = model.rows(seed, 6)
    file = rows.write(layerwise.fresh("prompts.jsonl"), labels=False)
    adapter, flags = None, {}
    if settings is not None:
        adapter = layerwise.fresh("adapter")
        theirs.make(adapter, model, settings, seed)
        flags = {"adapter": adapter}

    def both(**more):
        out = layerwise.fresh("generated.jsonl")
        layerwise.run(
            "generate",
            model=model.folder,
            data=file,
            max_new_tokens=_NEW,
            out=out,
            device="cpu",
            **flags,
            **rows.flags(),
            **more,
        )
        ours = [json.loads(line)["tokens"] for line in out.read_text().splitlines()]
        judge = model.with_adapter(adapter) if adapter else model.load()
        return ours, [_greedy(judge, rows, row, "ignore_eos" in more) for row in range(len(ours))]

    ours, by_transformers = both(ignore_eos=True)
    same("tokens", ours, by_transformers)
    kinds = len({token for row in ours for token in row})
    if kinds < 5:
        raise AssertionError(f"only {kinds} different tokens were generated, so this proves little")
    # one that comes up on the way is made the end
    end = ours[0][_NEW // 2]
    transformers.GenerationConfig(bos_token_id=1, eos_token_id=[2, end], pad_token_id=0).save_pretrained(model.folder)
    ended, by_transformers = both()
    same("tokens up to the end", ended, by_transformers)
    if len(ended[0]) >= _NEW:
        raise AssertionError("no row came to its end")
    yield ours[0], ours[0]
    return f"{sum(map(len, ours + ended))} tokens equal, {kinds} different ones"


def _greedy(model, rows, row, ignore_end):
    """The new tokens without the one that ends them."""
    model.generation_config.do_sample = False
    ends = model.generation_config.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    if ignore_end:
        model.generation_config.eos_token_id = None
        ends = []
    ids = list(rows.prompts())[row][None]
    more = {"pixel_values": rows.batch["pixel_values"][row : row + 1]} if "pixel_values" in rows.batch else {}
    with torch.no_grad():
        whole = model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=_NEW, pad_token_id=0, **more
        )
    new = whole[0, ids.shape[1] :].tolist()
    return new[: next((at for at, token in enumerate(new) if token in ends), len(new))]

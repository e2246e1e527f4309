"""Weights that Layerwise packs when it opens a model, and those that bitsandbytes packs; trainings on both."""

import functools
import json
from pathlib import Path

import bitsandbytes
import torch
from bitsandbytes.backends.default.ops import _dequantize_4bit_compute
from safetensors.torch import load_file, save_file

import theirs
import training
from report import same
from tiny import Tiny

_FORMS = ["nf4", "nf4-double", "int8"]
_TYPES = [torch.bfloat16, torch.float16, torch.float32]
_FAMILIES = ["bert", "llama"]
_TRAINING = 1e-5


def checks(report, layerwise):
    for family in _FAMILIES:
        for form in _FORMS:
            for dtype in _TYPES:
                made = functools.partial(_packed, layerwise, family, form, dtype)
                report.check(f"packing as bitsandbytes, {family} {form} {str(dtype)[6:]}", made, limit=0)
    for form in _FORMS:
        for load in ["whole", "layers"]:
            made = functools.partial(_trained, layerwise, form, load)
            report.check(f"training on packed weights, {form}, {load}", made, limit=_TRAINING)


def _stored(folder, dtype):
    """Stores a model in a type, some rows and blocks of zeros among its weights, and returns the tensors."""
    file = folder / "model.safetensors"
    tensors = {name: tensor.to(dtype) for name, tensor in load_file(file).items()}
    for name, tensor in tensors.items():
        if tensor.dim() == 2 and "layer" in name:
            tensor[1] = 0
            tensor.view(-1)[-80:] = 0
            tensor[0, 0] *= 40
    save_file(tensors, file, {"format": "pt"})
    return tensors


def _parts(name, weight, form):
    """What bitsandbytes stores for a matrix."""
    if form == "int8":
        codes, scales, _ = bitsandbytes.functional.int8_vectorwise_quant(weight.to(torch.float16).clone())
        scales = {name.removesuffix("weight") + "SCB": scales, name + "_format": torch.tensor(0, dtype=torch.uint8)}
        return {name: codes} | scales
    packed = bitsandbytes.nn.Params4bit(
        weight.clone(), requires_grad=False, quant_type="nf4", compress_statistics=form == "nf4-double"
    )._quantize("cpu")
    state = packed.quant_state.as_dict(packed=True)
    return {name: packed.data} | {f"{name}.{part}": tensor for part, tensor in state.items()}


def _packed(layerwise, family, form, dtype):
    model = Tiny(layerwise.fresh(family), family, 700)
    tensors = _stored(model.folder, dtype)
    rows = model.rows(701).write(layerwise.fresh("rows.jsonl"))
    cache = layerwise.fresh("cache")
    layerwise.env["XDG_CACHE_HOME"] = str(cache)
    try:
        layerwise.run(
            "extract", model=model.folder, data=rows, quantize=form, keep_quantized=True, out=layerwise.fresh("hidden")
        )
    finally:
        del layerwise.env["XDG_CACHE_HOME"]
    ours = {}
    for file in Path(cache).glob("layerwise/quantized/*/*.safetensors"):
        ours |= load_file(file)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # one thread adds numbers in one order
    told = {}
    for name in tensors:
        if tensors[name].dim() == 2 and name in ours:
            told |= _parts(name, tensors[name], form)
    torch.set_num_threads(threads)
    same("names", sorted(ours), sorted(told))
    matrices = [name for name in told if name in tensors]
    if len(matrices) < 6 * json.loads((model.folder / "config.json").read_text())["num_hidden_layers"]:
        raise AssertionError(f"only {len(matrices)} matrices were packed")
    for name, tensor in told.items():
        if "quant_state" in name:
            same(name, *(json.loads(bytes(text.tolist())) for text in (ours[name], tensor)))
        else:
            same(f"form of {name}", (ours[name].dtype, ours[name].shape), (tensor.dtype, tensor.shape))
            yield ours[name], tensor
    return f"{len(matrices)} matrices"


def _decoded(name, parts, shape):
    """The values that packed parts stand for, by bitsandbytes' generic code."""
    if "SCB" in "".join(parts):
        return parts[name].float() * parts[name.removesuffix("weight") + "SCB"].unsqueeze(1) / 127
    state = bitsandbytes.functional.QuantState.from_dict(
        {part.removeprefix(name + "."): tensor for part, tensor in parts.items() if part != name}, device="cpu"
    )
    absmax = state.absmax
    if state.nested:
        absmax = bitsandbytes.functional.dequantize_blockwise(absmax, state.state2) + state.offset
    codes = parts[name].reshape(-1)
    return _dequantize_4bit_compute(codes, absmax, state.code, state.blocksize, shape, state.dtype)


def _trained(layerwise, form, load):
    model = Tiny(layerwise.fresh("llama"), "llama", 710)
    rows = model.rows(711, training.ROWS)
    file = rows.write(layerwise.fresh("rows.jsonl"))
    adapter = layerwise.fresh("adapter")
    theirs.make(adapter, model, {}, 710, noise=0.1)
    flags = training.USUAL
    run = layerwise.train(
        model.folder,
        file,
        init_adapter=adapter,
        task=model.task,
        steps=training.STEPS,
        quantize=form,
        load=load,
        **flags,
        **rows.flags(),
    )
    ours = [step["loss"] for step in layerwise.metrics(run)]
    # the same model with the values of the codes in place of its weights
    weights = model.folder / "model.safetensors"
    tensors = load_file(weights)
    for name, tensor in tensors.items():
        if "_proj" in name:
            tensors[name] = _decoded(name, _parts(name, tensor, form), tensor.shape)
    save_file(tensors, weights, {"format": "pt"})
    told = training.by_trainer(model.with_adapter(adapter, is_trainable=True), rows, flags, layerwise.fresh("trainer"))
    yield ours, [step["loss"] for step in told]
    return f"loss {ours[0]:.4f} to {ours[-1]:.4f}"

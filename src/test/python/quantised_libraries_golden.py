"""
Makes checkpoints of golden/quantised with the code of the libraries that write such files: compressed-tensors, GPTQModel and
transformers. The tests expect of each what transformers 5.24 computes in float32 with the weights that the library decodes: hidden states, logits, loss, and the losses of full-batch steps of AdamW from adapter_init by PEFT.

Needs torch 2.7.1, transformers 5.24, peft 0.21.2 and the libraries of the formats: quantised_libraries_golden.py FOLDER FORMAT...
ct_pack_int4_order needs compressed-tensors 0.10.2, whose successors write no weight_g_idx; the others of compressed-tensors were
made with 0.20.1, those of GPTQ and AWQ with GPTQModel 7.7.0.
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

STEPS = 5
GROUP = 32
LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
CONFIG = LlamaConfig(
    vocab_size=64,
    hidden_size=64,
    intermediate_size=96,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
    initializer_range=0.1,
    pad_token_id=0,
    bos_token_id=1,
    eos_token_id=2,
    use_cache=False,
    dtype=torch.bfloat16,
)


def compressed_tensors(layout, **weights):
    """Returns a packer by compressed-tensors of 0.20 and the configuration that it writes."""
    from compressed_tensors.compressors import BaseCompressor
    from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
    from compressed_tensors.quantization.utils import calculate_qparams

    arguments = QuantizationArgs(**weights)
    scheme = QuantizationScheme(targets=["Linear"], weights=arguments)
    compressor = BaseCompressor.get_value_from_registry(layout)

    def packed(name, weight):
        low, high = extremes(weight, weights)
        scale, zero = calculate_qparams(low, high, arguments)
        parts = {"weight": weight, "weight_scale": scale.to(weight.dtype), "weight_zero_point": zero}
        return {f"{name}.{key}": value for key, value in compressor.compress(parts, scheme).items()}

    def decoded(name, stored):
        parts = parts_of(name, stored)
        # transformers 5.24 reads scales in the type in which it opens the model. It refuses packed zero points.
        parts["weight_scale"] = parts["weight_scale"].float()
        return compressor.decompress(parts, scheme)["weight"]

    return packed, compressed_tensors_config(layout, weights), decoded


def parts_of(name, stored):
    return {key.removeprefix(name + "."): value for key, value in stored.items() if key.startswith(name + ".")}


def compressed_tensors_config(layout, weights):
    return {
        "quant_method": "compressed-tensors",
        "format": layout,
        "quantization_status": "compressed",
        "config_groups": {"group_0": {"targets": ["Linear"], "weights": weights}},
        "ignore": ["lm_head"],
    }


def extremes(weight, weights):
    """Returns the least and the largest value of each tensor, row, group or block, in the shape of its scales."""
    strategy = weights["strategy"]
    if strategy == "tensor":
        return weight.min().reshape(1), weight.max().reshape(1)
    if strategy == "channel":
        return weight.amin(1, keepdim=True), weight.amax(1, keepdim=True)
    rows, columns = weights.get("block_structure", (1, weights.get("group_size")))
    blocks = weight.reshape(weight.shape[0] // rows, rows, weight.shape[1] // columns, columns)
    return blocks.amin((1, 3)), blocks.amax((1, 3))


def compressed_tensors_in_order():
    """Returns a packer by compressed-tensors 0.10 of groups that inputs name."""
    from compressed_tensors.compressors.quantized_compressors.pack_quantized import PackedQuantizationCompressor
    from compressed_tensors.quantization import QuantizationArgs
    from compressed_tensors.quantization.utils import calculate_qparams

    weights = integers(4, True, "group") | {"actorder": "group"}
    arguments = QuantizationArgs(**weights)

    def packed(name, weight):
        groups = shuffled_groups(weight.shape[1])
        low, high = extremes(weight[:, torch.argsort(groups, stable=True)], weights)
        scale, zero = calculate_qparams(low, high, arguments)
        compressor = PackedQuantizationCompressor()
        parts = compressor.compress_weight(weight, scale, arguments, zero_point=zero, g_idx=groups)
        parts |= {"weight_scale": scale.to(weight.dtype), "weight_g_idx": groups}
        return {f"{name}.{key}": value for key, value in parts.items()}

    def decoded(name, stored):
        parts = parts_of(name, stored)
        parts["weight_scale"] = parts["weight_scale"].float()
        return PackedQuantizationCompressor().decompress_weight(parts, arguments)

    return packed, compressed_tensors_config("pack-quantized", weights), decoded


def shuffled_groups(inputs):
    groups = torch.arange(inputs, dtype=torch.int32) // GROUP
    return groups[torch.randperm(inputs, generator=torch.Generator().manual_seed(inputs))]


def gptq(bits, version, ordered):
    """Returns a packer by GPTQModel, its configuration and a decoder by GPTQModel."""
    from gptqmodel.nn_modules.qlinear.torch import TorchLinear

    config = {
        "quant_method": "gptq",
        "bits": bits,
        "group_size": GROUP,
        "desc_act": ordered,
        "sym": version == "gptq",
        "checkpoint_format": version,
        "modules_in_block_to_quantize": None,
    }

    def layer(out, inputs):
        return TorchLinear(
            bits=bits,
            group_size=GROUP,
            sym=config["sym"],
            desc_act=ordered,
            in_features=inputs,
            out_features=out,
            bias=False,
            register_buffers=True,
        )

    def packed(name, weight):
        out, inputs = weight.shape
        groups = shuffled_groups(inputs) if ordered else torch.arange(inputs, dtype=torch.int32) // GROUP
        sorted_weight = weight.float()[:, torch.argsort(groups, stable=True)]
        low, high = extremes(sorted_weight, {"strategy": "group", "group_size": GROUP})
        most = 2**bits - 1
        if config["sym"]:
            scale = 2 * torch.maximum(low.abs(), high.abs()) / most
            zero = torch.full_like(scale, (most + 1) // 2)
        else:
            scale = (high - low) / most
            zero = torch.round(-low / scale).clamp(0, most)
        linear = torch.nn.Linear(inputs, out, bias=False)
        linear.weight.data = weight.float()
        quantised = layer(out, inputs)
        quantised.pack(linear, scale, zero, groups)
        parts = {key: getattr(quantised, key) for key in ("qweight", "qzeros", "scales", "g_idx")}
        if version == "gptq":
            parts["qzeros"] = parts["qzeros"] - sum(1 << shift for shift in range(0, 32, bits))
        return {f"{name}.{key}": value for key, value in parts.items()}

    def decoded(name, stored):
        out = stored[f"{name}.qweight"].shape[1]
        quantised = layer(out, stored[f"{name}.g_idx"].shape[0])
        for key in ("qweight", "qzeros", "scales", "g_idx"):
            setattr(quantised, key, stored[f"{name}.{key}"].clone())
        quantised.scales = quantised.scales.float()
        if version == "gptq":
            quantised.qzeros += sum(1 << shift for shift in range(0, 32, bits))
        quantised.post_init()
        return quantised.dequantize_weight().T

    return packed, config, decoded


def awq():
    """Returns a packer by GPTQModel of AWQ in the layout of gemm, its configuration and a decoder by GPTQModel."""
    from gptqmodel.nn_modules.qlinear.torch_awq import AwqTorchLinear, dequantize_gemm

    def packed(name, weight):
        out, inputs = weight.shape
        low, high = extremes(weight.float(), {"strategy": "group", "group_size": GROUP})
        scale = ((high - low) / 15).half().float()
        zero = torch.round(-low / scale).clamp(0, 15)
        linear = torch.nn.Linear(inputs, out, bias=False)
        linear.weight.data = torch.max(torch.min(weight.float(), spread((15 - zero) * scale)), spread(-zero * scale))
        quantised = AwqTorchLinear(
            bits=4, group_size=GROUP, sym=False, desc_act=False, in_features=inputs, out_features=out, register_buffers=True
        )
        quantised.pack(linear, scale, zero)
        return {f"{name}.{key}": getattr(quantised, key) for key in ("qweight", "qzeros", "scales")}

    def spread(groups):
        return groups.repeat_interleave(GROUP, 1)

    def decoded(name, stored):
        parts = parts_of(name, stored)
        return dequantize_gemm(parts["qweight"], parts["qzeros"], parts["scales"].float(), 4, GROUP).T

    config = {"quant_method": "awq", "version": "gemm", "bits": 4, "group_size": GROUP, "zero_point": True}
    return packed, config | {"modules_to_not_convert": ["lm_head"]}, decoded


def fp8(method, block, scales):
    """Returns a packer by transformers and its configuration."""
    from types import SimpleNamespace

    from transformers import FineGrainedFP8Config
    from transformers.integrations.finegrained_fp8 import Fp8Quantize

    settings = FineGrainedFP8Config(weight_block_size=block, scale_fmt=scales, modules_to_not_convert=["lm_head"])
    quantise = Fp8Quantize(SimpleNamespace(quantization_config=settings))

    def packed(name, weight):
        parts = quantise.convert({f"{name}.weight": weight})
        assert len(parts) == 2, parts.keys()
        if method == "mxfp8":
            parts[f"{name}.weight_scale_inv"] = parts[f"{name}.weight_scale_inv"].view(torch.uint8)
        return parts

    config = {
        "quant_method": method,
        "fmt": "e4m3",
        "activation_scheme": "dynamic",
        "weight_block_size": block,
        "modules_to_not_convert": ["lm_head"],
    }
    return packed, config | ({} if scales == "float" else {"scale_fmt": scales})


def integers(bits, symmetric, strategy):
    weights = {"num_bits": bits, "type": "int", "symmetric": symmetric, "strategy": strategy}
    return weights | ({"group_size": GROUP} if strategy == "group" else {})


def floats(strategy, **more):
    return {"num_bits": 8, "type": "float", "symmetric": True, "strategy": strategy} | more


FORMATS = {
    "awq_zero": awq,
    "ct_pack_int4_zero": lambda: compressed_tensors("pack-quantized", **integers(4, False, "group")),
    "ct_pack_int4_order": compressed_tensors_in_order,
    "ct_pack_int8": lambda: compressed_tensors("pack-quantized", **integers(8, True, "channel")),
    "ct_int8": lambda: compressed_tensors("int-quantized", **integers(8, True, "channel")),
    "ct_int8_zero": lambda: compressed_tensors("int-quantized", **integers(8, False, "channel")),
    "ct_float8_block": lambda: compressed_tensors("float-quantized", **floats("block", block_structure=[32, 16])),
    "ct_float8_tensor": lambda: compressed_tensors("float-quantized", **floats("tensor")),
    "gptq_int8": lambda: gptq(8, "gptq", False),
    "gptq_v2_order": lambda: gptq(4, "gptq_v2", True),
    "fp8_tensor": lambda: fp8("fp8", None, "float"),
    "fp8_ue8m0": lambda: fp8("fp8", [32, 16], "ue8m0"),
    "mxfp8": lambda: fp8("mxfp8", [1, 32], "ue8m0"),
}


def batch():
    generator = torch.Generator().manual_seed(5)
    tokens = torch.randint(3, CONFIG.vocab_size, (4, 12), generator=generator)
    mask = torch.ones_like(tokens)
    for row, length in enumerate((12, 9, 5, 12)):
        mask[row, length:] = 0
    tokens = tokens.masked_fill(mask == 0, CONFIG.pad_token_id)
    return {"input_ids": tokens, "attention_mask": mask, "labels": tokens.masked_fill(mask == 0, -100)}


def opened(folder, stored, decoder):
    """Returns the model in float32 as transformers opens it, or with the weights that a decoder gives."""
    if decoder is None:
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
        return model.eval()
    names = sorted({key.rsplit(".", 1)[0] for key in stored if key.split(".")[-2] in LINEAR})
    weights = {f"{name}.weight": decoder(name, stored).float() for name in names}
    weights |= {key: value.float() for key, value in stored.items() if key.rsplit(".", 1)[0] not in names}
    config = LlamaConfig.from_pretrained(folder)
    del config.quantization_config
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="eager").eval()
    model.load_state_dict(weights)
    return model


def write(folder, name):
    packer, quantization, *decoder = FORMATS[name]()
    folder = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(11)
    base = LlamaForCausalLM(CONFIG).to(torch.bfloat16)
    stored = {}
    for key, value in base.state_dict().items():
        module = key.removesuffix(".weight")
        stored |= packer(module, value) if module.split(".")[-1] in LINEAR else {key: value}
    save_file({key: value.contiguous() for key, value in stored.items()}, folder / "model.safetensors", {"format": "pt"})
    base.config.architectures = ["LlamaForCausalLM"]
    config = json.loads(base.config.to_json_string(use_diff=False)) | {"quantization_config": quantization}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")

    inputs = batch()
    model = opened(folder, load_file(folder / "model.safetensors"), decoder[0] if decoder else None)
    with torch.no_grad():
        output = model(**inputs, output_hidden_states=True)
    golden = inputs | {f"hidden_states.{index}": hidden for index, hidden in enumerate(output.hidden_states)}
    golden |= {"logits": output.logits, "loss": output.loss.reshape(1)}
    save_file({key: value.contiguous() for key, value in golden.items()}, folder / "golden.safetensors")

    torch.manual_seed(12)
    lora = LoraConfig(
        r=4,
        lora_alpha=8,
        target_modules=["q_proj", "v_proj", "o_proj", "down_proj"],
        layers_to_transform=[1],
        task_type="CAUSAL_LM",
        init_lora_weights=False,
    )
    get_peft_model(model, lora).save_pretrained(folder / "adapter_init")
    plain = opened(folder, load_file(folder / "model.safetensors"), decoder[0] if decoder else None)
    adapted = PeftModel.from_pretrained(plain, folder / "adapter_init", is_trainable=True).eval()
    parameters = [parameter for parameter in adapted.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=0.005, weight_decay=0.01, betas=(0.9, 0.999), eps=1e-8)
    losses = []
    for _ in range(STEPS):
        loss = adapted(**inputs).loss
        losses.append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    (folder / "lora.json").write_text(json.dumps({"losses": losses}, indent=1) + "\n")
    (folder / "adapter_init" / "README.md").unlink(missing_ok=True)
    print(name, output.loss.item(), losses)


for name in sys.argv[2:]:
    write(Path(sys.argv[1]), name)

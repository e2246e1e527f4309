"""Packs three random matrices with bitsandbytes for WeightQuantizationTest: packing_golden.py FILE. Needs torch, bitsandbytes 0.50.2 and safetensors."""

import sys

import bitsandbytes
import torch
from safetensors.torch import save_file


def main(file):
    torch.set_num_threads(1)
    torch.manual_seed(7)
    base = torch.randn(40, 70) * torch.exp(torch.randn(40, 70) * 0.4) * 0.05
    base[5] = 0
    base.view(-1)[64 * 3 : 64 * 4] = 0
    base[0, 0] = 3.5
    out = {}
    for name, dtype in (("bf16", torch.bfloat16), ("f16", torch.float16), ("f32", torch.float32)):
        weight = base.to(dtype)
        out[f"{name}.weight"] = weight.clone()
        codes, scales, _ = bitsandbytes.functional.int8_vectorwise_quant(weight.to(torch.float16))
        out |= {f"int8:{name}.weight": codes, f"int8:{name}.SCB": scales}
        out[f"int8:{name}.weight_format"] = torch.tensor(0, dtype=torch.uint8)
        for form in ("nf4", "nf4-double"):
            packed = bitsandbytes.nn.Params4bit(
                weight.clone(), requires_grad=False, quant_type="nf4", compress_statistics=form == "nf4-double"
            )._quantize("cpu")
            out[f"{form}:{name}.weight"] = packed.data.clone()
            for part, tensor in packed.quant_state.as_dict(packed=True).items():
                out[f"{form}:{name}.weight.{part}"] = tensor.clone()
    save_file({name: tensor.contiguous() for name, tensor in out.items()}, file)


main(*sys.argv[1:])

"""
Makes golden/lora_llama_miss and golden/lora_bert_miss with HuggingFace PEFT: an adapter by MiSS before and after eight full-batch steps of
AdamW, with the losses, the gradients of the first step, and what the model computes and its merged weights after the last; for the
decoder also what PEFT converts the adapter to, plain LoRA. The rank of the encoder's adapter does not divide the width of its input.
Needs torch, transformers, peft and safetensors: miss_golden.py FOLDER, where FOLDER holds llama, bert, lora_inputs_llama.safetensors
and lora_inputs_bert.safetensors.
"""

import json
import sys
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file

FOLDER = Path(sys.argv[1])
STEPS = 8


def main():
    llama = transformers.AutoModelForCausalLM.from_pretrained(FOLDER / "llama", attn_implementation="eager", dtype=torch.float32)
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    config = peft.MissConfig(task_type="CAUSAL_LM", r=4, target_modules=targets, layers_to_transform=[1, 3])
    model = _train("llama", llama, config)
    lora, tensors = peft.convert_to_lora(model, rank=4)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, FOLDER / "lora_llama_miss" / "converted.safetensors")
    assert lora.lora_alpha == lora.r
    bert = transformers.AutoModelForSequenceClassification.from_pretrained(
        FOLDER / "bert", num_labels=3, attn_implementation="eager", dtype=torch.float32
    )
    targets = ["query", "value", "attention.output.dense", "intermediate.dense"]
    _train("bert", bert, peft.MissConfig(task_type="SEQ_CLS", r=5, target_modules=targets, layers_to_transform=[0, 2]))


def _train(name, base, config):
    out = FOLDER / f"lora_{name}_miss"
    out.mkdir(exist_ok=True)
    torch.manual_seed(0)
    inputs = load_file(FOLDER / f"lora_inputs_{name}.safetensors")
    model = peft.get_peft_model(base, config)
    _save(model, out / "adapter_init", name)
    named = {key: parameter for key, parameter in model.named_parameters() if parameter.requires_grad}
    optimizer = torch.optim.AdamW(named.values(), lr=0.005, weight_decay=0.01)
    model.eval()  # bert has dropout of its own
    losses, golden = [], {}
    for step in range(STEPS):
        loss = model(**inputs).loss
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            golden = {f"grad0.{key}": parameter.grad.clone() for key, parameter in named.items()}
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        after = model(**inputs, output_hidden_states=True)
    losses.append(after.loss.item())
    _save(model, out / "adapter_final", name)
    last = len(after.hidden_states) - 1
    golden |= {f"hidden_states_after.{last}": after.hidden_states[last].clone(), "logits_after": after.logits.clone()}
    with torch.no_grad():
        for key, module in model.named_modules():
            if isinstance(module, peft.tuners.miss.MissLayer):
                merged = module.get_delta_weight_miss("default", module.get_base_layer().weight.clone())
                golden[f"merged.{key.removeprefix('base_model.model.')}.weight"] = merged.contiguous()
    save_file(golden, out / "lora_golden.safetensors")
    (out / "lora.json").write_text(
        json.dumps(
            {
                "base": name,
                "peft": peft.__version__,
                "transformers": transformers.__version__,
                "steps": STEPS,
                "losses": losses,
                "trainable": sum(parameter.numel() for parameter in named.values()),
            },
            indent=1,
        )
    )
    return model


def _save(model, folder, name):
    model.peft_config["default"].base_model_name_or_path = f"golden/{name}"
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)


if __name__ == "__main__":
    main()

"""
Makes golden/lora_MODEL_experts with HuggingFace PEFT 0.21 and transformers 5: adapters on experts (target_parameters) and on the
attention before and after six full-batch steps of AdamW, with the losses, the gradients of the first step, and what the model
computes and its merged weights after the last. Needs torch, transformers, peft and safetensors: experts_golden.py FOLDER, where
FOLDER holds v5/MODEL.
"""

import json
import sys
import tempfile
from pathlib import Path

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file

FOLDER = Path(sys.argv[1])
STEPS = 6
LAYERS = [1, 3]
PARTS = ["gate_up_proj", "down_proj"]
# model, name of the experts, weights that get adapters, settings
CASES = [
    ("mixtral", "mlp.experts", PARTS, {"rank_pattern": {"experts.down_proj": 2}}),
    ("qwen3_moe", "mlp.experts", PARTS[:1], {"use_rslora": True}),
    ("gpt_oss", "mlp.experts", PARTS, {}),
    ("gemma4_moe", "experts", PARTS, {}),
]


def made(name, experts, parts, settings):
    torch.manual_seed(0)
    out = FOLDER / f"lora_{name}_experts"
    golden = load_file(FOLDER / "v5" / name / "golden.safetensors")
    inputs = {key: golden[key] for key in ("input_ids", "attention_mask")}
    inputs["labels"] = torch.where(inputs["attention_mask"] == 1, inputs["input_ids"], -100)
    inputs_file = FOLDER / "lora_inputs_v5" / f"{name}.safetensors"
    inputs_file.parent.mkdir(exist_ok=True)
    save_file(inputs, inputs_file)
    base = transformers.AutoModelForCausalLM.from_pretrained(
        FOLDER / "v5" / name, attn_implementation="eager", experts_implementation="eager", dtype=torch.float32
    )
    config = peft.LoraConfig(
        task_type="CAUSAL_LM",
        r=4,
        lora_alpha=6,
        target_modules=["q_proj", "v_proj"],
        layers_to_transform=LAYERS,
        target_parameters=[f"model.layers.{layer}.{experts}.{part}" for layer in LAYERS for part in parts],
        **settings,
    )
    model = peft.get_peft_model(base, config)
    with torch.no_grad():  # a B of zeros would hide mistakes in A
        for key, parameter in model.named_parameters():
            if ".lora_B." in key:
                parameter.normal_(std=0.05)
    _save(model, out / "adapter_init", name)
    named = {key: parameter for key, parameter in model.named_parameters() if parameter.requires_grad}
    optimizer = torch.optim.AdamW(named.values(), lr=0.005, weight_decay=0.01)
    model.train()
    losses, tensors = [], {}
    for step in range(STEPS):
        loss = model(**inputs).loss
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            tensors = {f"grad0.{key}": parameter.grad.clone() for key, parameter in named.items()}
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        after = model(**inputs, output_hidden_states=True)
    losses.append(after.loss.item())
    _save(model, out / "adapter_final", name)
    last = len(after.hidden_states) - 1
    tensors |= {f"hidden_states_after.{last}": after.hidden_states[last].clone(), "logits_after": after.logits.clone()}
    tensors |= {f"merged.{key}": value for key, value in _merged(model, FOLDER / "v5" / name).items()}
    save_file(tensors, out / "lora_golden.safetensors")
    (out / "lora.json").write_text(
        json.dumps(
            {
                "base": f"v5/{name}",
                "peft": peft.__version__,
                "transformers": transformers.__version__,
                "steps": STEPS,
                "losses": losses,
                "trainable": sum(parameter.numel() for parameter in named.values()),
            },
            indent=1,
        )
    )


def _merged(model, base):
    """The weights that merging changes, by the names in files."""
    before = load_file(base / "model.safetensors")
    with tempfile.TemporaryDirectory() as folder:
        model.merge_and_unload().save_pretrained(folder)
        after = load_file(Path(folder) / "model.safetensors")
    return {key: value for key, value in after.items() if not torch.equal(value, before[key])}


def _save(model, folder, name):
    model.peft_config["default"].base_model_name_or_path = f"golden/v5/{name}"
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)


for case in CASES:
    made(*case)

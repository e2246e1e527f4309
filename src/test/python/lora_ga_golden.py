"""
Makes golden/lora_llama_ga and golden/lora_bert_ga with HuggingFace PEFT: an adapter by LoRA-GA with PEFT's defaults before and after eight
full-batch steps of AdamW, with the losses, and the logits of the first four rows after the last. PEFT's gradient is that of one batch, all
rows; it is decomposed exactly here, where PEFT takes a randomised decomposition, and the largest element of each right singular vector
is positive. adapter_plain is what PEFT's own conversion saves: plain LoRA of twice the rank. Needs torch, transformers, peft and
safetensors: lora_ga_golden.py FOLDER, where FOLDER holds llama, bert, lora_inputs_llama.safetensors and lora_inputs_bert.safetensors.
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
STEPS = 8


def _exact(matrix, q, niter):
    u, s, vt = torch.linalg.svd(matrix.double(), full_matrices=False)
    at = vt.abs().argmax(dim=1, keepdim=True)
    sign = vt.gather(1, at).sign()
    return (u * sign.T)[:, :q].float(), s[:q].float(), (vt * sign).T[:, :q].float()


def main():
    torch.svd_lowrank = _exact
    llama = transformers.AutoModelForCausalLM.from_pretrained(FOLDER / "llama", attn_implementation="eager", dtype=torch.float32)
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    _train("llama", llama, dict(task_type="CAUSAL_LM", r=4, lora_alpha=6, target_modules=targets, layers_to_transform=[1, 3]))
    bert = transformers.AutoModelForSequenceClassification.from_pretrained(
        FOLDER / "bert", num_labels=3, attn_implementation="eager", dtype=torch.float32
    )
    targets = ["query", "value", "attention.output.dense", "intermediate.dense"]
    _train("bert", bert, dict(task_type="SEQ_CLS", r=3, lora_alpha=6, target_modules=targets, layers_to_transform=[0, 2], use_rslora=True))


def _train(name, base, settings):
    out = FOLDER / f"lora_{name}_ga"
    inputs = load_file(FOLDER / f"lora_inputs_{name}.safetensors")
    base.eval()
    with torch.no_grad():
        before = base(**inputs).logits
    config = peft.LoraConfig(init_lora_weights="lora_ga", lora_ga_config=peft.LoraGAConfig(), **settings)

    def backward():
        base.eval()  # bert has dropout of its own
        base(**inputs).loss.backward()

    peft.preprocess_loraga(base, config, backward)
    model = peft.get_peft_model(base, config)
    model.eval()
    with torch.no_grad():
        difference = (model(**inputs).logits - before).abs().max().item()
    _save(model, out / "adapter_init", name)
    named = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(named, lr=0.005, weight_decay=0.01)
    losses = []
    for _ in range(STEPS):
        loss = model(**inputs).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        after = model(**inputs)
    losses.append(after.loss.item())
    _save(model, out / "adapter_final", name)
    with tempfile.TemporaryDirectory() as folder:
        initial = Path(folder) / "initial"
        _copy(out / "adapter_init", initial)
        _save(model, out / "adapter_plain", name, path_initial_model_for_weight_conversion=str(initial))
    save_file({"logits_after": after.logits[:4].clone()}, out / "lora_golden.safetensors")
    facts = {"base": name, "peft": peft.__version__, "transformers": transformers.__version__, "start_minus_base": difference}
    (out / "lora.json").write_text(json.dumps(facts | {"losses": losses}, indent=1))


def _copy(start, initial):
    initial.mkdir()
    config = json.loads((start / "adapter_config.json").read_text()) | {"init_lora_weights": True, "lora_ga_config": None}
    (initial / "adapter_config.json").write_text(json.dumps(config))
    (initial / "adapter_model.safetensors").write_bytes((start / "adapter_model.safetensors").read_bytes())


def _save(model, folder, name, **more):
    model.peft_config["default"].base_model_name_or_path = f"golden/{name}"
    model.save_pretrained(folder, save_embedding_layers=False, **more)
    (folder / "README.md").unlink(missing_ok=True)


if __name__ == "__main__":
    main()

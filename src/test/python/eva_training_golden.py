"""
Makes golden/lora_llama_eva with HuggingFace PEFT: an adapter by EVA with equal ranks (rho 1), whose A are the principal components of the
inputs of all tokens, and the losses of eight full-batch steps of AdamW from it. PEFT's incremental decomposition sees the one batch until
its components stand still; it decomposes exactly here, where PEFT takes a randomised decomposition, whose elements are up to 0.1 away.
Needs torch, transformers, peft and safetensors: eva_training_golden.py FOLDER, where FOLDER holds llama and
lora_inputs_llama.safetensors.
"""

import json
import sys
from pathlib import Path

import peft
import peft.tuners.lora.eva as eva
import torch
import transformers
from safetensors.torch import load_file

FOLDER = Path(sys.argv[1])
OUT = FOLDER / "lora_llama_eva"
STEPS = 8


class _Exact(eva.IncrementalPCA):
    def __init__(self, lowrank, **settings):
        super().__init__(**settings)


def main():
    torch.manual_seed(0)
    eva.IncrementalPCA = _Exact
    inputs = load_file(FOLDER / "lora_inputs_llama.safetensors")
    base = transformers.AutoModelForCausalLM.from_pretrained(FOLDER / "llama", attn_implementation="eager", dtype=torch.float32)
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    config = peft.LoraConfig(
        task_type="CAUSAL_LM", r=4, lora_alpha=6, target_modules=targets, layers_to_transform=[1, 3], init_lora_weights="eva",
        eva_config=peft.EvaConfig(rho=1.0, tau=1 - 1e-6, use_label_mask=False),
    )
    model = peft.get_peft_model(base, config)
    peft.initialize_lora_eva_weights(model, [inputs], show_progress_bar=False)
    model.peft_config["default"].base_model_name_or_path = "golden/llama"
    model.save_pretrained(OUT / "adapter_init", save_embedding_layers=False)
    (OUT / "adapter_init" / "README.md").unlink(missing_ok=True)
    named = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(named, lr=0.005, weight_decay=0.01)
    losses = []
    for _ in range(STEPS):
        loss = model(**inputs).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    (OUT / "lora.json").write_text(
        json.dumps({"base": "llama", "peft": peft.__version__, "transformers": transformers.__version__, "losses": losses}, indent=1)
    )


if __name__ == "__main__":
    main()

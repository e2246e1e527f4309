"""
Makes golden/v5/MODEL/expert_load.json with transformers 5: the number of tokens that the routers of each layer send to each expert,
without padding, for the rows of golden.safetensors. Needs torch, transformers and safetensors: expert_load_golden.py FOLDER, where
FOLDER holds v5/MODEL.
"""

import json
import re
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file

FOLDER = Path(sys.argv[1])
MODELS = ["mixtral", "qwen3_moe", "olmoe", "gpt_oss", "qwen3_next", "qwen3_5_moe", "gemma4_moe"]

for name in MODELS:
    golden = load_file(FOLDER / "v5" / name / "golden.safetensors")
    model = transformers.AutoModelForCausalLM.from_pretrained(FOLDER / "v5" / name, dtype=torch.float32).eval()
    kept = golden["attention_mask"].reshape(-1).bool()
    text = getattr(model.config, "text_config", model.config)
    tokens = [[] for _ in range(text.num_hidden_layers)]

    def counting(layer, experts):
        def count(module, inputs, outputs):
            # logits or probabilities, weights, indices
            chosen = outputs[2].reshape(len(kept), -1)[kept]
            tokens[layer] = torch.bincount(chosen.reshape(-1), minlength=experts).tolist()

        return count

    for key, module in model.named_modules():
        if type(module).__name__.endswith("Router"):
            layer = int(re.search(r"layers\.(\d+)\.", key).group(1))
            experts = next(getattr(text, key) for key in ("num_experts", "num_local_experts") if hasattr(text, key))
            module.register_forward_hook(counting(layer, experts))
    with torch.no_grad():
        model(input_ids=golden["input_ids"], attention_mask=golden["attention_mask"])
    (FOLDER / "v5" / name / "expert_load.json").write_text(json.dumps({"tokens": tokens}) + "\n")
    print(name, tokens)

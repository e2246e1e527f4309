"""Counts the operations of forward and backward passes with PyTorch's own counter, for FlopsTest.

    python flops_golden.py FOLDER_OF_GOLDEN SAMPLE_MODEL >src/test/resources/golden/flops.json

Needs torch, transformers and peft as requirements.txt has them.
"""

import json
import sys

import torch
import transformers
from peft import LoraConfig, get_peft_model
from torch.utils.flop_counter import FlopCounterMode

ROWS, LENGTH = 2, 12
CASES = {
    "bert": ("bert", [["query", "value"], ["query", "key", "value"], ["output.dense"]]),
    "llama": ("llama", [["q_proj", "v_proj"], ["q_proj", "k_proj", "v_proj", "up_proj", "down_proj"], ["down_proj"]]),
    "sample": ("bert", [["query", "key", "value"]]),
}


def count(folder, family, targets, layers, rank):
    decoder = family == "llama"
    kind = transformers.AutoModelForCausalLM if decoder else transformers.AutoModelForSequenceClassification
    model = kind.from_pretrained(folder, attn_implementation="eager")
    config = LoraConfig(r=rank, target_modules=targets, layers_to_transform=layers, task_type="CAUSAL_LM" if decoder else "SEQ_CLS")
    if not decoder:
        config.modules_to_save = []
    adapted = get_peft_model(model, config)
    for name, parameter in adapted.named_parameters():
        parameter.requires_grad = "lora_" in name
    ids = torch.arange(3, 3 + ROWS * LENGTH).reshape(ROWS, LENGTH) % model.config.vocab_size
    counted = []
    with FlopCounterMode(display=False) as counter:
        loss = adapted(input_ids=ids).logits.sum()
        counted.append(counter.get_total_flops())
        loss.backward()
        counted.append(counter.get_total_flops() - counted[0])
    return counted


def main():
    golden, sample = sys.argv[1:3]
    out = []
    for name, (family, kinds) in CASES.items():
        folder = sample if name == "sample" else f"{golden}/{name}"
        count_of = transformers.AutoConfig.from_pretrained(folder).num_hidden_layers
        for targets in kinds:
            for layers in (list(range(count_of)), list(range(count_of // 2, count_of)), list(range(1, count_of, 2))):
                forward, backward = count(folder, family, targets, layers, 4)
                out.append(
                    {"model": name, "targets": targets, "layers": layers, "r": 4, "rows": ROWS, "length": LENGTH}
                    | {"forward": forward, "backward": backward}
                )
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()

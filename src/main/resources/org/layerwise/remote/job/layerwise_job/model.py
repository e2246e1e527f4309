"""The model of a job with its adapter."""

import os

import torch

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def load(plan, model, adapter, device, dtype):
    """The base model from a folder or a name of the hub, with the adapter of a PEFT folder on it; on the processor still."""
    import transformers
    from peft import PeftModel

    options = {"torch_dtype": DTYPES[dtype], "attn_implementation": "eager" if device.type == "cpu" else "sdpa"}
    if plan.get("model_revision") and not os.path.isdir(model):
        options["revision"] = plan["model_revision"]
    if plan["task"] == "causal-lm":
        base = transformers.AutoModelForCausalLM.from_pretrained(model, **options)
    else:
        regression = plan["task"] == "regression"
        base = transformers.AutoModelForSequenceClassification.from_pretrained(
            model,
            num_labels=plan["outputs"],
            problem_type="regression" if regression else "single_label_classification",
            **options,
        )
        base.config.pad_token_id = plan["pad_id"]
    base.config.use_cache = False
    if plan.get("model_dropout") is not None:
        for module in base.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = plan["model_dropout"]
    adapted = PeftModel.from_pretrained(base, adapter, is_trainable=True)
    for parameter in adapted.parameters():
        # what is trained keeps its small changes in float32
        if parameter.requires_grad and parameter.dtype != torch.float32:
            parameter.data = parameter.data.float()
    if plan.get("gradient_checkpointing"):
        adapted.gradient_checkpointing_enable({"use_reentrant": False})
        adapted.enable_input_require_grads()
    return adapted


def groups(named, plan):
    """Parameters as AdamW takes them: no decay of biases, and LoRA+'s faster B. A rate is a multiple of the schedule's."""
    ratio = plan.get("lora_plus_ratio")
    found = {}
    for name, parameter in named:
        faster = ratio is not None and "lora_B" in name
        decay = 0.0 if name.endswith(".bias") else plan["weight_decay"]
        found.setdefault((faster, decay), []).append(parameter)
    return [
        {"params": parameters, "weight_decay": decay, "times": ratio if faster else 1.0}
        for (faster, decay), parameters in found.items()
    ]

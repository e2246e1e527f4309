"""The model of a job with its adapter."""

import hashlib
import os

import torch

from .sharded import weightless

WEIGHTS = "adapter_model.safetensors"
PRINCIPAL = "principal"  # a folder in that of an adapter
LORA_A, LORA_B = ".lora_A.weight", ".lora_B.weight"
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def require_there(model):
    """Before anything is started that would try again and again."""
    if os.path.isabs(model) and not os.path.isdir(model):
        raise FileNotFoundError("there is no folder %s on the cluster; say with --model-there where the model lies." % model)


def require_no_adapter(model, revision):
    """Where there is an adapter beside a model, transformers takes that with the base model that it names, and not the model."""
    from transformers.utils import find_adapter_config_file

    if find_adapter_config_file(model, **({"revision": revision} if revision else {})):
        raise ValueError(
            "%s holds an adapter, too, which transformers would take with its base model instead; move the adapter's files into a"
            " folder of their own, or say with --model-there where the model lies alone." % model
        )


def fingerprint(model):
    """Names, sizes and times of the files of a model in a folder; empty for a name of the hub, of which the plan has the commit."""
    if not os.path.isdir(model):
        return ""
    found = [(entry.name, entry.stat()) for entry in os.scandir(model) if entry.is_file()]
    return " ".join("%s:%d:%d" % (name, facts.st_size, facts.st_mtime_ns) for name, facts in sorted(found))


def options(plan, model, device, dtype):
    """How a model is read from a folder or under a name of the hub."""
    require_there(model)
    found = {"torch_dtype": DTYPES[dtype], "attn_implementation": "eager" if device.type == "cpu" else "sdpa"}
    if plan.get("model_revision") and not os.path.isdir(model):
        found["revision"] = plan["model_revision"]
    require_no_adapter(model, found.get("revision"))
    return found


def require_knows_rope(model, where, version):
    """Version 4 of transformers passes over the rotary positions as version 5 writes them, and would compute others."""
    import transformers

    written = transformers.PretrainedConfig.get_config_dict(model, **where)[0]
    parts = [written] + [part for part in written.values() if isinstance(part, dict)]
    earlier = int(version.split(".")[0]) < 5
    if earlier and written.get("model_type") == "mistral" and "layer_types" in written:
        raise ValueError(
            "%s has layer_types, which transformers %s on the cluster would pass over; install transformers 5 there." % (model, version)
        )
    if earlier and any(part.get("rope_parameters") for part in parts):
        raise ValueError(
            "%s was saved by transformers 5 (rope_parameters), and transformers %s on the cluster would compute other positions; install"
            " transformers 5 there." % (model, version)
        )


def read(kind, model, chosen, empty, ignore_mismatched_sizes=False, dropout=None, **config):
    """A model by one of transformers' Auto classes; empty: as it would be, with weights that have no memory. Weights are read from
    safetensors only: other files may hold code that runs when they are read."""
    import transformers

    where = {"revision": chosen["revision"]} if "revision" in chosen else {}
    require_knows_rope(model, where, transformers.__version__)
    wanted = transformers.AutoConfig.from_pretrained(model, **where, **config)
    if dropout is not None:
        set_dropout((wanted, wanted.get_text_config()), dropout)
    vision = getattr(wanted, "vision_config", None)
    if isinstance(vision, transformers.PretrainedConfig):  # a text model may have a mapping of that name, which it does not use
        set_dropout((vision,), 0.0)  # it is not trained, and drops nothing on a desktop either
    if needs_eager(wanted):
        chosen = {**chosen, "attn_implementation": "eager"}
    if not empty:
        sizes = {"ignore_mismatched_sizes": ignore_mismatched_sizes}
        try:
            return kind.from_pretrained(model, config=wanted, use_safetensors=True, **sizes, **chosen)
        except RuntimeError as error:  # as a lost worker is, too, but this one comes again
            raise ValueError("the model %s cannot be read: %s" % (model, error)) from error
    with weightless():
        return kind.from_config(wanted, **{name: value for name, value in chosen.items() if name != "revision"})


def needs_eager(config):
    """True for a model whose scores are capped, or not scaled by the size of a head alone: PyTorch's attention does neither, and
    transformers leaves it out without a word. It refuses the additional scores of gpt-oss."""
    text = config.get_text_config()
    return bool(
        getattr(text, "attn_logit_softcapping", None)
        or text.model_type == "gpt_oss"
        or getattr(text, "scale_attn_by_inverse_layer_idx", False)
        or not getattr(text, "scale_attn_weights", True)
    )


def set_dropout(parts, probability):
    """Sets every dropout of parts of a configuration, before the model is made: models read some of them as numbers, and leave out the
    modules of those that are 0."""
    for part in {id(part): part for part in parts}.values():
        for name, value in vars(part).items():
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if ("dropout" in name or name.endswith("pdrop")) and (number or value is None):
                setattr(part, name, probability)


def with_head(plan, model, device, dtype, empty, **more):
    """The base model with the head of the plan's task; on the processor still."""
    import transformers

    chosen = options(plan, model, device, dtype)
    more["dropout"] = plan.get("model_dropout")
    if plan.get("vision"):
        base = read(transformers.AutoModelForImageTextToText, model, chosen, empty, **more)
    elif plan["task"] == "causal-lm":
        base = read(transformers.AutoModelForCausalLM, model, chosen, empty, **more)
    else:
        problem = "regression" if plan["task"] == "regression" else "single_label_classification"
        kind = transformers.AutoModelForSequenceClassification
        base = read(kind, model, chosen, empty, num_labels=plan["outputs"], problem_type=problem, **more)
        base.config.pad_token_id = plan["pad_id"]
    base.config.use_cache = False
    return base


def with_adapter(base, folder, trainable, empty):
    """The model with the adapter of a PEFT folder; empty: as it would be. Of an adapter by PiSSA the weights below are still whole where
    its principal part is beside it: see take_out."""
    from peft import PeftConfig, PeftModel, get_peft_model

    if not os.path.isfile(os.path.join(folder, WEIGHTS)):  # PEFT would take a pickle instead
        raise FileNotFoundError("there is no %s in %s." % (WEIGHTS, folder))
    config = PeftConfig.from_pretrained(folder)
    config.inference_mode = not trainable
    if not empty:
        start = config.init_lora_weights
        if has_principal(folder):
            config.init_lora_weights = True
        adapted = PeftModel.from_pretrained(base, folder, is_trainable=trainable, config=config)
        config.init_lora_weights = start  # as it is saved
        require_biases(adapted, trainable)
        return adapted
    config.init_lora_weights = True  # what an initialisation computes of the weights is in the folder
    named = config.base_model_name_or_path
    with weightless():
        adapted = get_peft_model(base, config)
    config.base_model_name_or_path = named  # PEFT puts the folder of this cluster there
    require_biases(adapted, trainable)
    return adapted


def require_biases(adapted, trainable):
    """With bias=all, PEFT 0.21 trains the tensors that are called bias, as Layerwise does; 0.18 also others such as dt_bias."""
    import peft

    for name, parameter in adapted.named_parameters():
        if trainable and parameter.requires_grad and "bias" in name and not name.endswith(".bias") and ".modules_to_save." not in name:
            raise ValueError("PEFT %s would train %s with bias=all, PEFT 0.21 does not; install that, or train with bias=lora_only." % (peft.__version__, name))


def has_principal(folder):
    """True if a PEFT folder holds what PiSSA takes out of the weights; not in a job of an earlier version."""
    return os.path.isfile(os.path.join(folder, PRINCIPAL, WEIGHTS))


def take_out(adapted, folder):
    """Takes the principal part of an adapter by PiSSA out of the weights, where it is beside the adapter. PEFT finds that part again by
    itself, but of pissa_niter_N by other random numbers, and rounded otherwise on another processor."""
    from safetensors.torch import load_file

    if not has_principal(folder):
        return
    tensors = load_file(os.path.join(folder, PRINCIPAL, WEIGHTS))
    rest = {name for name in tensors if name.endswith((LORA_A, LORA_B))}
    for name, module in adapted.named_modules():
        if name + LORA_A in rest and name + LORA_B in rest:
            rest -= {name + LORA_A, name + LORA_B}
            part = module.scaling["default"] * (tensors[name + LORA_B] @ tensors[name + LORA_A])
            weight = module.get_base_layer().weight
            weight.data = (weight.data.float() - (part.T if module.fan_in_fan_out else part)).to(weight.dtype)
    if rest:
        raise ValueError("the principal part of %s does not fit the model that is found here; is it another model?" % min(rest))


def require_adapter(adapted, folder):
    """PEFT only warns of an adapter that does not fit the model, and goes on with one at random. Left to itself it also asks the hub
    whether embeddings were resized, which none of these adapters does, and waits where there is no network."""
    from peft import get_peft_model_state_dict
    from safetensors.torch import load_file

    wanted, got = load_file(os.path.join(folder, WEIGHTS)), get_peft_model_state_dict(adapted, save_embedding_layers=False)
    for name, value in wanted.items():
        if name not in got and any(is_renamed(name, other) and torch.equal(value, wanted[other]) for other in wanted if other in got):
            continue
        if name not in got or not torch.equal(got[name].cpu(), value.to(got[name].dtype)):
            raise ValueError("the adapter's %s does not fit the model that is found here; is it another model?" % name)


def is_renamed(one, other):
    """True for names of one tensor under two modules of the model itself: a head that versions of transformers call otherwise, such as
    base_model.model.embed_out and base_model.model.lm_head, is in the file under both names."""
    parts, others = one.split("."), other.split(".")
    return one != other and parts[:2] == others[:2] and parts[3:] == others[3:]


def without_head(plan, model, adapter, device, dtype, empty=False):
    """The model that gives hidden states, with the adapter of a PEFT folder where there is one; on the processor still."""
    import transformers

    if adapter is None:
        return read(transformers.AutoModel, model, options(plan, model, device, dtype), empty).eval().requires_grad_(False)
    # an adapter names modules as they are in a model with a head, which may have another size in the checkpoint
    base = with_head(plan, model, device, dtype, empty, ignore_mismatched_sizes=True)
    adapted = with_adapter(base, adapter, False, empty)
    if not empty:
        require_adapter(adapted, adapter)
        take_out(adapted, adapter)
    adapted = adapted.get_base_model().eval().requires_grad_(False)
    return getattr(adapted, adapted.base_model_prefix or "model")


def load(plan, model, adapter, device, dtype, empty=False):
    """The base model with the adapter of a PEFT folder on it, ready to be trained after take_out; on the processor still, or empty: with weights that
    have no memory, for workers that are given theirs."""
    from peft import set_peft_model_state_dict
    from safetensors.torch import load_file

    base = with_head(plan, model, device, dtype, empty)
    adapted = with_adapter(base, adapter, True, empty)
    for module in adapted.modules():
        own = list(module.parameters(recurse=False))
        norm = not isinstance(module, torch.nn.Linear) and any(parameter.requires_grad for parameter in own)
        for parameter in own:
            # what is trained keeps its small changes in float32; a norm has one type, where autocast does not see to it
            if (parameter.requires_grad or norm) and parameter.dtype != torch.float32:
                parameter.data = parameter.data.float()
    if not empty:
        # once more: modules that are trained in full were rounded to the type of the model
        set_peft_model_state_dict(adapted, load_file(os.path.join(adapter, WEIGHTS)))
        require_adapter(adapted, adapter)
    if plan.get("gradient_checkpointing"):
        adapted.gradient_checkpointing_enable({"use_reentrant": False})
        adapted.enable_input_require_grads()
    return adapted


def frozen_sha256(model):
    """SHA-256 over the weights that are used and not trained, with their names: an attempt that goes on must find the same."""
    digest = hashlib.sha256()
    for name, parameter in model.named_parameters():
        # PEFT keeps what modules that are trained in full were before, which may be random
        if not parameter.requires_grad and ".original_module." not in name:
            digest.update(("%s %s\0" % (name, parameter.dtype)).encode("utf-8"))
            digest.update(parameter.detach().contiguous().reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()


def forget_lengths(model):
    """Makes rotary positions of the type dynamic depend on the rows of the next pass alone: transformers keeps those of the longest rows
    that a model has seen so far."""
    for module in model.modules():
        if getattr(module, "rope_type", None) == "dynamic" and hasattr(module, "original_inv_freq"):
            module.register_buffer("inv_freq", module.original_inv_freq, persistent=False)
            module.max_seq_len_cached = module.original_max_seq_len


def groups(named, plan):
    """Parameters as AdamW takes them: no decay of biases and of norms that are trained in full, and LoRA+'s faster B. A rate is a
    multiple of the schedule's."""
    ratio = plan.get("lora_plus_ratio")
    found = {}
    for name, parameter in named:
        bias = name.endswith(".bias")
        norm = ".modules_to_save." in name and parameter.ndim < 2
        faster = ratio is not None and "lora_B" in name and not bias
        decay = 0.0 if bias or norm else plan["weight_decay"]
        found.setdefault((faster, decay), []).append(parameter)
    return [
        {"params": parameters, "weight_decay": decay, "times": ratio if faster else 1.0}
        for (faster, decay), parameters in found.items()
    ]

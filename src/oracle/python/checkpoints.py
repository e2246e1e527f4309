"""
The checkpoints that people tune: small copies of their configurations, with random weights, by transformers and by Layerwise.
src/oracle/checkpoints.jsonl has the configurations, each with the public file that it was read from. What comes out must be
what the guide's page on coverage says; oracle.sh --coverage writes that page.
"""

import copy
import functools
import json
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file

from report import Refused, difference
from tiny import VERSION, classifies, without_dropout

_SOURCE = Path(__file__).resolve().parents[1] / "checkpoints.jsonl"
_PAGE = Path(__file__).resolve().parents[2] / "site/markdown/coverage.md"
_LABELS = 3
_TYPE = "its type"
_VOCABULARY = 96
_SIZE = 16
_HIDDEN = ("hidden_size", "n_embd", "dim")
_HEADS = ("num_attention_heads", "n_head", "n_heads")
_LAYERS = ("num_hidden_layers", "n_layer", "n_layers")
_LENGTHS = ("max_position_embeddings", "n_positions", "n_ctx")
_SMALL = {
    "intermediate_size": 40,
    "n_inner": 40,
    "hidden_dim": 40,
    "moe_intermediate_size": 24,
    "shared_expert_intermediate_size": 24,
    "sliding_window": 6,
    "local_attention": 6,
    "vocab_size": _VOCABULARY,
    "vocab_size_per_layer_input": _VOCABULARY,
    "hidden_size_per_layer_input": 8,
    "head_dim": _SIZE,
    "global_head_dim": 2 * _SIZE,
    "num_experts": 4,
    "num_local_experts": 4,
    "num_experts_per_tok": 2,
    "experts_per_token": 2,
    "top_k_experts": 2,
    "embedding_size": 24,
    "position_buckets": 8,
    "linear_key_head_dim": 8,
    "linear_value_head_dim": 8,
    "original_max_position_embeddings": 16,
}
_QWEN_VISION = {"depth": 2, "hidden_size": 32, "intermediate_size": 48, "num_heads": 4, "out_hidden_size": 48}
# models that see images of which transformers has no class for the text alone: sizes of what sees
_WHOLE = {
    "llava": {
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "image_size": 16,
        "patch_size": 8,
        "projection_dim": 32,
    },
    "qwen2_5_vl": {**_QWEN_VISION, "fullatt_block_indexes": [1]},
    "qwen3_vl": {**_QWEN_VISION, "deepstack_visual_indexes": [0, 1]},
}


def checks(report, layerwise):
    if VERSION < 5:
        return
    said = dict(_said())
    for entry in _entries():
        report.check(f"checkpoint {entry['id']}", functools.partial(_made, layerwise, entry, said))


def write_page(layerwise):
    """Tries all checkpoints and writes the page."""
    rows = [_row(entry, _tried(layerwise, entry)[0]) for entry in _entries()]
    opened = sum("| yes" in row for row in rows)
    head = _PAGE.read_text().split("\n| checkpoint |")[0] if _PAGE.exists() else "# Coverage\n"
    table = ["| checkpoint | what it needs | opens | configuration read from |", "| --- | --- | --- | --- |", *rows]
    _PAGE.write_text(head.rstrip() + "\n\n" + "\n".join(table) + "\n")
    print(f"{opened} of {len(rows)} open; {_PAGE}")


def _entries():
    return [json.loads(line) for line in _SOURCE.read_text().splitlines()]


def _said():
    """What the page says of each checkpoint."""
    for line in _PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 6 and "`" in cells[1]:
            yield cells[1].strip("`"), cells[3]


def _row(entry, verdict):
    return f"| `{entry['id']}` | {_needs(entry['config'])} | {verdict} | {entry['source']} |"


def _made(layerwise, entry, said):
    verdict, largest = _tried(layerwise, entry)
    if said.get(entry["id"]) != verdict:
        raise AssertionError(f"the page says \"{said.get(entry['id'])}\", but it is \"{verdict}\"; oracle.sh --coverage writes it anew")
    yield largest, 0.0
    return verdict


def _tried(layerwise, entry):
    """What comes out, in a cell of the table, and the largest difference."""
    folder = layerwise.fresh("checkpoint")
    folder.mkdir()
    small, failed = _small(entry["config"]), "it has no such class"
    try:
        judge = _judge(small, folder)
    except Exception as error:  # sizes that do not fit the class; Layerwise must then refuse the type
        judge, failed = None, error
    if judge is None:
        save_file({"nothing": torch.zeros(1)}, folder / "model.safetensors", {"format": "pt"})
    (folder / "config.json").write_text(json.dumps(small, indent=1))
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(3, 80, (3, 19), generator=generator)
    mask = (torch.arange(19)[None] < torch.tensor([19, 12, 5])[:, None]).long()
    batch = {"input_ids": torch.where(mask == 1, ids, small.get("pad_token_id") or 0), "attention_mask": mask}
    try:
        ours = layerwise.logits(folder, None, batch)
    except Refused as sentence:
        reason = _reason(str(sentence), folder)
        if judge is None and reason != _TYPE:
            raise AssertionError(f"Layerwise says {sentence}, and transformers {failed}") from sentence
        return "no: " + reason, 0.0
    with torch.no_grad():
        theirs = judge(**batch).logits
    shown = mask == 1 if theirs.dim() == 3 else ...
    return "yes", difference(ours[shown] / theirs[shown].abs().max(), theirs[shown] / theirs[shown].abs().max())


def _reason(sentence, folder):
    """The part of a refusal that says why."""
    if "is a model of type" in sentence:
        return _TYPE
    if "is quantised" in sentence:
        return "quantised (" + sentence.split("quantization_config: ")[1].split(")")[0] + ")"
    return sentence.replace(str(folder / "config.json"), "it").split(", which")[0].split(";")[0].rstrip(".")


def _judge(small, folder):
    """transformers' model of the configuration, saved in the folder; None if it has no such class."""
    values = copy.deepcopy(small)
    values.pop("quantization_config", None)
    values.pop("auto_map", None)
    text = values.get("text_config")
    inside = text is not None and values["model_type"] not in _WHOLE
    if inside:
        own = {key: values[key] for key in ("tie_word_embeddings",) if key in values}
        values = {**own, **text}
    kind = values.get("model_type")
    if kind not in transformers.CONFIG_MAPPING:
        return None
    torch.manual_seed(3)
    config = transformers.CONFIG_MAPPING[kind].from_dict(values)
    without_dropout(config)
    config.dtype = torch.float32
    config._attn_implementation = "eager"
    model = _model(config)
    for parameter in model.parameters():
        if parameter.dim() == 1:
            parameter.data += 0.1 * torch.randn_like(parameter)
    model = model.eval()
    model.save_pretrained(folder)
    if inside:
        file = next(folder.glob("*.safetensors"))
        save_file({_inside(name): value.contiguous() for name, value in load_file(file).items()}, file, {"format": "pt"})
    return model


def _inside(name):
    return name.replace("model.", "model.language_model.", 1) if name.startswith("model.") else name


def _model(config):
    if config.model_type in _WHOLE:
        return transformers.AutoModelForImageTextToText.from_config(config)
    if classifies(config):
        config.num_labels = _LABELS
        return transformers.AutoModelForSequenceClassification.from_config(config)
    return transformers.AutoModelForCausalLM.from_config(config)


def _small(config):
    """A copy with small sizes; everything else stays as it is."""
    small = copy.deepcopy(config)
    if isinstance(small.get("text_config"), dict):
        text = {"tie_word_embeddings": small.get("tie_word_embeddings", True), **small["text_config"]}
        small["text_config"] = _small(text)
    if small.get("model_type") in _WHOLE:
        small["vision_config"] = {**small.get("vision_config", {}), **_WHOLE[small["model_type"]]}
        small["image_seq_length"] = 4
    if classifies(small):
        small["id2label"] = {str(label): f"LABEL_{label}" for label in range(_LABELS)}
        small["label2id"] = {f"LABEL_{label}": label for label in range(_LABELS)}
        small.pop("num_labels", None)
    heads = next((name for name in _HEADS if small.get(name)), None)
    layers = next((name for name in _LAYERS if small.get(name)), None)
    for name, value in _SMALL.items():
        if isinstance(small.get(name), int) and small[name]:
            small[name] = min(small[name], value)
    if heads:
        _heads(small, heads)
    if layers:
        _layers(small, layers)
    for name in _LENGTHS:
        if small.get(name):
            small[name] = 64 + small[name] % 2 + (2 if small.get("model_type") in ("roberta", "xlm-roberta") else 0)
    small.setdefault("pad_token_id", 0)
    _tokens(small)
    _positions(small)
    return small


def _heads(small, name):
    before, keys = small[name], small.get("num_key_value_heads")
    if keys:
        few = 1 if keys == 1 else 2
        small["num_key_value_heads"] = few if keys < before else 4
        small[name] = few * min(4, before // keys) if keys < before else 4
    else:
        small[name] = 4
    if small.get("num_global_key_value_heads"):
        small["num_global_key_value_heads"] = min(2, small["num_global_key_value_heads"])
    if small.get("linear_num_key_heads"):
        ratio = small["linear_num_value_heads"] // small["linear_num_key_heads"]
        small["linear_num_key_heads"], small["linear_num_value_heads"] = 2, 2 * min(2, ratio)
    hidden = next((key for key in _HIDDEN if key in small), "hidden_size")
    small[hidden] = small[name] * (12 if small.get("head_dim") else _SIZE)
    for other in ("pooler_hidden_size", "d_model"):
        if small.get(other):
            small[other] = small[hidden]


def _layers(small, name):
    before = small[name]
    shared = small.get("num_kv_shared_layers") or 0
    count = min(before, 12 if shared else 6)
    for key, value in list(small.items()):
        if isinstance(value, list) and len(value) == before:
            small[key] = value[:count]
    if shared:
        small["num_kv_shared_layers"] = count // 2
    if small.get("max_window_layers"):
        small["max_window_layers"] = min(count, small["max_window_layers"])
    if small.get("mlp_only_layers"):
        small["mlp_only_layers"] = [layer for layer in small["mlp_only_layers"] if layer < count]
    small[name] = count


def _tokens(small):
    for name, value in list(small.items()):
        if not name.endswith(("token_id", "token_index")):
            continue
        if isinstance(value, list):
            small[name] = [2]
        elif isinstance(value, int) and value >= _VOCABULARY:
            small[name] = _VOCABULARY - 1


def _positions(small):
    size = small.get("head_dim") or _SIZE
    for part in _ropes(small):
        turned = int(size * part.get("partial_rotary_factor", small.get("partial_rotary_factor") or 1.0)) // 2
        if "original_max_position_embeddings" in part:
            part["original_max_position_embeddings"] = 16
            # factor and lengths agree, as in the checkpoints: where they do not, versions of transformers differ in which they take
            length = next((small[name] for name in _LENGTHS if small.get(name)), None)
            if part.get("rope_type", part.get("type")) == "yarn" and part.get("factor") and length:
                part["factor"] = length / 16
        for factors in ("short_factor", "long_factor"):
            if factors in part:
                part[factors] = part[factors][:turned]
        if part.get("mrope_section"):
            section = part["mrope_section"]
            scaled = [count * turned // sum(section) for count in section]
            scaled[0] += turned - sum(scaled)
            part["mrope_section"] = scaled


def _ropes(small):
    for name in ("rope_parameters", "rope_scaling"):
        part = small.get(name)
        if isinstance(part, dict):
            yield part
            yield from (value for value in part.values() if isinstance(value, dict))


def _needs(config):
    """Type and features, in a cell of the table."""
    text = config.get("text_config") if isinstance(config.get("text_config"), dict) else config
    words = [f"`{config.get('model_type', text.get('model_type'))}`"]
    kinds = {part.get("rope_type", part.get("type")) for part in _ropes(text)} - {None, "default"}
    words += sorted(f"{kind} positions" for kind in kinds)
    if text.get("sliding_window") and text.get("use_sliding_window", True) or text.get("local_attention"):
        words.append("windows")
    if any(text.get(name) for name in ("num_experts", "num_local_experts", "n_routed_experts")):
        words.append("experts")
    if "linear_num_key_heads" in text:
        words.append("gated delta networks")
    if text.get("num_kv_shared_layers"):
        words.append("shared keys and values")
    if config.get("quantization_config"):
        words.append(str(config["quantization_config"].get("quant_method", "quantised")))
    if text is not config:
        words.append("text of a model that sees images")
    return ", ".join(words)

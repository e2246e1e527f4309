"""
Random configurations of every family of today: odd sizes, all ratios of heads, windows shorter than the rows, rotary positions
of all kinds, padding on the left and on the right. Logits of Layerwise and of transformers are compared at tokens that are no
padding, relative to the largest. Rows in which a router nearly draws are left out and counted.
"""

import functools
import random

import torch
import transformers

from report import Skipped
from tiny import TODAY, VERSION, classifies, fixture_values, without_dropout

_COUNT = 20
_ROWS, _LENGTH = 4, 23
_NEARLY = 1e-5
_FURTHER = ("llama_v5", "mistral_v5", "qwen2_v5", "qwen3_v5", "phi3_v5", "gemma2_v5", "embeddinggemma", "eurobert")
# kinds of layers
_SLIDING, _FULL, _LINEAR = "sliding_attention", "full_attention", "linear_attention"


def checks(report, layerwise):
    if VERSION < 5:
        return
    for family in (*_FURTHER, *TODAY):
        report.check(f"{_COUNT} random configurations, {family}", functools.partial(_made, layerwise, family))


def _made(layerwise, family):
    left_out = rows = 0
    for seed in range(_COUNT):
        draw = random.Random(f"{family} {seed}")
        config = _config(family, draw)
        model = _model(config, seed)
        folder = layerwise.fresh(family)
        model.save_pretrained(folder)
        batch = _batch(config, draw, seed)
        with torch.no_grad():
            logits, clear = _judged(model, batch)
        ours = layerwise.logits(folder, None, batch)
        rows += len(clear)
        left_out += len(clear) - int(clear.sum())
        if clear.any():
            shown = batch["attention_mask"][clear] == 1 if logits.dim() == 3 else ...
            size = logits[clear][shown].abs().max()
            yield ours[clear][shown] / size, logits[clear][shown] / size
    if left_out == rows:
        raise Skipped("in every row a router nearly draws")
    return f"{rows} rows, {left_out} left out"


def _config(family, draw):
    """A fixture's configuration with other sizes."""
    values = fixture_values(family)
    heads = draw.choice((1, 2, 3, 4, 6))
    size = draw.choice((16, 24) if _turns_a_part(family) else (4, 6, 8, 10, 14))
    values["num_attention_heads"] = heads
    if "num_key_value_heads" in values:
        values["num_key_value_heads"] = draw.choice([count for count in range(1, heads + 1) if heads % count == 0])
    values["hidden_size"] = heads * size
    if "head_dim" in values:
        if values["head_dim"]:
            values["hidden_size"] = heads * draw.choice((5, 7, 10, 13))
        values["head_dim"] = size
    values["intermediate_size"] = draw.choice((13, 31, 48, 65))
    if values.get("sliding_window"):
        # transformers writes half of it twice where tokens see later ones, and 0 is no window
        values["sliding_window"] = draw.randint(2 if family == "embeddinggemma" else 1, _LENGTH)
    _experts(values, draw)
    _layers(values, draw)
    _positions(values, draw)
    _special(family, values, draw)
    config = transformers.CONFIG_MAPPING[values["model_type"]].from_dict(values)
    without_dropout(config)
    config._attn_implementation = "eager"
    return config


def _turns_a_part(family):
    """True for families whose rotary positions turn a half or a quarter of each head, in pairs."""
    return family in ("gpt_neox", "qwen3_next", "qwen3_5", "glm", "glm4") or family.startswith("gemma4")


def _experts(values, draw):
    for name in ("num_experts", "num_local_experts"):
        if values.get(name):
            values[name] = draw.choice((2, 3, 5, 8))
            taken = "top_k_experts" if "top_k_experts" in values else "num_experts_per_tok"
            values[taken] = draw.randint(1, values[name])
    for name in ("moe_intermediate_size", "shared_expert_intermediate_size"):
        if values.get(name):
            values[name] = draw.choice((7, 16, 21))


def _layers(values, draw):
    count = values["num_hidden_layers"] = draw.randint(2, 5)
    types = values.get("layer_types")
    if not types:
        return
    kinds = sorted(set(types))
    types = [draw.choice(kinds) for _ in range(count)]
    if _LINEAR in kinds or "hidden_size_per_layer_input" in values:
        types[-1] = _FULL
    if values.get("num_kv_shared_layers"):
        types = [_SLIDING, _FULL, *types[2:]]
        values["num_kv_shared_layers"] = draw.randint(0, count - 2)
    values["layer_types"] = types


def _positions(values, draw):
    """Other rotary positions, of the kinds that the family's class computes."""
    parameters = values["rope_parameters"]
    by_kind = [part for part in parameters.values() if isinstance(part, dict)]
    for part in by_kind or [parameters]:
        part["rope_theta"] = draw.choice((100.0, 10_000.0, 1_000_000.0))
    if by_kind or parameters["rope_type"] != "default" or "mrope_section" in parameters or values["model_type"] == "phi3":
        return
    values["max_position_embeddings"] = 64
    kinds = {
        "default": {},
        "linear": {"factor": draw.choice((2.0, 3.5))},
        "dynamic": {"factor": 2.0},
        "yarn": {"factor": 4.0, "original_max_position_embeddings": 16},
        "llama3": {
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": draw.choice((2.0, 4.0)),
            "original_max_position_embeddings": 16,
        },
    }
    kind = draw.choice(sorted(kinds))
    values["rope_parameters"] = {**parameters, "rope_type": kind, **kinds[kind]}


def _special(family, values, draw):
    """Settings of one family."""
    if family.startswith("gemma4"):
        full = draw.choice((16, 24))
        values["per_layer_config"] = {
            str(layer): {"head_dim": full} for layer, kind in enumerate(values["layer_types"]) if kind == _FULL
        }
        if values["hidden_size_per_layer_input"]:
            values["hidden_size_per_layer_input"] = draw.choice((3, 8, 13))
            values["use_double_wide_mlp"] = draw.random() < 0.5
    if family in ("qwen3_next", "qwen3_5"):
        values["linear_num_key_heads"] = draw.choice((1, 2, 3))
        values["linear_num_value_heads"] = values["linear_num_key_heads"] * draw.choice((1, 2, 3))
        values["linear_key_head_dim"] = draw.choice((4, 8, 9))
        values["linear_value_head_dim"] = draw.choice((5, 8, 12))
        values["linear_conv_kernel_dim"] = draw.choice((2, 3, 4))
    if family == "qwen3_5":
        turned = int(values["head_dim"] * values["rope_parameters"]["partial_rotary_factor"]) // 2
        first = draw.randint(0, turned)
        second = draw.randint(0, turned - first)
        values["rope_parameters"]["mrope_section"] = [first, second, turned - first - second]
    if family == "gpt_neox":
        values["use_parallel_residual"] = draw.random() < 0.5
    if family == "smollm3":
        values["no_rope_layers"] = [draw.randint(0, 1) for _ in range(values["num_hidden_layers"])]
    if family == "qwen3_moe":
        values["norm_topk_prob"] = draw.random() < 0.5
        values["decoder_sparse_step"] = draw.choice((1, 2))
        values["mlp_only_layers"] = [0] if draw.random() < 0.5 else []
    if family == "gemma2_v5":
        values["query_pre_attn_scalar"] = draw.choice((7, 16))


def _model(config, seed):
    torch.manual_seed(seed)
    auto = transformers.AutoModelForCausalLM
    if classifies(config):
        auto = transformers.AutoModelForSequenceClassification
        config.num_labels = 3
    model = auto.from_config(config).eval()
    for parameter in model.parameters():
        if parameter.dim() == 1:  # norms and biases start as ones and zeros, which would hide mistakes
            parameter.data += 0.1 * torch.randn_like(parameter)
    return model


def _batch(config, draw, seed):
    """Rows of different lengths with their padding on the left or on the right."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(3, config.vocab_size, (_ROWS, _LENGTH), generator=generator)
    lengths = torch.tensor([_LENGTH, *(draw.randint(1, _LENGTH) for _ in range(_ROWS - 1))])
    mask = (torch.arange(_LENGTH)[None] < lengths[:, None]).long()
    if draw.random() < 0.5:
        mask = mask.flip(1)
    return {"input_ids": torch.where(mask == 1, ids, 0), "attention_mask": mask}


def _judged(model, batch):
    """The logits, and for each row whether no router nearly draws between the last expert that it takes and the next one."""
    clear = torch.ones(_ROWS, dtype=torch.bool)
    gaps = []
    hooks = [
        module.register_forward_hook(functools.partial(_gap, gaps))
        for module in model.modules()
        if type(module).__name__.endswith("Router")
    ]
    logits = model(**batch).logits
    for hook in hooks:
        hook.remove()
    for gap in gaps:
        rows = torch.where(batch["attention_mask"] == 1, gap.reshape(_ROWS, -1), float("inf"))
        clear &= rows.min(1).values > _NEARLY
    return logits, clear


def _gap(gaps, _, __, output):
    """Keeps the distance of the two scores between which each token's choice of experts is made."""
    scores, taken = output[0], output[-1].shape[-1]
    ordered = scores.float().sort(-1, descending=True).values
    if taken < ordered.shape[-1]:
        gaps.append(ordered[..., taken - 1] - ordered[..., taken])

"""Makes the tiny checkpoints of src/test/resources/golden that HuggingFace's own classes answer for.

Needs torch 2.7.1 (CPU), transformers 4.55.4 and safetensors from PyPI. Run in the repository's root:

    OMP_NUM_THREADS=1 python src/test/python/make_fixtures.py [NAME ...]

Each folder holds config.json, model.safetensors and golden.safetensors: what the model computes from these files with
eager attention in float32, with `hidden_states.i` as `output_hidden_states=True` returns them. A run writes the same
bytes again.
"""

import sys
import zlib
from pathlib import Path

import torch
import transformers as hf
from safetensors.torch import load_file, save_file

FOLDER = Path("src/test/resources/golden")
LENGTHS = [14, 9, 12, 5]
ROWS, COLUMNS, VOCABULARY = len(LENGTHS), max(LENGTHS), 64

WIDTH = dict(hidden_size=32, num_hidden_layers=3, num_attention_heads=4)
ENCODER = dict(WIDTH, intermediate_size=40, vocab_size=VOCABULARY, max_position_embeddings=20)
DECODER = dict(WIDTH, intermediate_size=24, vocab_size=VOCABULARY, max_position_embeddings=64, num_key_value_heads=2)
DECODER.update(pad_token_id=0, bos_token_id=1, eos_token_id=2)
WINDOWED = dict(DECODER, use_sliding_window=True, sliding_window=5, max_window_layers=1)
LABELS = dict(num_labels=3)
NUMBER = dict(num_labels=1)


def bert(**more):
    return hf.BertConfig(**(ENCODER | more))


def roberta(**more):
    return hf.RobertaConfig(**(ENCODER | dict(type_vocab_size=1, layer_norm_eps=1e-5) | more))


def deberta(**more):
    return hf.DebertaV2Config(**(ENCODER | dict(relative_attention=True, pos_att_type="p2c|c2p") | more))


def llama(**more):
    return hf.LlamaConfig(**(DECODER | more))


def scaled(kind, most=64, **scaling):
    return llama(max_position_embeddings=most, rope_scaling={"rope_type": kind, **scaling})


def phi3(**more):
    return hf.Phi3Config(**(DECODER | more))


def longrope(pretrained, most):
    factors = dict(short_factor=[1.0, 1.1, 1.3, 1.6], long_factor=[1.2, 1.9, 3.1, 4.7])
    return phi3(
        original_max_position_embeddings=pretrained,
        max_position_embeddings=most,
        rope_scaling={"type": "longrope", **factors},
    )


def gpt2(**more):
    size = dict(n_embd=32, n_layer=3, n_head=4, n_inner=40, n_positions=20, vocab_size=VOCABULARY)
    return hf.GPT2Config(**size, pad_token_id=0, bos_token_id=1, eos_token_id=2, **more)


def llava(**more):
    vision = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2)
    text = dict(DECODER, num_hidden_layers=2)
    return hf.LlavaConfig(
        vision_config=hf.CLIPVisionConfig(**vision, image_size=8, patch_size=4, projection_dim=16),
        text_config=hf.LlamaConfig(**text),
        image_token_index=3,
        **more,
    )


MODERNBERT = hf.ModernBertConfig(
    **ENCODER,
    pad_token_id=0,
    bos_token_id=1,
    cls_token_id=1,
    eos_token_id=2,
    sep_token_id=2,
    global_attn_every_n_layers=2,
    local_attention=6,
    global_rope_theta=160.0,
    local_rope_theta=10.0,
    attention_bias=True,
    mlp_bias=True,
    norm_bias=True,
    classifier_bias=True,
    classifier_pooling="mean",
    num_labels=3,
)

VARIANTS = {
    "electra": (hf.ElectraForSequenceClassification, hf.ElectraConfig(**ENCODER, embedding_size=16, **LABELS)),
    "deberta_v2_conv": (
        hf.DebertaV2ForSequenceClassification,
        deberta(
            num_hidden_layers=2,
            conv_kernel_size=3,
            conv_act="gelu",
            share_att_key=False,
            position_buckets=-1,
            max_relative_positions=8,
            type_vocab_size=2,
            **LABELS,
        ),
    ),
    "deberta_v3_regression": (
        hf.DebertaV2ForSequenceClassification,
        deberta(
            share_att_key=True,
            norm_rel_ebd="layer_norm",
            position_buckets=6,
            position_biased_input=False,
            **NUMBER,
        ),
    ),
    "bert_regression": (hf.BertForSequenceClassification, bert(**NUMBER)),
    "roberta_regression": (hf.RobertaForSequenceClassification, roberta(**NUMBER)),
    "roberta_base_model": (hf.RobertaModel, roberta()),
    "distilbert_sinusoidal": (
        hf.DistilBertForSequenceClassification,
        hf.DistilBertConfig(
            dim=32,
            n_layers=3,
            n_heads=4,
            hidden_dim=40,
            vocab_size=VOCABULARY,
            max_position_embeddings=20,
            sinusoidal_pos_embds=True,
            **LABELS,
        ),
    ),
    "modernbert_mean": (hf.ModernBertForSequenceClassification, MODERNBERT),
    "mistral_window": (hf.MistralForCausalLM, hf.MistralConfig(**DECODER, sliding_window=5)),
    "mistral_seqcls": (
        hf.MistralForSequenceClassification,
        hf.MistralConfig(**DECODER, sliding_window=None, head_dim=12, **LABELS),
    ),
    "qwen2_window": (hf.Qwen2ForCausalLM, hf.Qwen2Config(**WINDOWED)),
    "qwen2_seqcls": (hf.Qwen2ForSequenceClassification, hf.Qwen2Config(**DECODER, **NUMBER)),
    "qwen3": (hf.Qwen3ForCausalLM, hf.Qwen3Config(**DECODER, head_dim=12, tie_word_embeddings=True)),
    "qwen3_window": (hf.Qwen3ForCausalLM, hf.Qwen3Config(**WINDOWED, head_dim=8, attention_bias=True)),
    "phi3": (hf.Phi3ForCausalLM, phi3(sliding_window=None)),
    "phi3_window": (hf.Phi3ForCausalLM, phi3(sliding_window=5)),
    "phi3_longrope": (hf.Phi3ForCausalLM, longrope(pretrained=8, most=32)),
    "phi3_longrope_short": (hf.Phi3ForCausalLM, longrope(pretrained=16, most=64)),
    "phi3_partial": (hf.Phi3ForCausalLM, phi3(partial_rotary_factor=0.5)),
    "gemma_full_kv": (
        hf.GemmaForCausalLM,
        hf.GemmaConfig(**(DECODER | dict(num_key_value_heads=4, head_dim=12, intermediate_size=16))),
    ),
    # of these two names of the kind of scaling, rope_type counts for Gemma
    "gemma_rope_types": (
        hf.GemmaForCausalLM,
        hf.GemmaConfig(
            **(DECODER | dict(num_hidden_layers=2, head_dim=8, max_position_embeddings=8, intermediate_size=16)),
            rope_scaling={"rope_type": "dynamic", "type": "linear", "factor": 3.0},
        ),
    ),
    "gemma2_seqcls": (
        hf.Gemma2ForSequenceClassification,
        hf.Gemma2Config(
            **DECODER,
            head_dim=12,
            query_pre_attn_scalar=10,
            sliding_window=5,
            attn_logit_softcapping=2.0,
            final_logit_softcapping=1.5,
            **LABELS,
        ),
    ),
    "gpt2_seqcls": (hf.GPT2ForSequenceClassification, gpt2(**LABELS)),
    "gpt2_scaled": (hf.GPT2LMHeadModel, gpt2(scale_attn_by_inverse_layer_idx=True)),
    "llama_linear": (hf.LlamaForCausalLM, scaled("linear", factor=2.5)),
    "llama_dynamic": (hf.LlamaForCausalLM, scaled("dynamic", most=8, factor=2.0)),
    # the factor that counts is 192 / 64
    "llama_yarn": (
        hf.LlamaForCausalLM,
        scaled("yarn", most=192, factor=4.0, original_max_position_embeddings=64),
    ),
    "llama_yarn_mscale": (
        hf.LlamaForCausalLM,
        scaled("yarn", factor=4.0, beta_fast=1.0, beta_slow=0.05, mscale=0.7, mscale_all_dim=1.5),
    ),
    "llama_yarn_attention": (
        hf.LlamaForCausalLM,
        scaled("yarn", factor=4.0, attention_factor=0.8, truncate=False),
    ),
    "llama_rope3": (
        hf.LlamaForCausalLM,
        scaled(
            "llama3",
            most=512,
            factor=8.0,
            low_freq_factor=1.0,
            high_freq_factor=4.0,
            original_max_position_embeddings=64,
        ),
    ),
    "llama_biases": (
        hf.LlamaForCausalLM,
        llama(attention_bias=True, mlp_bias=True, tie_word_embeddings=True, head_dim=12),
    ),
    "llama_base_model": (hf.LlamaModel, llama()),
    "llama_pad_is_eos_seqcls": (hf.LlamaForSequenceClassification, llama(pad_token_id=2, **LABELS)),
    "llama_f16": (hf.LlamaForCausalLM, llama()),
    "llama_f64": (hf.LlamaForCausalLM, llama(num_hidden_layers=2, tie_word_embeddings=True)),
    "llava_full": (
        hf.LlavaForConditionalGeneration,
        llava(vision_feature_layer=-1, vision_feature_select_strategy="full"),
    ),
    "llava_list_layers": (
        hf.LlavaForConditionalGeneration,
        llava(vision_feature_layer=[-2, -1], multimodal_projector_bias=False),
    ),
    "llava_new_names": (
        hf.LlavaForConditionalGeneration,
        llava(vision_feature_layer=-1, vision_feature_select_strategy="full"),
    ),
}

STORED = {"llama_f16": torch.float16, "llama_f64": torch.float64}
SAME_WEIGHTS = {"llava_new_names": "llava_full"}
NEW_NAMES = [
    ("language_model.model.", "model.language_model."),
    ("language_model.lm_head.", "lm_head."),
    ("vision_tower.", "model.vision_tower."),
    ("multi_modal_projector.", "model.multi_modal_projector."),
]


def fill(model, random):
    """Weights so large, and norms so far from one, that a term left out shows."""
    for name, parameter in model.named_parameters():
        if name.endswith("position_embeddings.weight") and getattr(model.config, "sinusoidal_pos_embds", False):
            continue
        draw = torch.randn(parameter.shape, generator=random, dtype=parameter.dtype)
        norm = "norm" in name.lower() or "ln_" in name
        if norm and name.endswith("weight") and "gemma" not in model.config.model_type:
            parameter.data = 1 + 0.3 * draw
        elif "embed" in name or "wte" in name:
            parameter.data = 0.5 * draw
        else:
            parameter.data = 0.2 * draw


def tokens(config, random):
    """Rows of different lengths, filled up on the right; with LLaVA each has one image somewhere."""
    text = config.get_text_config()
    ids = torch.randint(4, VOCABULARY, (ROWS, COLUMNS), generator=random)
    mask = (torch.arange(COLUMNS)[None, :] < torch.tensor(LENGTHS)[:, None]).long()
    if text.eos_token_id is not None:
        ids[torch.arange(ROWS), torch.tensor(LENGTHS) - 1] = text.eos_token_id
    batch = {}
    if config.model_type == "llava":
        patches = 4 + (config.vision_feature_select_strategy == "full")
        starts = torch.tensor([6, 2, 0, 0])
        for row in range(ROWS):
            ids[row, starts[row] : starts[row] + patches] = config.image_token_index
        batch["pixel_values"] = torch.randn(ROWS, 3, 8, 8, generator=random)
    ids = torch.where(mask == 1, ids, torch.tensor(text.pad_token_id))
    if config.model_type in ("bert", "electra", "deberta-v2") and config.type_vocab_size > 1:
        batch["token_type_ids"] = ((torch.arange(COLUMNS)[None, :] >= 3) & (mask == 1)).long()
    return dict(batch, input_ids=ids, attention_mask=mask)


def labels(kind, config, batch):
    if "SequenceClassification" in kind.__name__:
        return torch.tensor([0.5, -1.25, 2.0, 0.0] if config.num_labels == 1 else [0, 2, 1, 2])
    return torch.where(batch["attention_mask"] == 1, batch["input_ids"], torch.tensor(-100))


def store(folder, kind, config, name):
    random = torch.Generator().manual_seed(zlib.crc32(SAME_WEIGHTS.get(name, name).encode()))
    model = kind(config).to(STORED.get(name, torch.float32))
    fill(model, random)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if name == "llava_new_names":
        path = folder / "model.safetensors"
        renamed = {}
        for key, tensor in load_file(path).items():
            old, new = next(pair for pair in NEW_NAMES if key.startswith(pair[0]))
            renamed[new + key.removeprefix(old)] = tensor
        save_file(renamed, path, metadata={"format": "pt"})
    return tokens(config, random)


def compute(folder, kind, batch):
    """What the classes make of the stored files."""
    model, info = kind.from_pretrained(
        folder, attn_implementation="eager", torch_dtype=torch.float32, output_loading_info=True
    )
    problems = [info[key] for key in ("missing_keys", "unexpected_keys", "mismatched_keys") if info[key]]
    assert not problems, problems
    model.eval()
    golden = dict(batch)
    with torch.no_grad():
        if hasattr(model, "score") or hasattr(model, "classifier") or hasattr(model, "lm_head"):
            golden["labels"] = labels(kind, model.config, batch)
        out = model(**golden, output_hidden_states=True)
        for i, states in enumerate(out.hidden_states):
            golden[f"hidden_states.{i}"] = states
        if "labels" in golden:
            logits = out.logits
            golden["logits"] = logits if logits.dim() > 1 else logits[:, None]
            golden["loss"] = out.loss.reshape(1)
        if "pixel_values" in batch:
            golden["image_features"] = torch.stack(model.get_image_features(batch["pixel_values"]))
            seen = model.vision_tower(batch["pixel_values"], output_hidden_states=True)
            for i, states in enumerate(seen.hidden_states):
                golden[f"vision_hidden_states.{i}"] = states
    return {key: value.contiguous().clone() for key, value in golden.items()}


def main(names):
    hf.logging.set_verbosity_error()
    for name in names or VARIANTS:
        kind, config = VARIANTS[name]
        folder = FOLDER / name
        batch = store(folder, kind, config, name)
        save_file(compute(folder, kind, batch), folder / "golden.safetensors")
        print(name, sum(file.stat().st_size for file in folder.iterdir()))


if __name__ == "__main__":
    main(sys.argv[1:])

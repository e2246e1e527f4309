"""Tiny models of random weights and rows for them, the same for the same seed."""

import json

import torch
import transformers

LABELS = 3
_TEXT = {"vocab_size": 101, "hidden_size": 48, "intermediate_size": 72, "num_hidden_layers": 4, "num_attention_heads": 4}
_WIDE = {"initializer_range": 0.15}
_DECODER = dict(_TEXT, num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, bos_token_id=1, eos_token_id=2)
_ENCODER = dict(_TEXT, max_position_embeddings=64, pad_token_id=0)


def _llava():
    vision = transformers.CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=4,
        image_size=16,
        patch_size=8,
        projection_dim=32,
        **_WIDE,
    )
    return transformers.LlavaConfig(
        vision_config=vision,
        text_config=transformers.LlamaConfig(**_DECODER, **_WIDE),
        image_token_index=100,
        vision_feature_layer=-2,
        image_seq_length=4,
    )


_CONFIGS = {
    "bert": lambda: transformers.BertConfig(**_ENCODER, **_WIDE),
    "roberta": lambda: transformers.RobertaConfig(**dict(_ENCODER, pad_token_id=1), **_WIDE),
    "distilbert": lambda: transformers.DistilBertConfig(
        vocab_size=101, dim=48, hidden_dim=72, n_layers=4, n_heads=4, max_position_embeddings=64, **_WIDE
    ),
    "deberta": lambda: transformers.DebertaV2Config(
        **_ENCODER,
        **_WIDE,
        relative_attention=True,
        position_buckets=8,
        norm_rel_ebd="layer_norm",
        share_att_key=True,
        pos_att_type=["p2c", "c2p"],
        position_biased_input=False,
        type_vocab_size=0,
        pooler_hidden_size=48,
    ),
    "modernbert": lambda: transformers.ModernBertConfig(
        **_ENCODER, **_WIDE, bos_token_id=1, eos_token_id=2, cls_token_id=1, sep_token_id=2, reference_compile=False
    ),
    "llama": lambda: transformers.LlamaConfig(**_DECODER, **_WIDE),
    "mistral": lambda: transformers.MistralConfig(**_DECODER, **_WIDE),
    "qwen2": lambda: transformers.Qwen2Config(**_DECODER, **_WIDE),
    "gemma2": lambda: transformers.Gemma2Config(**_DECODER, **_WIDE, head_dim=12, query_pre_attn_scalar=12),
    "gpt2": lambda: transformers.GPT2Config(
        vocab_size=101, n_embd=48, n_layer=4, n_head=4, n_positions=64, bos_token_id=1, eos_token_id=2, **_WIDE
    ),
    "llava": _llava,
}

CLASSIFIER = transformers.AutoModelForSequenceClassification
LANGUAGE_MODEL = transformers.AutoModelForCausalLM
LLAVA = transformers.LlavaForConditionalGeneration


def make(folder, family, auto, seed, labels=LABELS):
    """Saves a model of random weights as HuggingFace does; auto is one of the three classes above."""
    torch.manual_seed(seed)
    config = _CONFIGS[family]()
    if auto is CLASSIFIER:
        config.num_labels = labels
        config.pad_token_id = 0 if config.pad_token_id is None else config.pad_token_id
    config._attn_implementation = "eager"
    model = auto(config) if auto is LLAVA else auto.from_config(config)
    for parameter in model.parameters():
        if parameter.dim() == 1:  # norms and biases start as ones and zeros, which would hide mistakes
            parameter.data += 0.1 * torch.randn_like(parameter)
    model.save_pretrained(folder)
    return folder


def load(folder, auto):
    return auto.from_pretrained(folder, attn_implementation="eager").eval()


def inputs(seed, pad=0, rows=5, images=False):
    """A batch of rows of different lengths, padded at the end; with an image a row for LLaVA."""
    generator = torch.Generator().manual_seed(seed)
    lengths = [17 - 3 * (row % 5) for row in range(rows)]
    ids = torch.randint(3, 99, (rows, 17), generator=generator)
    mask = (torch.arange(17)[None] < torch.tensor(lengths)[:, None]).long()
    batch = {"input_ids": torch.where(mask == 1, ids, pad), "attention_mask": mask}
    if images:
        four = torch.full((rows, 4), 100)
        batch["input_ids"] = torch.cat([four, batch["input_ids"]], 1)
        batch["attention_mask"] = torch.cat([torch.ones_like(four), mask], 1)
        batch["pixel_values"] = torch.rand((rows, 3, 16, 16), generator=generator)
    return batch


def answers(batch, auto, seed):
    """A label a row; for a language model a list a row, with -100 for padding and the first four tokens."""
    generator = torch.Generator().manual_seed(seed)
    if auto is CLASSIFIER:
        return torch.randint(0, LABELS, (len(batch["input_ids"]),), generator=generator)
    labels = torch.where(batch["attention_mask"] == 1, batch["input_ids"], -100)
    labels[:, :4] = -100
    return labels


def logits(model, batch):
    """Of a classifier [rows, labels]; of a language model those of all tokens that are no padding."""
    with torch.no_grad():
        values = model(**batch).logits
    return valid(values, batch)


def valid(values, batch):
    return values[batch["attention_mask"] == 1] if values.dim() == 3 else values


def rows(file, batch, labels):
    """The rows of a batch as pre-tokenised JSONL, each with its label or its list of labels."""
    with open(file, "w") as lines:
        for ids, mask, label in zip(batch["input_ids"], batch["attention_mask"], labels, strict=True):
            answer = label[mask == 1] if label.dim() else label
            lines.write(json.dumps({"input_ids": ids[mask == 1].tolist(), "labels": answer.tolist()}) + "\n")
    return file

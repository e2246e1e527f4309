"""Makes the fixtures of golden/v5 that models with other parts around their language model need, with transformers 5.24.

    python make_fixtures_5.py OUT [FIXTURE...]

Each folder has a tiny checkpoint of random weights, and hidden states, logits and the loss of rows of text.
"""

import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

ROWS = (16, 13, 9, 16, 4, 11)
TEXT = {
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "head_dim": 16,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
TOWER = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 16, "patch_size": 8}
QWEN_TOWER = {"depth": 1, "hidden_size": 16, "intermediate_size": 24, "num_heads": 2, "out_hidden_size": 32}


def without(values, *keys):
    return {key: value for key, value in values.items() if key not in keys}


def gemma3():
    text = dict(TEXT, sliding_window=6, query_pre_attn_scalar=16, layer_types=["sliding_attention", "full_attention"] * 2)
    config = transformers.Gemma3Config(text_config=text, vision_config=TOWER, mm_tokens_per_image=4, image_token_id=60)
    return transformers.Gemma3ForConditionalGeneration(config)


def gemma4():
    text = dict(
        TEXT,
        sliding_window=6,
        layer_types=["sliding_attention", "full_attention"] * 2,
        hidden_size_per_layer_input=0,
        global_head_dim=32,
        num_global_key_value_heads=1,
        attention_k_eq_v=True,
        final_logit_softcapping=30.0,
    )
    config = transformers.Gemma4Config(text_config=text, vision_config=None, audio_config=None, image_token_id=60)
    return transformers.Gemma4ForConditionalGeneration(config)


def mistral3():
    text = dict(TEXT, model_type="mistral", sliding_window=None)
    tower = dict(TOWER, model_type="pixtral", head_dim=8)
    config = transformers.Mistral3Config(text_config=text, vision_config=tower, image_token_index=60, tie_word_embeddings=False)
    return transformers.Mistral3ForConditionalGeneration(config)


def mistral3_ministral3():
    rope = {
        "rope_type": "yarn",
        "rope_theta": 1e6,
        "factor": 4.0,
        "original_max_position_embeddings": 8,
        "beta_fast": 32.0,
        "beta_slow": 1.0,
        "mscale": 1.0,
        "mscale_all_dim": 1.0,
        "llama_4_scaling_beta": 0.1,
    }
    text = dict(TEXT, model_type="ministral3", rope_parameters=rope)
    tower = dict(TOWER, model_type="pixtral", head_dim=8)
    config = transformers.Mistral3Config(text_config=text, vision_config=tower, image_token_index=60, tie_word_embeddings=True)
    return transformers.Mistral3ForConditionalGeneration(config)


def qwen2_5_vl():
    text = dict(without(TEXT, "head_dim"), rope_parameters={"rope_type": "default", "rope_theta": 1e6, "mrope_section": [1, 1, 2]})
    config = transformers.Qwen2_5_VLConfig(text_config=text, vision_config=dict(QWEN_TOWER, fullatt_block_indexes=[0]), image_token_id=60)
    return transformers.Qwen2_5_VLForConditionalGeneration(config)


def qwen3_vl():
    rope = {"rope_type": "default", "rope_theta": 5e6, "mrope_section": [4, 2, 2], "mrope_interleaved": True}
    tower = dict(QWEN_TOWER, deepstack_visual_indexes=[0], num_position_embeddings=16)
    config = transformers.Qwen3VLConfig(
        text_config=dict(TEXT, rope_parameters=rope), vision_config=tower, image_token_id=60, tie_word_embeddings=True
    )
    return transformers.Qwen3VLForConditionalGeneration(config)


DELTA = dict(
    TEXT,
    linear_num_key_heads=2,
    linear_num_value_heads=4,
    linear_key_head_dim=12,
    linear_value_head_dim=16,
    rope_parameters={"rope_type": "default", "rope_theta": 1e7, "partial_rotary_factor": 0.25, "mrope_section": [1, 1, 0]},
)


def qwen3_5_vl():
    config = transformers.Qwen3_5Config(
        text_config=DELTA, vision_config=dict(QWEN_TOWER, num_position_embeddings=16), image_token_id=60, tie_word_embeddings=True
    )
    return transformers.Qwen3_5ForConditionalGeneration(config)


def qwen3_5_moe():
    text = dict(
        without(DELTA, "intermediate_size"),
        num_experts=4,
        num_experts_per_tok=2,
        moe_intermediate_size=24,
        shared_expert_intermediate_size=20,
    )
    config = transformers.Qwen3_5MoeConfig(
        text_config=text, vision_config=dict(QWEN_TOWER, num_position_embeddings=16), image_token_id=60
    )
    return transformers.Qwen3_5MoeForConditionalGeneration(config)


def rows():
    """Rows of several lengths, padded on the right, with labels at all tokens that are no padding."""
    generator = torch.Generator().manual_seed(7)
    ids = torch.randint(4, 60, (len(ROWS), max(ROWS)), generator=generator)
    mask = torch.stack([(torch.arange(max(ROWS)) < length).long() for length in ROWS])
    ids = ids * mask
    return ids, mask, torch.where(mask == 1, ids, -100)


def make(name, model, out):
    torch.manual_seed(5)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.15)
    for key, parameter in model.named_parameters():
        if "norm" in key and key.endswith("weight"):
            plus_one = "gemma3" in name or "qwen3_5" in name and "linear_attn" not in key
            torch.nn.init.normal_(parameter, mean=0.0 if plus_one else 1.0, std=0.1)
    model.eval()
    model.save_pretrained(out / name)
    model = type(model).from_pretrained(out / name).eval()
    ids, mask, labels = rows()
    with torch.no_grad():
        result = model(input_ids=ids, attention_mask=mask, labels=labels, output_hidden_states=True)
    tensors = {"input_ids": ids, "attention_mask": mask, "labels": labels, "logits": result.logits, "loss": result.loss.reshape(1)}
    for index, states in enumerate(result.hidden_states):
        tensors["hidden_states.%d" % index] = states
    save_file({key: value.contiguous() for key, value in tensors.items()}, out / name / "golden.safetensors")
    print(name, float(result.loss))


if __name__ == "__main__":
    wanted = sys.argv[2:]
    for family in (gemma3, gemma4, mistral3, mistral3_ministral3, qwen2_5_vl, qwen3_vl, qwen3_5_vl, qwen3_5_moe):
        if not wanted or family.__name__ in wanted:
            make(family.__name__, family(), Path(sys.argv[1]))

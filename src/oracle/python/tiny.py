"""Tiny models of random weights and rows for them, the same for the same seed."""

import contextlib
import functools
import json
from pathlib import Path

import peft
import torch
import transformers

from report import Skipped

LABELS = 3
IMAGE_TOKEN = 100
_PATCHES = 4
_IMAGE = 16
_TEXT = {"vocab_size": 101, "hidden_size": 48, "intermediate_size": 72, "num_hidden_layers": 4, "num_attention_heads": 4}
_WIDE = {"initializer_range": 0.15}
_ENDS = {"bos_token_id": 1, "eos_token_id": 2}
_DECODER = dict(_TEXT, num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, **_ENDS, **_WIDE)
_ENCODER = dict(_TEXT, max_position_embeddings=64, pad_token_id=0, **_WIDE)


def _llava():
    vision = transformers.CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=4,
        image_size=_IMAGE,
        patch_size=8,
        projection_dim=32,
        **_WIDE,
    )
    return transformers.LlavaConfig(
        vision_config=vision,
        text_config=transformers.LlamaConfig(**_DECODER),
        image_token_index=IMAGE_TOKEN,
        vision_feature_layer=-2,
        image_seq_length=_PATCHES,
    )


_CONFIGS = {
    "bert": lambda: transformers.BertConfig(**_ENCODER),
    "roberta": lambda: transformers.RobertaConfig(**dict(_ENCODER, pad_token_id=1)),
    "xlm-roberta": lambda: transformers.XLMRobertaConfig(**dict(_ENCODER, pad_token_id=1)),
    "electra": lambda: transformers.ElectraConfig(**_ENCODER, embedding_size=32),
    "distilbert": lambda: transformers.DistilBertConfig(
        vocab_size=101, dim=48, hidden_dim=72, n_layers=4, n_heads=4, max_position_embeddings=64, **_WIDE
    ),
    "deberta": lambda: transformers.DebertaV2Config(
        **_ENCODER,
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
        **_ENCODER, **_ENDS, cls_token_id=1, sep_token_id=2, reference_compile=False
    ),
    "llama": lambda: transformers.LlamaConfig(**_DECODER),
    "mistral": lambda: transformers.MistralConfig(**_DECODER),
    "qwen2": lambda: transformers.Qwen2Config(**_DECODER),
    "qwen3": lambda: transformers.Qwen3Config(**_DECODER, head_dim=12),
    "gemma": lambda: transformers.GemmaConfig(**_DECODER, head_dim=12),
    "gemma2": lambda: transformers.Gemma2Config(**_DECODER, head_dim=12, query_pre_attn_scalar=12),
    "phi3": lambda: transformers.Phi3Config(**_DECODER),
    "gpt2": lambda: transformers.GPT2Config(
        vocab_size=101, n_embd=48, n_layer=4, n_head=4, n_positions=64, **_ENDS, **_WIDE
    ),
    "llava": _llava,
}
VERSION = int(transformers.__version__.split(".")[0])
_FIXTURES = Path(__file__).resolve().parents[2] / "test/resources/golden/v5"
# families that only transformers 5 knows, or knows as Layerwise does, by the fixture that has their configuration
TODAY = (
    "gemma3_text",
    "gemma4_dense",
    "gemma4_e",
    "gemma4_moe",
    "olmo2",
    "olmo3",
    "gpt_neox",
    "ministral3",
    "smollm3",
    "granite",
    "cohere",
    "cohere2",
    "glm",
    "glm4",
    "starcoder2",
    "mixtral",
    "qwen3_moe",
    "olmoe",
    "gpt_oss",
    "qwen3_next",
    "qwen3_5",
)


_ENCODERS = ("bert", "roberta", "xlm-roberta", "electra", "distilbert", "deberta-v2", "modernbert", "eurobert", "camembert")


def classifies(config):
    """Returns true for a configuration of an encoder: one of an encoder's type, or of a decoder whose tokens see later ones."""
    values = config if isinstance(config, dict) else config.to_dict()
    return values["model_type"] in _ENCODERS or values.get("use_bidirectional_attention") is True


def fixture_values(family):
    """The configuration file of a fixture, with the vocabulary of the rows."""
    values = json.loads((_FIXTURES / family / "config.json").read_text())
    values |= {"vocab_size": _TEXT["vocab_size"], **_WIDE}
    if "vocab_size_per_layer_input" in values:
        values["vocab_size_per_layer_input"] = values["vocab_size"]
    return values


def _fixture(family):
    values = fixture_values(family)
    return transformers.CONFIG_MAPPING[values["model_type"]].from_dict(values)


ENCODERS = ("bert", "roberta", "xlm-roberta", "electra", "distilbert", "deberta", "modernbert")
DECODERS = ("gpt2", "llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "phi3")

CLASSIFICATION, REGRESSION, CAUSAL_LM = "classification", "regression", "causal-lm"


class Tiny:
    """A model of random weights in a folder, as HuggingFace saves it."""

    def __init__(self, folder, family, seed, task=None):
        """task: what its head is for, in Layerwise's words; the family's own by default."""
        self.folder, self.family, self.seed = folder, family, seed
        self.task = task or (CLASSIFICATION if family in ENCODERS else CAUSAL_LM)
        self.images = family == "llava"
        if self.images:
            self.auto = transformers.LlavaForConditionalGeneration
        elif self.task == CAUSAL_LM:
            self.auto = transformers.AutoModelForCausalLM
        else:
            self.auto = transformers.AutoModelForSequenceClassification
        self._make()

    def _make(self):
        torch.manual_seed(self.seed)
        config = _fixture(self.family) if self.family in TODAY else _CONFIGS[self.family]()
        if self.task != CAUSAL_LM:
            config.num_labels = LABELS if self.task == CLASSIFICATION else 1
            config.pad_token_id = 0 if config.pad_token_id is None else config.pad_token_id
        without_dropout(config)
        config._attn_implementation = "eager"
        model = self.auto(config) if self.images else self.auto.from_config(config)
        for parameter in model.parameters():
            # norms and biases start as ones and zeros, which would hide mistakes
            if parameter.dim() == 1 or not parameter.any():
                parameter.data += 0.1 * torch.randn_like(parameter)
            elif parameter.dim() == 2:
                parameter.data = _steep(parameter.data)
        model.save_pretrained(self.folder)
        if self.images:
            size = {"height": _IMAGE, "width": _IMAGE}
            self.processor = transformers.CLIPImageProcessor(size={"shortest_edge": _IMAGE}, crop_size=size)
            self.processor.save_pretrained(self.folder)

    def load(self):
        """By transformers."""
        return self.auto.from_pretrained(self.folder, attn_implementation="eager").eval()

    def with_adapter(self, adapter, **settings):
        """By transformers and PEFT."""
        with exact():
            return peft.PeftModel.from_pretrained(self.load(), adapter, **settings).eval()

    def rows(self, seed, count=5):
        return Rows(self, seed, count)


class Rows:
    """Rows of different lengths for a model, and what is to be learnt of them; with an image a row for LLaVA."""

    def __init__(self, model, seed, count):
        self.model = model
        generator = torch.Generator().manual_seed(seed)
        lengths = [17 - 3 * (row % 5) for row in range(count)]
        ids = torch.randint(3, 99, (count, 17), generator=generator)
        mask = (torch.arange(17)[None] < torch.tensor(lengths)[:, None]).long()
        pad = 1 if model.family in ("roberta", "xlm-roberta") else 0
        self.batch = {"input_ids": torch.where(mask == 1, ids, pad), "attention_mask": mask}
        self.pixels = torch.randint(0, 256, (count, 3, _IMAGE, _IMAGE), generator=generator, dtype=torch.uint8)
        if model.images:
            patches = torch.full((count, _PATCHES), IMAGE_TOKEN)
            self.batch["input_ids"] = torch.cat([patches, self.batch["input_ids"]], 1)
            self.batch["attention_mask"] = torch.cat([torch.ones_like(patches), mask], 1)
            images = [image.permute(1, 2, 0).numpy() for image in self.pixels]
            self.batch["pixel_values"] = model.processor(images, return_tensors="pt")["pixel_values"]
        self.labels = self._labels(generator, count)

    def _labels(self, generator, count):
        if self.model.task == CLASSIFICATION:
            return torch.randint(0, LABELS, (count,), generator=generator)
        if self.model.task == REGRESSION:
            return torch.randn(count, generator=generator)
        # the answer only: neither padding, nor images, nor the first tokens, a different number in every row
        labels = torch.where(self.batch["attention_mask"] == 1, self.batch["input_ids"], -100)
        for row in range(count):
            labels[row, : 2 + row % 3 + (_PATCHES if self.model.images else 0)] = -100
        return labels

    def valid(self, logits):
        """Those of a classifier as they are, those of a language model at all tokens that are no padding."""
        return logits[self.batch["attention_mask"] == 1] if logits.dim() == 3 else logits

    def logits(self, model):
        """Those of a model of transformers or PEFT."""
        with torch.no_grad():
            return self.valid(model(**self.batch).logits)

    def ours(self, layerwise, folder, adapter):
        """Those of Layerwise."""
        return self.valid(layerwise.logits(folder, adapter, self.batch))

    def prompts(self):
        """The ids of each row without padding, as transformers takes them."""
        for ids, mask in zip(self.batch["input_ids"], self.batch["attention_mask"], strict=True):
            yield ids[mask == 1]

    def write(self, file, labels=True):
        """As JSON lines of token ids, with labels or without; one token stands for a whole image. Gives the file."""
        with open(file, "w") as lines:
            for row, ids in enumerate(self.prompts()):
                label = self.labels[row]
                label = label[: len(ids)] if label.dim() else label  # padding is at the end
                line = {"input_ids": ids.tolist()} | ({"labels": label.tolist()} if labels else {})
                if self.model.images:
                    line = {key: values[_PATCHES - 1 :] for key, values in line.items()}
                    line["image"] = str(self._picture(file, row))
                lines.write(json.dumps(line) + "\n")
        return file

    def _picture(self, file, row):
        from PIL import Image

        picture = file.with_name(f"{file.name}.{row}.png")
        Image.fromarray(self.pixels[row].permute(1, 2, 0).numpy()).save(picture)
        return picture

    def flags(self):
        """What Layerwise's commands must be told of such a file beside its name."""
        return {"image": "image"} if self.model.images else {}


@contextlib.contextmanager
def exact():
    """
    Decompositions in double precision, from which PEFT makes the part of the weights of a PiSSA or OLoRA adapter that it
    loads, and the A of EVA: the rounding of its single precision alone moves logits by more than Layerwise may be off.
    """
    svd, qr = torch.linalg.svd, torch.linalg.qr

    def in_double(decompose, matrix, **settings):
        parts = decompose(matrix.double(), **settings)
        return type(parts)([part.to(matrix.dtype) for part in parts])

    torch.linalg.svd, torch.linalg.qr = functools.partial(in_double, svd), functools.partial(in_double, qr)
    try:
        yield
    finally:
        torch.linalg.svd, torch.linalg.qr = svd, qr


def _steep(matrix):
    """
    A matrix of the same size whose singular values fall as fast as those of trained models: where they lie close together,
    its principal part, which PiSSA starts from, hangs on rounding.
    """
    u, s, vh = torch.linalg.svd(matrix.double(), full_matrices=False)
    falling = s * 0.85 ** torch.arange(len(s))
    return (u @ torch.diag(falling * s.norm() / falling.norm()) @ vh).to(matrix.dtype)


def without_dropout(config):
    """Layerwise and torch draw other numbers."""
    for part in (config, *(value for value in vars(config).values() if isinstance(value, transformers.PretrainedConfig))):
        for name, value in vars(part).items():
            if ("dropout" in name or name.endswith("_pdrop")) and isinstance(value, float):
                setattr(part, name, 0.0)


def today(what):
    """Skips a check of what PEFT 0.17 does not have, or has in another form."""
    if VERSION < 5:
        raise Skipped(f"PEFT {peft.__version__} does not judge {what}")


def changed(before, after):
    """Makes sure that an adapter changes something."""
    if torch.allclose(before, after, atol=1e-2):
        raise AssertionError("the adapter changes nothing, so this proves nothing")

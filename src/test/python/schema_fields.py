"""Writes the names of the settings that other tools' schemas have, one a line, into src/test/resources/schemas.

    schema_fields.py AXOLOTL LLAMAFACTORY UNSLOTH OUT

AXOLOTL, LLAMAFACTORY and UNSLOTH are the unpacked wheels (pip download --no-deps axolotl llamafactory unsloth); peft and transformers are
imported. Only names are copied.
"""

import ast
import dataclasses
import sys
from importlib.metadata import version
from pathlib import Path

import peft
import transformers


def fields(tree, name, classes):
    """The annotated names of a class and of those of its bases that are in the same set of files."""
    cls = classes[name]
    own = {item.target.id for item in cls.body if isinstance(item, ast.AnnAssign)}
    for base in cls.bases:
        if isinstance(base, ast.Name) and base.id in classes:
            own |= fields(tree, base.id, classes)
    return own


def classes_of(folder):
    found = {}
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, node)
    return found


def of_wheel(wheel):
    """Name and version, from the folder name.dist-info."""
    info = next(wheel.glob("*.dist-info")).name
    return " ".join(info.removesuffix(".dist-info").rsplit("-", 1))


def write(file, source, names):
    file.write_text(f"# {source}\n" + "".join(f"{name}\n" for name in sorted(names)))


axolotl, factory, unsloth, out = (Path(arg) for arg in sys.argv[1:])
out.mkdir(parents=True, exist_ok=True)
schemas = classes_of(axolotl / "axolotl" / "utils" / "schemas")
names = fields(axolotl, "AxolotlInputConfig", schemas) - {"model_config"}
write(out / "axolotl.txt", f"fields of AxolotlInputConfig, {of_wheel(axolotl)}", names)

arguments = classes_of(factory / "llamafactory" / "hparams")
names = set()
for group in ("ModelArguments", "DataArguments", "FinetuningArguments", "GeneratingArguments", "TrainingArguments"):
    names |= fields(factory, group, arguments)
names |= {field.name for field in dataclasses.fields(transformers.Seq2SeqTrainingArguments) if field.init}
write(
    out / "llama-factory.txt",
    f"arguments of a training, {of_wheel(factory)} with transformers {transformers.__version__}",
    names,
)

names = {field.name for field in dataclasses.fields(peft.LoraConfig)}
write(out / "peft-lora-config.txt", f"fields of LoraConfig, peft {version('peft')}", names)

names = set()
for file, cls, method in (
    ("loader.py", "FastLanguageModel", "from_pretrained"),
    ("llama.py", "FastLlamaModel", "get_peft_model"),
):
    tree = ast.parse((unsloth / "unsloth" / "models" / file).read_text())
    found = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls)
    found = next(node for node in found.body if isinstance(node, ast.FunctionDef) and node.name == method)
    names |= {argument.arg for argument in found.args.args}
write(out / "unsloth.txt", f"arguments of from_pretrained and get_peft_model, {of_wheel(unsloth)}", names)

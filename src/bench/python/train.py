"""
Whole trainings of LoRA, ours (run.sh train) and those of HuggingFace's Trainer with PEFT, in turn: wall and processor time of the
processes, their largest resident memory, and both losses. The model is the BERT of step.py with random weights and the sample
model's tokenizer; both sides begin with the same adapter and take the same rows in the same order, without dropout.

Arguments: CLASSPATH FOLDER ROUNDS [FILE TEXT LABEL], as src/scripts/compare-pytorch.sh gives them; without FILE the rows are made of
random words. With --made MODEL ADAPTER LABELS it makes model and adapter, and with --theirs FOLDER OUT it is the side of the Trainer.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import step
import turns

BATCH, TOKENS, RATE, SEED = 16, 128, 1e-3, 42
TRAINED, HELD_OUT = 256, 64
SHORTEST = 16
# rounding of float32: 5e-8 where it was measured; losses of trainings with another order of rows differ by far more
TOLERANCE = 1e-4


def made(model, adapter, labels):
    from transformers import BertForSequenceClassification

    config = step.bert(step.LAYERS, 768, 3072)
    config.num_labels = int(labels)
    step.made(model, config)
    step.adapted(BertForSequenceClassification.from_pretrained(model), True, 0).save_pretrained(adapter)


def theirs(folder, out):
    from peft import PeftModel
    from representations import read_rows, tokens_of
    from transformers import AutoModelForSequenceClassification, DataCollatorWithPadding, PreTrainedTokenizerFast, Trainer
    from transformers import TrainingArguments

    class OfOurOrder(Trainer):
        """Takes the rows in the order of Layerwise: another order has other losses."""

        def _get_train_sampler(self, *_):
            return json.loads(Path(folder, "order.json").read_text(encoding="utf-8"))

    def rows(name):
        read = list(read_rows(f"{folder}/{name}.jsonl"))
        ids = tokens_of(f"{folder}/model", [row["text"] for row in read], TOKENS)
        return [{"input_ids": row, "label": own["label"]} for row, own in zip(ids, read, strict=True)]

    model = AutoModelForSequenceClassification.from_pretrained(f"{folder}/model")
    settings = TrainingArguments(
        output_dir=out,
        use_cpu=True,
        num_train_epochs=1,
        per_device_train_batch_size=BATCH,
        per_device_eval_batch_size=BATCH,
        learning_rate=RATE,
        lr_scheduler_type="linear",
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{folder}/model/tokenizer.json", pad_token="[PAD]")
    trainer = OfOurOrder(
        PeftModel.from_pretrained(model, f"{folder}/adapter", is_trainable=True),
        settings,
        train_dataset=rows("trained"),
        eval_dataset=rows("held-out"),
        data_collator=DataCollatorWithPadding(tokenizer),
    )
    training = trainer.train().training_loss
    trainer.save_model()
    losses = {"training": training, "held out": trainer.evaluate()["eval_loss"]}
    Path(out, "losses.json").write_text(json.dumps(losses), encoding="utf-8")


def random_rows(tokenizer):
    """Returns rows of random words and their classes, each of which has words of its own."""
    vocabulary = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    words = sorted(word for word in vocabulary if word.isascii() and word.isalpha())
    draw = random.Random(1)
    return [
        {"text": " ".join(draw.choices(words[row % 2::2], k=draw.randint(SHORTEST, TOKENS - 2))), "label": row % 2}
        for row in range(TRAINED + HELD_OUT)
    ]


def rows_of(file, text, label):
    from representations import read_rows

    read = list(read_rows(file, TRAINED + HELD_OUT))
    if len(read) < TRAINED + HELD_OUT:
        sys.exit(f"{file} has {len(read)} rows, and {TRAINED + HELD_OUT} are needed.")
    classes = sorted({row[label] for row in read})
    return [{"text": row[text], "label": classes.index(row[label])} for row in read]


def prepared(classpath, work, columns):
    """Writes model, adapter, rows and their order into a folder."""
    folder = Path(work) / "training"
    folder.mkdir()
    tokenizer = Path(turns.sample_model(classpath, work)) / "tokenizer.json"
    rows = rows_of(*columns) if columns else random_rows(tokenizer)
    for name, part in {"trained": rows[:TRAINED], "held-out": rows[TRAINED:]}.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part), encoding="utf-8")
    labels = 1 + max(row["label"] for row in rows)
    subprocess.run(
        [sys.executable, __file__, "--made", str(folder / "model"), str(folder / "adapter"), str(labels)], check=True
    )
    (folder / "model" / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    ordered = turns.java(classpath, "EpochOrder") + [str(TRAINED), str(BATCH), str(SEED)]
    order = subprocess.run(ordered, check=True, capture_output=True, text=True).stdout
    (folder / "order.json").write_text(json.dumps([int(row) for row in order.split()]), encoding="utf-8")
    return folder


def ours(folder, out):
    """Returns the command of our side."""
    flags = {
        "model": folder / "model",
        "init-adapter": folder / "adapter",
        "data": folder / "trained.jsonl",
        "test": folder / "held-out.jsonl",
        "text": "text",
        "label": "label",
        "out": out,
        "max-length": TOKENS,
        "batch": BATCH,
        "lr": RATE,
        "scheduler": "linear",
        "warmup-ratio": 0,
        "checkpoint-every": 0,
        "seed": SEED,
        "device": "cpu",
    }
    return [turns.RUN, "train", *(f"--{name}={value}" for name, value in flags.items())]


def our_losses(run):
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    return {
        "training": statistics.fmean(line["loss"] for line in lines if "loss" in line),
        "held out": summary["test"]["loss"],
    }


def compare(classpath, work, rounds, *columns):
    turns.build()
    folder = prepared(classpath, work, columns)
    measured = {"ours": [], "Trainer": []}
    for _ in range(int(rounds) + 1):
        with tempfile.TemporaryDirectory() as out:
            run, trainer = Path(out) / "run", Path(out) / "trainer"
            measured["ours"].append(turns.whole(ours(folder, run)))
            measured["Trainer"].append(
                turns.whole([sys.executable, os.path.abspath(__file__), "--theirs", str(folder), str(trainer)])
            )
            losses = {
                "ours": our_losses(run),
                "Trainer": json.loads((trainer / "losses.json").read_text(encoding="utf-8")),
            }
    turns.print_wholes(measured)
    for name in losses["ours"]:
        our_loss, their_loss = (side[name] for side in losses.values())
        print(f"loss, {name}: ours {our_loss:.6f}, Trainer {their_loss:.6f}, difference {abs(our_loss - their_loss):.1e}")
        if not abs(our_loss - their_loss) <= TOLERANCE:
            sys.exit(f"The losses differ by more than {TOLERANCE}, so these are not the same trainings.")


if __name__ == "__main__":
    if sys.argv[1] == "--made":
        made(*sys.argv[2:])
    elif sys.argv[1] == "--theirs":
        theirs(*sys.argv[2:])
    else:
        compare(*sys.argv[1:])

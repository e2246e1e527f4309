"""A training has the same numbers here and elsewhere: Layerwise's own trainer against the program, with one worker and with two.

Needs LAYERWISE_RUN, the command that starts Layerwise; without it all of this is skipped.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import pytest
import transformers
from conftest import ROOT
from safetensors.torch import load_file, save_file

RUN = os.environ.get("LAYERWISE_RUN")
GOLDEN = ROOT / "src/test/resources/golden"
# intervals are drawn from each row's prediction, which a job does not keep
HERE_ONLY = {"eval_intervals", "test_intervals"}
TIMES = {"seconds", "tokens_per_second", "step_seconds", "memory_bytes"}
TOLERANCE = 1e-4

pytestmark = pytest.mark.skipif(not RUN, reason="skipped: LAYERWISE_RUN does not say how to start Layerwise")

ALIKE = "--lr 0.005 --weight-decay 0.01 --scheduler constant --warmup-steps 0 --batch 16 --max-grad-norm 0"
MIXED = "--layers 1,3 --lr 0.01 --r 4 --alpha 8 --warmup-steps 3 --epochs 3 --batch 3 --accumulate 2 --max-grad-norm 0.5 --seed 7"
CASES = {
    "lora_bert": ("bert", f"--init-adapter {GOLDEN}/lora_bert/adapter_init {ALIKE} --steps 7 --validation bert.jsonl"),
    "lora_llama": ("llama", f"--init-adapter {GOLDEN}/lora_llama/adapter_init {ALIKE} --steps 7 --task causal-lm"),
    "lora_bert_dora": ("bert", f"--init-adapter {GOLDEN}/lora_bert_dora/adapter_init {ALIKE} --steps 5"),
    "classes": ("bert", f"{MIXED} --scheduler linear --label-smoothing 0.1 --variant rslora --validation bert.jsonl"),
    "tokens": (
        "llama",
        f"{MIXED} --scheduler cosine --label-smoothing 0.1 --task causal-lm --lora-plus-ratio 4 --group-by-length"
        " --validation llama.jsonl",
    ),
    "olora": ("llama", f"{MIXED} --task causal-lm --variant olora --validation llama.jsonl"),
    "pissa": ("llama", f"{MIXED} --task causal-lm --variant pissa_niter_2 --validation llama.jsonl"),
    # rows that are longer than those trained on are not padded, here or there
    "dynamic": ("llama_dynamic", f"{MIXED.replace('1,3', '1,2')} --task causal-lm --validation llama_dynamic.jsonl"),
    "images": (
        "seeing",
        f"--image image --init-adapter {GOLDEN}/lora_llava/adapter_init {ALIKE} --steps 7 --task causal-lm --validation"
        " seeing.jsonl",
    ),
    # few rows: nothing becomes better soon
    "best": (
        "bert",
        "--layers 1,3 --lr 0.003 --r 4 --scheduler constant --epochs 40 --batch 4 --validation bert.jsonl --evaluate-every 2"
        " --keep-best --patience 2 --best-metric accuracy --seed 7",
    ),
}
# models that transformers 4 does not know: experts, delta networks, layers with inputs of their own
TODAY = [] if transformers.__version__.startswith("4.") else ["gemma4_e", "gpt_oss", "mixtral", "qwen3_5"]
GENTLE = MIXED.replace("--lr 0.01", "--lr 0.003")  # larger steps carry rounding of delta networks away
CASES |= {
    name: (f"v5/{name}", f"{GENTLE} --scheduler linear --task causal-lm --validation v5/{name}.jsonl") for name in TODAY
}


def layerwise(*arguments, folder):
    done = subprocess.run([*RUN.split(), *map(str, arguments)], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-1000:]
    return done.stdout


def environment(job):
    return {**os.environ, "PYTHONPATH": str(job / "program"), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}


def command(workers, job, run, *more):
    alone = [sys.executable, "-m", "layerwise_job.train", str(job), str(run), *more]
    if workers == 1:
        return alone
    many = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(workers)]  # finds a free port
    return [sys.executable, *many, *alone[1:]]


def lines(run):
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def rows(folder):
    """The golden rows as Layerwise reads them, and rows with images."""
    (folder / "v5").mkdir(exist_ok=True)
    for base in ("bert", "llama", "llama_dynamic", *(f"v5/{name}" for name in TODAY)):
        golden = load_file(GOLDEN / base / "golden.safetensors")
        with open(folder / (base + ".jsonl"), "w", encoding="utf-8") as out:
            for row in range(golden["input_ids"].shape[0]):
                length = int(golden["attention_mask"][row].sum())
                line = {"input_ids": golden["input_ids"][row, :length].tolist()}
                if base == "bert":
                    line["token_type_ids"] = golden["token_type_ids"][row, :length].tolist()
                    line["label"] = int(golden["labels"][row])
                out.write(json.dumps(line) + "\n")
    with open(folder / "seeing.jsonl", "w", encoding="utf-8") as out:
        for number, image in enumerate(sorted((GOLDEN / "clip_images").glob("*.png"))):
            shutil.copy(image, folder)
            ids = [6, 5, 8, 9 + number, 10, 11, 7]
            line = {"input_ids": ids, "labels": [-100, -100, *ids[2:]], "image": image.name}
            out.write(json.dumps(line) + "\n")


def seeing(folder):
    """A model that sees images."""
    shutil.copytree(GOLDEN / "llava", folder / "seeing", dirs_exist_ok=True)
    shutil.copy(GOLDEN / "clip_images/preprocessor_config.json", folder / "seeing")
    return folder / "seeing"


@pytest.fixture(scope="module", params=CASES)
def case(request, tmp_path_factory):
    """The run here, and the job of the same flags."""
    folder = tmp_path_factory.mktemp(request.param)
    rows(folder)
    model, flags = CASES[request.param]
    place = seeing(folder) if model == "seeing" else GOLDEN / model
    all_flags = f"--model {place} --data {model}.jsonl --model-dropout 0 --dropout 0 {flags}".split()
    layerwise("train", *all_flags, "--out", "here", folder=folder)
    layerwise("export-job", *all_flags, "--out", "job", folder=folder)
    return folder


def difference(here, there):
    """The largest difference of any number but times."""
    assert len(here) == len(there)
    worst = 0.0
    for one, other in zip(here, there):
        numbers = one.keys() - TIMES - HERE_ONLY
        assert numbers == other.keys() - TIMES
        worst = max(worst, *(abs(one[key] - other[key]) for key in numbers - {"eval_perplexity"}))
    return worst


@pytest.mark.parametrize("workers, more", [(1, []), (2, []), (2, ["--fsdp"])], ids=["one", "two", "two-sharing"])
def test_the_numbers_are_the_same(case, workers, more, record_property):
    job, run = case / "job", case / f"workers-{workers}{''.join(more)}"
    subprocess.run(command(workers, job, run, *more), env=environment(job), check=True, capture_output=True)
    worst = difference(lines(case / "here"), lines(run))
    record_property("largest difference", worst)
    print(f"\n{case.name}: {workers} workers {more}, {len(lines(run))} lines, largest difference {worst:.2g}")
    if not more:
        assert adapters_differ_by(case / "workers-1", run) < 1e-3  # Adam makes much of gradients that are nearly zero
    assert worst < TOLERANCE
    results = json.loads((run / "results.json").read_text())["files"]
    assert "adapter/adapter_model.safetensors" in results
    assert "metrics.jsonl" in results
    card = (run / "adapter/README.md").read_text()
    assert card == (job / "adapter-initial/README.md").read_text()
    assert "layers have adapters" in card
    assert str(job) not in card


def adapters_differ_by(one, other):
    one, other = (load_file(run / "adapter/adapter_model.safetensors") for run in (one, other))
    assert one.keys() == other.keys()
    assert all(one[name].shape == other[name].shape for name in one)
    return max(float((one[name] - other[name]).abs().max()) for name in one)


def test_bfloat16_and_gradient_checkpointing(tmp_path):
    """On the processor bfloat16 rounds in other places here and there, so that losses are only near."""
    rows(tmp_path)
    flags = f"--model {GOLDEN}/llama --data llama.jsonl --model-dropout 0 --dropout 0 {CASES['tokens'][1]}".split()
    for name, more in {"plain": [], "checkpointing": ["--gradient-checkpointing"], "bf16": ["--dtype", "bf16"]}.items():
        layerwise("export-job", *flags, *more, "--out", name, folder=tmp_path)
        run = tmp_path / (name + "-run")
        subprocess.run(command(2, tmp_path / name, run), env=environment(tmp_path / name), check=True, capture_output=True)
    shared = command(2, tmp_path / "bf16", tmp_path / "shared-run", "--fsdp")
    subprocess.run(shared, env=environment(tmp_path / "bf16"), check=True, capture_output=True)
    assert difference(lines(tmp_path / "bf16-run"), lines(tmp_path / "shared-run")) < 0.02
    layerwise("train", *flags, "--dtype", "bf16", "--out", "here", folder=tmp_path)
    assert difference(lines(tmp_path / "plain-run"), lines(tmp_path / "checkpointing-run")) < 1e-5
    assert json.loads((tmp_path / "bf16/plan.json").read_text())["dtype"] == "bfloat16"
    here, there, whole = (losses(tmp_path / run) for run in ("here", "bf16-run", "plain-run"))
    assert here != whole != there
    assert max(abs(one - other) for (_, one), (_, other) in zip(here, there)) < 0.02


def test_a_head_is_trained_in_float32_whatever_the_model_is_in(tmp_path):
    rows(tmp_path)
    flags = f"--model {GOLDEN}/bert --data bert.jsonl --layers 1,3 --bias all --dtype bf16 --steps 3 --batch 8"
    flags += " --model-dropout 0 --dropout 0 --validation bert.jsonl"
    layerwise("export-job", *flags.split(), "--out", "job", folder=tmp_path)
    for name, more in {"run": [], "shared": ["--fsdp"]}.items():
        started = command(2, tmp_path / "job", tmp_path / name, *more)
        subprocess.run(started, env=environment(tmp_path / "job"), check=True, capture_output=True)
        adapter = load_file(tmp_path / name / "adapter/adapter_model.safetensors")
        # PEFT keeps the untrained classifier's bias, too, where all biases are kept
        trained = [value for key, value in adapter.items() if "original_module" not in key]
        assert {str(value.dtype) for value in trained} == {"torch.float32"}
    assert difference(lines(tmp_path / "run"), lines(tmp_path / "shared")) < 0.02


@pytest.mark.parametrize("workers, more", [(1, []), (2, []), (2, ["--fsdp"])], ids=["one", "two", "two-sharing"])
def test_the_best_adapter_is_kept_and_the_run_ends_when_nothing_becomes_better(tmp_path, workers, more):
    rows(tmp_path)
    flags = f"--model {GOLDEN}/bert --data bert.jsonl --test bert.jsonl --model-dropout 0 --dropout 0 {CASES['best'][1]}".split()
    layerwise("train", *flags, "--out", "here", folder=tmp_path)
    layerwise("export-job", *flags, "--out", "job", folder=tmp_path)
    subprocess.run(
        command(workers, tmp_path / "job", tmp_path / "there", *more),
        env=environment(tmp_path / "job"),
        check=True,
        capture_output=True,
    )
    here = json.loads((tmp_path / "here/summary.json").read_text())
    ending = json.loads((tmp_path / "there/ending.json").read_text())
    assert here["stopped_early"] and ending["early"] and ending["finished"]
    assert ending["kept"] == here["adapter_step"] < ending["steps"] < ending["of"]
    assert adapters_differ_by(tmp_path / "here", tmp_path / "there") < TOLERANCE
    # the test rows are measured with the adapter that is kept
    assert difference(lines(tmp_path / "here"), lines(tmp_path / "there")) < TOLERANCE
    assert "test_loss" in lines(tmp_path / "there")[-1]


def test_a_training_with_all_its_steps_has_not_stopped_early(tmp_path):
    rows(tmp_path)
    # nothing becomes better, and the patience ends with the last step
    flags = f"--model {GOLDEN}/bert --data bert.jsonl --validation bert.jsonl --layers 1 --lr 1e-12 --steps 8 --evaluate-every 2 --patience 3"
    layerwise("export-job", *flags.split(), "--out", "job", folder=tmp_path)
    subprocess.run(command(1, tmp_path / "job", tmp_path / "run"), env=environment(tmp_path / "job"), check=True, capture_output=True)
    ending = json.loads((tmp_path / "run/ending.json").read_text())
    assert ending["steps"] == ending["of"] == 8 and ending["finished"] and not ending["early"]


def test_an_adapter_that_does_not_fit_the_model_there_is_no_adapter_at_random(tmp_path):
    rows(tmp_path)
    flags = f"--model {GOLDEN}/llama --data llama.jsonl --task causal-lm --layers 1,3 --steps 2".split()
    layerwise("export-job", *flags, "--out", "job", folder=tmp_path)
    shutil.copytree(GOLDEN / "llama", tmp_path / "smaller")
    config = json.loads((tmp_path / "smaller/config.json").read_text())
    (tmp_path / "smaller/config.json").write_text(json.dumps({**config, "num_hidden_layers": 3}))
    started = command(1, tmp_path / "job", tmp_path / "run", "--model", str(tmp_path / "smaller"))
    done = subprocess.run(started, env=environment(tmp_path / "job"), capture_output=True, text=True)
    assert done.returncode != 0
    assert "layers.3" in done.stderr and "does not fit the model that is found here" in done.stderr.splitlines()[-1]


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """A job that takes some seconds, and the losses of a run that nothing interrupts."""
    folder = tmp_path_factory.mktemp("long")
    rows(folder)
    flags = (
        f"--model {GOLDEN}/bert --data bert.jsonl --model-dropout 0 --dropout 0 --layers 1,3 --lr 0.003 --r 4 --steps 600 --batch 4"
        " --checkpoint-every 25"
    ).split()
    layerwise("export-job", *flags, "--out", "job", folder=folder)
    subprocess.run(command(1, folder / "job", folder / "whole"), env=environment(folder / "job"), check=True, capture_output=True)
    return folder


def losses(run):
    return [(line["step"], line["loss"]) for line in lines(run) if "loss" in line]


def wait_for(run, count):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if (run / "metrics.jsonl").exists() and len((run / "metrics.jsonl").read_bytes().splitlines()) > count:
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain for line %d" % count)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, "file"])
def test_what_is_cut_off_goes_on(long, how):
    job, run = long / "job", long / str(how).replace(".", "-")
    first = subprocess.Popen(command(1, job, run), env=environment(job), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(run, 210)
    if how == "file":
        (job / "stop").touch()
    else:
        first.send_signal(how)
    code = first.wait(60)
    assert (code == 0) == (how != signal.SIGKILL)
    assert len(losses(run)) < 600
    if how != signal.SIGKILL:
        assert json.loads((run / "ending.json").read_text())["finished"] is False
    pathlib.Path(job / "stop").unlink(missing_ok=True)
    subprocess.run(command(1, job, run), env=environment(job), check=True, capture_output=True)
    assert losses(run) == losses(long / "whole")


def test_who_is_told_to_end_before_the_first_step_leaves_a_checkpoint(long):
    job, run = long / "job", long / "early"
    first = subprocess.Popen(command(1, job, run), env=environment(job), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not run.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    assert losses(run) == losses(long / "whole")[: len(losses(run))] and len(losses(run)) < 5
    assert (run / "cluster-checkpoint/state.pt").exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_an_attempt_goes_on_with_no_other_weights(long, workers):
    job, run, base = long / "job", long / f"other{workers}", long / f"base{workers}"
    shutil.copytree(GOLDEN / "bert", base)
    started = command(workers, job, run, "--model", str(base))
    (job / "stop").touch()
    subprocess.run(started, env=environment(job), check=True, capture_output=True)
    (job / "stop").unlink()
    assert len(losses(run)) == 1
    weights = load_file(base / "model.safetensors")
    weights["bert.encoder.layer.0.output.dense.weight"][0, 0] += 0.01
    save_file(weights, base / "model.safetensors", metadata={"format": "pt"})
    done = subprocess.run(command(workers, job, run, "--model", str(base)), env=environment(job), capture_output=True, text=True)
    assert done.returncode != 0 and "have changed since this run began" in done.stderr
    assert len(losses(run)) == 1
    shutil.copy(GOLDEN / "bert/model.safetensors", base)
    subprocess.run(command(workers, job, run, "--model", str(base)), env=environment(job), check=True, capture_output=True)
    assert len(losses(run)) == 600


@pytest.mark.parametrize("more", [[], ["--fsdp"]], ids=["each-all", "sharing"])
def test_a_lost_worker_costs_no_more_than_the_steps_since_the_checkpoint(long, more):
    """With weights that are shared out it goes on with one worker: a checkpoint serves any number."""
    job, run = long / "job", long / f"lost{''.join(more)}"
    first = subprocess.Popen(
        command(2, job, run, *more),
        env=environment(job),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for(run, 210)
    children = subprocess.run(["pgrep", "-P", str(first.pid)], capture_output=True, text=True).stdout.split()
    os.kill(int(children[-1]), signal.SIGKILL)
    assert first.wait(60) != 0
    subprocess.run(command(1 if more else 2, job, run), env=environment(job), check=True, capture_output=True)
    there = losses(run)
    assert [step for step, _ in there] == list(range(1, 601))
    assert max(abs(one - other) for (_, one), (_, other) in zip(losses(long / "whole"), there)) < TOLERANCE

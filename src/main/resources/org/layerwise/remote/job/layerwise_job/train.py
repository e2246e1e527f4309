"""Does the job of a folder, a training or the extraction of what layers make of rows, on this worker alone or, started by torchrun,
together with others.

    python -m layerwise_job.train JOB RUN [--model FOLDER_OR_NAME] [--dtype float32|bfloat16] [--fsdp]

JOB is what Layerwise wrote (plan.json, rows.safetensors, adapter-initial, config.yaml), RUN where the run goes. An attempt that was
cut off goes on from its last checkpoint when it is started again.
"""

import argparse
import contextlib
import json
import os
import sys

import torch
import torch.distributed as dist

from . import extract, files, needed
from .loop import Training, heed_termination
from .model import frozen_sha256, load, take_out
from .sharded import shard, waiting_for_the_first


def device_of(local_rank):
    if torch.cuda.is_available():
        torch.cuda.set_device(local_rank)
        return torch.device("cuda", local_rank)
    return torch.device("cpu")


def tell(values):
    print("METRIC " + json.dumps(values), flush=True)


def work(job, run, model, dtype, fsdp, device, hear=tell):
    """Does what the plan says; gives the number of steps that were taken, or of rows. All workers call it."""
    plan = files.read_json(os.path.join(job, "plan.json"))
    needed.require(adapter=plan.get("kind") != "extract" or bool(plan.get("adapter_sha256")))
    if plan["version"] != 1:
        raise ValueError("The plan of %s has version %s, which this program does not know." % (job, plan["version"]))
    if plan.get("kind") == "extract":
        return extract.work(plan, job, run, model or plan["model"], dtype or plan["dtype"], fsdp or plan.get("fsdp", False), device, hear)
    torch.manual_seed(plan["seed"])
    many = dist.is_available() and dist.is_initialized()
    sharded = many and (fsdp or plan.get("fsdp", False))
    empty = sharded and dist.get_rank() > 0
    if not empty:
        heed_termination()  # the others wait for the first one's weights, and should end at once if none come
    os.makedirs(run, exist_ok=True)  # whoever sees it may ask this worker to stop
    with waiting_for_the_first() if sharded else contextlib.nullcontext():
        initial = os.path.join(job, "adapter-initial")
        adapted = load(plan, model or plan["model"], initial, device, dtype or plan["dtype"], empty)
    base = None if many and dist.get_rank() > 0 else frozen_sha256(adapted)
    if not empty:
        take_out(adapted, initial)  # after the hash: its last bits depend on the processor
    wrapped = place(adapted, device, many, sharded)
    heed_termination()
    training = Training(plan, job, run, adapted, wrapped, device, dtype or plan["dtype"], hear, base)
    steps = training.train()
    early = training.best.stops() and steps < len(training.steps)  # all its steps are not fewer
    done = early or steps == len(training.steps)
    training.best.take(training.trained)
    if plan["test"] and done:
        training.evaluate(steps, ["test"])
    training.save_adapter()
    if training.workers.rank == 0:
        ending = {"steps": steps, "of": len(training.steps), "finished": done, "early": early, "kept": training.best.step}
        versions = {**files.versions(), "dtype": training.dtype, "workers": str(training.workers.count)}
        files.write_json(os.path.join(run, "ending.json"), {**ending, "versions": versions})
        files.manifest(run)
    return steps


def place(model, device, many, sharded):
    """The model as it is called, on the device: all of it, or with many workers a part of each weight."""
    if not many:
        return model.to(device)
    if sharded:
        return shard(model, device)
    from torch.nn.parallel import DistributedDataParallel

    return DistributedDataParallel(model.to(device), device_ids=[device.index] if device.type == "cuda" else None)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="layerwise_job.train", description="Trains the job of a folder.")
    parser.add_argument("job")
    parser.add_argument("run")
    parser.add_argument("--model")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"])
    parser.add_argument("--fsdp", action="store_true")
    chosen = parser.parse_args(arguments)
    many = int(os.environ.get("WORLD_SIZE", "1")) > 1
    device = device_of(int(os.environ.get("LOCAL_RANK", "0")))
    if many:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    steps = work(chosen.job, chosen.run, chosen.model, chosen.dtype, chosen.fsdp, device)
    if many:
        dist.destroy_process_group()  # not after a failure: it would wait for workers that are gone
    print("DONE %d" % steps, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

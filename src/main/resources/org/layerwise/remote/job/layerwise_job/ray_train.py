"""Trains the job of a folder with Ray Train: as many workers as are asked for, on whatever nodes have room.

    python -m layerwise_job.ray_train JOB RUN --workers N [--gpu] [--model M] [--dtype D] [--fsdp]

JOB and RUN must be seen by all workers. When a worker is lost, they are started anew, and go on from the last checkpoint.
"""

import argparse
import os
import sys

ATTEMPTS = 4
# what comes again however often it is tried, such as a model that is not there; a lost worker is a RuntimeError of the others
FINAL = (OSError, ValueError, ArithmeticError, TypeError, LookupError, ImportError, AttributeError)


def is_final(error):
    """Whether a worker has failed by what it does, rather than having been lost."""
    found = getattr(error, "worker_failures", None) or {0: error.__cause__}
    raised = [getattr(one, "_base_exc", None) or getattr(one, "cause", None) or one for one in found.values()]
    return any(isinstance(one, FINAL) and not isinstance(one, (ConnectionError, TimeoutError)) for one in raised)


def persist(attempt, attempts):
    """Tries again what was cut off by a loss."""
    for number in range(1, attempts + 1):
        try:
            return attempt(number)
        except Exception as error:
            if number == attempts or is_final(error):
                raise
            print("%s\nAttempt %d has ended; the next goes on from its last checkpoint." % (error, number), flush=True)


def loop(config):
    import ray.train
    import ray.train.torch

    from .train import work

    device = ray.train.torch.get_device()
    # Ray repeats what workers print, once or more; metrics.jsonl has each step once
    work(config["job"], config["run"], config["model"], config["dtype"], config["fsdp"], device, hear=lambda values: None)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="layerwise_job.ray_train", description="Trains the job of a folder with Ray Train.")
    parser.add_argument("job")
    parser.add_argument("run")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--gpu", action="store_true")
    parser.add_argument("--cpus", type=float, default=1.0, help="CPUs a worker, where it has no GPU")
    parser.add_argument("--model")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"])
    parser.add_argument("--fsdp", action="store_true")
    chosen = parser.parse_args(arguments)

    from . import files
    from .model import require_there

    require_there(chosen.model or files.read_json(os.path.join(chosen.job, "plan.json"))["model"])

    import ray
    from ray.train import FailureConfig, RunConfig, ScalingConfig
    from ray.train.torch import TorchTrainer

    ray.init(log_to_driver=True)

    def attempt(number):
        TorchTrainer(
            loop,
            train_loop_config={
                "job": os.path.abspath(chosen.job),
                "run": os.path.abspath(chosen.run),
                "model": chosen.model,
                "dtype": chosen.dtype,
                "fsdp": chosen.fsdp,
            },
            scaling_config=ScalingConfig(
                num_workers=chosen.workers,
                use_gpu=chosen.gpu,
                resources_per_worker=None if chosen.gpu else {"CPU": chosen.cpus},
            ),
            run_config=RunConfig(
                name="attempt-%d" % number,
                storage_path=os.path.join(os.path.abspath(chosen.run), "ray"),
                failure_config=FailureConfig(max_failures=0),
            ),
        ).fit()

    persist(attempt, ATTEMPTS)
    print("DONE", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

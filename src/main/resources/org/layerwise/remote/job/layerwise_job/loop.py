"""The training itself, the same on one worker and on many: a step has the gradient of the mean loss over all its rows."""

import contextlib
import math
import os
import shutil
import signal
import socket
import sys
import threading
import time

import numpy as np
import torch
import torch.distributed as dist

from . import files, metrics
from .best import Best
from .model import forget_lengths, groups
from .objective import Objective
from .rows import Rows, Steps, pieces, read, share
from .sharded import add_up, is_sharded, whole

# what a pass over rows may hold, padding included; more on a GPU, which wants many at a time
TOKENS_A_PASS = {"cpu": 1024, "cuda": 16384}
BITS = (1 << 64) - 1


def mixed(seed, *parts):
    """A seed of 64 bits from several numbers, as Seeds.of of the desktop mixes them: sums of seed and step would meet those of other seeds."""
    z = seed
    for part in parts:
        z += 0x9E3779B97F4A7C15 * (part + 1)
        z &= BITS
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & BITS
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & BITS
        z ^= z >> 31
    return z


class Lion(torch.optim.Optimizer):
    """Lion (arXiv 2302.06675, algorithm 2) with betas 0.9 and 0.99."""

    def __init__(self, groups):
        super().__init__(groups, {"lr": 1.0})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                mean = self.state[weight].setdefault("exp_avg", torch.zeros_like(weight))
                weight.mul_(1 - group["lr"] * group["weight_decay"])
                weight.add_(torch.sign(mean * 0.9 + weight.grad * 0.1), alpha=-group["lr"])
                mean.mul_(0.99).add_(weight.grad, alpha=0.01)


# the formulas of the setting optim: parameter groups and plan -> optimiser, whose rate is a multiple of the schedule's
OPTIMISERS = {
    "adamw": lambda groups, plan: torch.optim.AdamW(groups, lr=1.0, betas=(0.9, 0.999), eps=plan.get("adam_epsilon", 1e-8)),
    "lion": lambda groups, plan: Lion(groups),
}

# the queue or a person ends the job: the step in hand is finished and kept, also when it is said before the first
CONFIG = "adapter_config.json"
TERMINATED = threading.Event()


def heed_termination():
    """From now on. Only a main thread can; elsewhere, as in Ray, the stop file says it."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: TERMINATED.set())


class Workers:
    """This worker among all of them."""

    def __init__(self):
        self.many = dist.is_available() and dist.is_initialized()
        self.rank = dist.get_rank() if self.many else 0
        self.count = dist.get_world_size() if self.many else 1

    def total(self, value, device):
        if not self.many:
            return value
        tensor = torch.tensor(float(value), dtype=torch.float64 if device.type == "cpu" else torch.float32, device=device)
        dist.all_reduce(tensor)
        return tensor.item()

    def gather(self, value):
        if not self.many:
            return [value]
        all_of = [None] * self.count
        dist.all_gather_object(all_of, value)
        return all_of

    def announce(self, run, device, step):
        """Writes who works: workers.json, anew with every attempt. A step needs all of them, so they stand or fall together."""
        name = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
        workers = self.gather({"rank": self.rank, "host": socket.gethostname(), "pid": os.getpid(), "device": name})
        if self.rank == 0:
            files.write_json(os.path.join(run, "workers.json"), {"version": 1, "after_step": step, "workers": workers})


def keep_order(initial, saved):
    """Puts the patterns of ranks and alphas of an adapter into the order of its initial one: of several that match the first one counts, and
    PEFT sorts them when it saves."""
    before, path = files.read_json(os.path.join(initial, CONFIG)), os.path.join(saved, CONFIG)
    config = files.read_json(path)
    for key in ("rank_pattern", "alpha_pattern"):
        if config.get(key) and config[key] == before.get(key):
            config[key] = before[key]
    files.write_json(path, config)


class Training:
    """Takes the steps of a plan and writes what comes of them into a run folder."""

    def __init__(self, plan, job, run, model, wrapped, device, dtype, tell, base=None):
        """wrapped is the model as it is called: with DDP or FSDP around it, or itself; tell hears a line of metrics on the first worker;
        base is the hash of the weights that are not trained, on the first worker."""
        self.plan = plan
        self.job = job
        self.run = run
        self.model = model
        self.wrapped = wrapped
        self.device = device
        self.dtype = dtype
        self.tell = tell
        self.base = base
        self.workers = Workers()
        tensors = read(os.path.join(job, "rows.safetensors"))
        self.rows = {part: Rows(tensors, part) for part in ["train"] + plan["validation"] + (["test"] if plan["test"] else [])}
        self.steps = Steps(tensors)
        self.objective = Objective(plan["task"], plan["label_smoothing"])
        # named as in the model itself, so that a checkpoint serves any number of workers
        self.trained = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
        self.sharded = is_sharded(wrapped)
        # DDP takes the mean over workers of what is a sum
        self.times = 1 if self.sharded else self.workers.count
        self.optimiser = OPTIMISERS[plan.get("optim") or "adamw"](groups(self.trained, plan), plan)
        self.best = Best(plan)
        self.log = None
        self.seconds = 0.0

    def train(self):
        """All steps that are left; the number of the last one that was taken."""
        step, keep = self.resume()
        self.workers.announce(self.run, self.device, step)
        if self.workers.rank == 0:
            self.log = files.MetricsLog(os.path.join(self.run, "metrics.jsonl"), keep)
        evaluations, checkpoints = set(self.plan["evaluate_after"]), set(self.plan["checkpoint_after"])
        if step == 0:
            self.evaluate(0)
        while step < len(self.steps) and not self.best.stops():
            self.wrapped.train()
            self.take(step)
            step += 1
            if step in evaluations:
                self.evaluate(step)
            stop = self.workers.total(1 if self.asked_to_stop() else 0, self.device) > 0
            if step in checkpoints or stop:
                self.checkpoint(step)
            if stop:
                break
        return step

    def asked_to_stop(self):
        """By a signal, or by a file of the name stop in the job's folder, which any of the workers may be the first to see."""
        return TERMINATED.is_set() or os.path.exists(os.path.join(self.job, "stop"))

    def forward(self, rows, chosen, smoothed):
        inputs, labels = rows.batch(chosen, self.plan["pad_id"], self.objective.token_labels, self.device)
        forget_lengths(self.model)
        with torch.autocast(self.device.type, torch.bfloat16) if self.dtype != "float32" else contextlib.nullcontext():
            logits = self.wrapped(**inputs).logits
        return logits, self.objective.loss_sum(logits, labels, smoothed)

    def take(self, step):
        begin = time.monotonic()
        # by the step, so that a run that goes on drops the same values as one that nothing interrupted
        torch.manual_seed(mixed(self.plan["seed"], step))
        rows = self.rows["train"]
        chosen = self.steps.of(step)
        all_weight = self.objective.weight(rows, chosen)
        parts = self.passes(rows, chosen, self.workers.rank)
        # a worker without rows takes part in the exchange of gradients all the same, and one that shares the weights out in every pass
        count = max(len(self.passes(rows, chosen, rank)) for rank in range(self.workers.count)) if self.sharded else max(1, len(parts))
        self.optimiser.zero_grad(set_to_none=True)
        loss = 0.0
        for at in range(count):
            mine = at < len(parts)
            with self.exchanging(at + 1 == count):
                _, total = self.forward(rows, parts[at] if mine else chosen[:1], True)
                mean = total / max(all_weight, 1) * (1.0 if mine else 0.0)
                (mean * self.times).backward()
            loss += mean.item()
        if self.sharded:
            add_up([parameter for _, parameter in self.trained])
        loss = self.workers.total(loss, self.device)
        norm = self.clip()
        rate = self.plan["learning_rates"][step]
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["times"]
        if not np.isfinite(loss) or not np.isfinite(norm):
            raise FloatingPointError(
                "The loss is no longer a number at step %d; use a lower learning rate or a longer warm-up." % (step + 1)
            )
        self.optimiser.step()
        took = time.monotonic() - begin
        self.seconds += took
        if self.workers.rank == 0:
            tokens = sum(rows.length(row) for row in chosen)
            self.write(
                {
                    "step": step + 1,
                    "loss": loss,
                    "learning_rate": rate,
                    "grad_norm": norm,
                    "tokens_per_second": tokens / took,
                    "seconds": self.seconds,
                    "step_seconds": took,
                    "memory_bytes": self.memory(),
                }
            )

    def passes(self, rows, chosen, rank):
        """The rows, of a step or of all, that are a worker's, cut into what fits at a time."""
        mine = share(chosen, rows.length, rank, self.workers.count)
        return pieces(mine, rows.length, TOKENS_A_PASS.get(self.device.type, 1024), self.plan.get("pad_up_to"))

    @contextlib.contextmanager
    def exchanging(self, now):
        """Gradients go to the other workers after the last pass of a step only."""
        if self.workers.many and not self.sharded and not now:
            with self.wrapped.no_sync():
                yield
        else:
            yield

    def clip(self):
        limit = self.plan["max_grad_norm"]
        parameters = [parameter for _, parameter in self.trained]
        return float(torch.nn.utils.clip_grad_norm_(parameters, limit if limit > 0 else float("inf")))

    def memory(self):
        """The peak so far, in bytes, of this worker: of the tensors on its card, or of its process without a card."""
        if self.device.type == "cuda":
            return torch.cuda.max_memory_allocated()
        import resource

        # in bytes on macOS, elsewhere in KiB
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

    def write(self, values):
        self.log.write(values)
        self.tell(values)

    def evaluate(self, step, parts=None):
        for number, part in enumerate(self.plan["validation"] if parts is None else parts):
            values = self.look(part)
            if parts is None and number == 0 and step > 0:
                self.best.hear(step, values, self.trained)
            if self.workers.rank == 0:
                line = {"step": step, part + "_loss": values["loss"], part + "_samples": values["samples"]}
                line.update({"%s_%s" % (part, name): value for name, value in values["metrics"].items()})
                self.write(line)

    @torch.no_grad()
    def look(self, part):
        """Loss and metrics of held-out rows, each row measured by one worker."""
        self.wrapped.eval()
        rows = self.rows[part]
        loss, weight, found = 0.0, 0, []
        # all workers call a model equally often whose weights are shared out
        passes = self.passes(rows, range(len(rows)), self.workers.rank)
        most = max(self.workers.gather(len(passes)))
        for at in range(most):
            chosen = passes[at] if at < len(passes) else [0]
            logits, total = self.forward(rows, chosen, False)
            if at < len(passes):
                loss += total.item()
                weight += self.objective.weight(rows, chosen)
                if not self.objective.token_labels:
                    found.extend(zip(chosen, logits.float().cpu().numpy()))
        together = self.workers.gather((loss, weight, found))
        weight = sum(one[1] for one in together)
        loss = sum(one[0] for one in together) / weight if weight else math.nan
        if self.objective.token_labels:
            return {"loss": loss, "samples": len(rows), "metrics": metrics.causal_lm(loss)}
        by_row = dict(pair for one in together for pair in one[2])
        logits = np.stack([by_row[row] for row in range(len(rows))])
        wanted = rows.labels.numpy()
        named = (
            metrics.regression(logits, wanted)
            if self.plan["task"] == "regression"
            else metrics.classification(logits, wanted, logits.shape[1])
        )
        return {"loss": loss, "samples": len(rows), "metrics": named}

    # ---- checkpoints

    def folder(self):
        return os.path.join(self.run, "cluster-checkpoint")

    def checkpoint(self, step):
        if self.workers.rank != 0:
            return
        state = {
            "step": step,
            "seconds": self.seconds,
            "metrics_bytes": self.log.position(),
            "weights": {name: parameter.detach().cpu() for name, parameter in self.trained},
            "optimiser": self.optimiser.state_dict(),
            "best": self.best.state(),
            "base": self.base,
        }
        os.makedirs(self.folder(), exist_ok=True)
        files.write_keeping(
            os.path.join(self.folder(), "state.pt"), os.path.join(self.folder(), "before.pt"), lambda out: torch.save(state, out)
        )

    def last_state(self):
        """The newest checkpoint that can be read; None if there is none. One that cannot be read, as after a power cut, costs the
        steps since the one before."""
        places = [os.path.join(self.folder(), "state.pt"), os.path.join(self.folder(), "before.pt")]
        # an earlier version, which was killed while it replaced the folder, left the new one here
        places.append(os.path.join(self.folder() + ".part", "state.pt"))
        unread = None
        for path in filter(os.path.exists, places):
            try:
                return torch.load(path, map_location="cpu", weights_only=True)
            except Exception as error:  # what a damaged file makes torch's reader raise can be any
                reason = (str(error).splitlines() or [type(error).__name__])[0]
                unread = unread or (path, reason)
                print("The checkpoint %s cannot be read (%s); an earlier one is looked for." % (path, reason), flush=True)
        if unread and unread[0] != places[2]:  # that one may never have been finished
            raise ValueError(
                "the checkpoint %s cannot be read (%s), and there is no other; put it back, or start anew into another folder." % unread
            )
        return None

    def resume(self):
        """Where an earlier attempt had come to: its step, and how much of the metrics is of it."""
        state = self.last_state()
        if len(set(self.workers.gather(state and state["step"]))) > 1:
            raise ValueError("the workers do not see the same checkpoint in %s; start the job once more." % self.folder())
        if state is None:
            return 0, 0
        before = state.get("base")  # earlier versions did not look
        if self.base and before and self.base != before:
            raise ValueError(
                "the weights of the model %s have changed since this run began; put back those that it began with, or start anew."
                % self.plan["model"]
            )
        names = dict(self.trained)
        with torch.no_grad():
            for name, value in state["weights"].items():
                names[name].copy_(value)
        self.optimiser.load_state_dict(state["optimiser"])
        self.seconds = state["seconds"]
        if "best" in state:
            self.best.load(state["best"])
        return state["step"], state["metrics_bytes"]

    def save_adapter(self):
        if self.workers.rank == 0:
            here = whole(self.model) if self.sharded else None  # PEFT takes all of the model's own without

            def fill(beside):
                self.model.save_pretrained(beside, safe_serialization=True, state_dict=here, save_embedding_layers=False)
                keep_order(os.path.join(self.job, "adapter-initial"), beside)
                # in the place of PEFT's, which names a folder of this computer and not why these layers
                card = os.path.join(self.job, "adapter-initial", "README.md")
                if os.path.exists(card):  # not in a job of an earlier version
                    shutil.copyfile(card, os.path.join(beside, "README.md"))
                if self.plan.get("class_names"):  # PEFT's files have no place for them
                    files.write_json(os.path.join(beside, "labels.json"), self.plan["class_names"])

            files.write_folder(os.path.join(self.run, "adapter"), fill)

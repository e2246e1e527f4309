"""What each layer makes of rows: every worker takes a share of them and writes a part, which Layerwise puts together again.

part-R-of-N.safetensors: rows I64 [k], the numbers of the worker's rows, and hidden_states.0 .. hidden_states.M, F32 [k, d].
"""

import contextlib
import os

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from . import files
from .loop import TOKENS_A_PASS, Workers
from .model import fingerprint, forget_lengths, without_head
from .rows import Rows, pieces, read, share
from .sharded import shard, waiting_for_the_first

# so often it is told how far the first worker is
ROWS_A_LINE = 64


def load(plan, job, model, device, dtype, sharded, rank):
    """The model without a head, on the device or shared out."""
    adapter = os.path.join(job, "adapter") if plan.get("adapter_sha256") else None
    with waiting_for_the_first() if sharded else contextlib.nullcontext():
        loaded = without_head(plan, model, adapter, device, dtype, sharded and rank > 0)
    return shard(loaded, device) if sharded else loaded.to(device)


def pick(hidden, mask, position):
    """The vector that stands for each row: [rows, tokens, d] to [rows, d], float32."""
    if position == "first":
        return hidden[:, 0].float()
    mask = mask.to(hidden.device)
    if position == "last":
        tokens = torch.arange(mask.shape[1], device=hidden.device)
        last = (mask * tokens).argmax(dim=1)
        return hidden[torch.arange(hidden.shape[0], device=hidden.device), last].float()
    if position == "mean":
        weights = mask.float() / mask.float().sum(dim=1, keepdim=True)
        return (hidden.float() * weights.unsqueeze(-1)).sum(dim=1)
    raise ValueError("The plan has the position %s, which this program does not know." % position)


def written(part, source):
    """True if an attempt that was cut off has written a part, of the model whose files are there now."""
    if not os.path.exists(part):
        return False
    try:
        with safe_open(part, "pt") as file:
            return (file.metadata() or {}).get("source") == source
    except SafetensorError:
        return False


@torch.no_grad()
def work(plan, job, run, model, dtype, fsdp, device, tell):
    """Extracts; gives the number of rows. All workers call it."""
    workers = Workers()
    os.makedirs(run, exist_ok=True)
    rows = Rows(read(os.path.join(job, "rows.safetensors")), "rows")
    mine = share(range(len(rows)), rows.length, workers.rank, workers.count)
    part = os.path.join(run, "part-%d-of-%d.safetensors" % (workers.rank, workers.count))
    workers.announce(run, device, 0)
    sharded = fsdp and workers.many
    source = fingerprint(model)
    missing = workers.gather(not written(part, source))
    if any(missing) if sharded else missing[workers.rank]:
        passes = pieces(mine, rows.length, TOKENS_A_PASS.get(device.type, 1024), plan.get("pad_up_to"))
        # all workers call a model equally often whose weights are shared out
        idle = max(workers.gather(len(passes))) - len(passes) if sharded else 0
        loaded = load(plan, job, model, device, dtype, sharded, workers.rank)
        write(plan, rows, mine, passes, idle, part, source, loaded, dtype, device, Teller(run, workers, len(mine), tell))
    workers.gather(True)  # until all have theirs
    if workers.rank == 0:
        names = ["part-%d-of-%d.safetensors" % (rank, workers.count) for rank in range(workers.count)]
        files.write_json(os.path.join(run, "ending.json"), {"rows": len(rows), "parts": names, "finished": True})
        files.manifest(run)
    return len(rows)


class Teller:
    """Says now and then how far the first worker is; the others have about as many tokens."""

    def __init__(self, run, workers, of, tell):
        self.of = of
        self.done = 0
        self.told = 0
        self.tell = tell
        self.log = files.MetricsLog(os.path.join(run, "metrics.jsonl")) if workers.rank == 0 else None

    def add(self, rows):
        self.done += rows
        if self.log and (self.done == self.of or self.done - self.told >= ROWS_A_LINE):
            self.told = self.done
            line = {"rows": self.done, "of": self.of}
            self.log.write(line)
            self.tell(line)


def write(plan, rows, mine, passes, idle, part, source, model, dtype, device, teller):
    tensors = {"rows": torch.tensor(mine, dtype=torch.long)}
    at = {row: place for place, row in enumerate(mine)}
    for turn, chosen in enumerate(passes + [[0]] * idle):
        inputs, _ = rows.batch(chosen, plan["pad_id"], False, device)
        forget_lengths(model)
        with torch.autocast(device.type, torch.bfloat16) if dtype != "float32" else contextlib.nullcontext():
            states = model(**inputs, output_hidden_states=True).hidden_states
        if turn >= len(passes):
            continue
        places = torch.tensor([at[row] for row in chosen])
        for number, hidden in enumerate(states):
            name = "hidden_states.%d" % number
            if name not in tensors:
                tensors[name] = torch.empty((len(mine), hidden.shape[-1]), dtype=torch.float32)
            tensors[name][places] = pick(hidden, inputs["attention_mask"], plan["position"]).cpu()
        teller.add(len(chosen))
    save_file(tensors, part + ".part", metadata={"source": source})
    os.replace(part + ".part", part)

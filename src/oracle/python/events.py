"""The event files of a training, read by TensorBoard."""

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from report import same
from tiny import Tiny

_STEP = ("loss", "learning_rate", "grad_norm", "tokens_per_second", "memory_bytes")


def checks(report, layerwise):
    report.check("event files by TensorBoard, bert", lambda: _made(layerwise, "bert"))
    report.check("event files by TensorBoard, llama", lambda: _made(layerwise, "llama"))


def _made(layerwise, family):
    model = Tiny(layerwise.fresh(family), family, 300)
    rows = model.rows(300, 12).write(layerwise.fresh("rows.jsonl"))
    files = {"validation": rows, "test": rows}
    run = layerwise.train(
        model.folder, rows, task=model.task, steps=7, batch=4, evaluate_every=2, report_to="tensorboard", **files
    )
    events = EventAccumulator(str(run / "tensorboard"), size_guidance={"scalars": 0}).Reload()
    told = {}
    for tag in events.Tags()["scalars"]:
        for event in events.Scalars(tag):
            same(f"{tag} of step {event.step} told once", (tag, event.step) in told, False)
            told[tag, event.step] = event.value
    ours = {
        (tag, line["step"]): value
        for line in layerwise.metrics(run, "step")
        for tag, value in ((_tag(key), value) for key, value in line.items())
        if tag
    }
    same("tags and steps", sorted(ours), sorted(told))
    for key, value in ours.items():
        # event files hold single precision
        yield 1.0, told[key] / value if value else told[key] + 1
    return f"{len(told)} scalars of {len(events.Tags()['scalars'])} tags"


def _tag(key):
    """Where a number of metrics.jsonl is told; some are not."""
    if key in _STEP:
        return f"train/{key}"
    kind, _, name = key.partition("_")
    return f"{kind}/{name}" if kind in ("eval", "test") and name not in ("samples", "intervals") else None

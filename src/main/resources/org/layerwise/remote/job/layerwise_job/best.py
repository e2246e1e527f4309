"""Which evaluation is the best so far, for keeping its adapter and for stopping when nothing becomes better."""

import math

import torch


class Best:
    """Hears of every evaluation on the first held-out rows, on all workers alike."""

    def __init__(self, plan):
        self.metric = plan.get("best_metric", "loss")
        self.less = plan.get("less_is_better", True)
        self.keep = plan.get("keep_best", False)
        self.patience = plan.get("patience")
        self.step = None
        self.value = math.nan
        self.weights = {}
        self.without = 0

    def better(self, value):
        """What is no number never is, and all else is better than that."""
        if math.isnan(value):
            return False
        return math.isnan(self.value) or (value < self.value if self.less else value > self.value)

    def hear(self, step, values, trained):
        """An evaluation after a step; the one before the first is no candidate."""
        value = values["loss"] if self.metric == "loss" else values["metrics"].get(self.metric, math.nan)
        value = math.nan if value is None else value
        if self.step is None or self.better(value):
            self.step, self.value, self.without = step, value, 0
            self.weights = {name: parameter.detach().cpu().clone() for name, parameter in trained} if self.keep else {}
        else:
            self.without += 1

    def stops(self):
        """Whether nothing has become better for long enough."""
        return self.patience is not None and self.without >= self.patience

    def take(self, trained):
        """Gives the model the weights of the best evaluation, if they are to be kept."""
        if self.keep and self.step is not None:
            with torch.no_grad():
                for name, parameter in trained:
                    parameter.copy_(self.weights[name])

    def state(self):
        return {"step": self.step, "value": self.value, "weights": self.weights, "without": self.without}

    def load(self, state):
        self.step, self.value = state["step"], state["value"]
        self.weights, self.without = state["weights"], state["without"]

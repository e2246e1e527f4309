"""
Computes golden/spectra.json: what Spectrum, KappaTune and AlphaLoRA say of the weights of golden/llama, golden/gpt2 and golden/bert.
Needs torch, transformers and peft 0.21.2, a folder with spectrum.py of github.com/QuixiAI/spectrum (Apache-2.0, commit 13dcd40) and with
esd.py, whose alpha(matrix) is net_esd_estimator of AlphaLoRA with fix_fingers="xmin_peak" for one matrix:
spectra_golden.py FOLDER GOLDEN.
"""

import json
import sys
import types
from pathlib import Path

import torch
from peft.helpers import KappaTuneSelector
from transformers import AutoModel, AutoModelForCausalLM
from transformers.pytorch_utils import Conv1D

sys.path.insert(0, sys.argv[1])
shortcuts = types.ModuleType("prompt_toolkit.shortcuts")
shortcuts.checkboxlist_dialog = shortcuts.input_dialog = None
sys.modules["prompt_toolkit"] = types.ModuleType("prompt_toolkit")
sys.modules["prompt_toolkit.shortcuts"] = shortcuts
import esd  # noqa: E402
import spectrum  # noqa: E402


def measured(folder, opener):
    model = opener.from_pretrained(folder, dtype=torch.float32)
    modifier = spectrum.ModelModifier()
    modifier.model = model
    selector = KappaTuneSelector(model, show_progress=False)
    selector.get_best_targets()
    values = {}
    for name, module in model.named_modules():
        if not any(part.isdigit() for part in name.split(".")) or not isinstance(module, (torch.nn.Linear, Conv1D)):
            continue
        modifier.calculate_snr_for_layer(name)
        # KappaTune leaves out the maps of GPT-2, which are no nn.Linear
        kappa = selector._condition_numbers.get(name)
        values[name] = {
            "snr": modifier.layer_snr[name]["snr"],
            "condition": kappa,
            "alpha": esd.alpha(module.weight.detach()),
        }
    return values


golden = Path(sys.argv[2])
result = {
    "llama": measured(golden / "llama", AutoModelForCausalLM),
    "gpt2": measured(golden / "gpt2", AutoModelForCausalLM),
    "bert": measured(golden / "bert", AutoModel),
}
(golden / "spectra.json").write_text(json.dumps(result, indent=1) + "\n")

"""
Computes golden/spectra.json: what Spectrum, KappaTune and AlphaLoRA say of the weights of golden/llama, golden/gpt2 and golden/bert.
Needs torch, transformers and peft 0.21.2, a folder with spectrum.py of github.com/QuixiAI/spectrum (Apache-2.0, commit 13dcd40) and with
esd.py, whose alpha(matrix) is net_esd_estimator of AlphaLoRA with fix_fingers="xmin_peak" for one matrix:
spectra_golden.py FOLDER GOLDEN. With a third folder, that of the sample model (~/.local/share/layerwise/models/bge-small-en-v1.5),
it computes golden/spectra_sample.json instead, what Spectrum says of that, which needs neither peft nor esd.py.
"""

import json
import sys
import types
from pathlib import Path

import torch
from transformers import AutoModel, AutoModelForCausalLM
from transformers.pytorch_utils import Conv1D

sys.path.insert(0, sys.argv[1])
shortcuts = types.ModuleType("prompt_toolkit.shortcuts")
shortcuts.checkboxlist_dialog = shortcuts.input_dialog = None
sys.modules["prompt_toolkit"] = types.ModuleType("prompt_toolkit")
sys.modules["prompt_toolkit.shortcuts"] = shortcuts
import spectrum  # noqa: E402


def scanned(model):
    """The linear maps in layers, and Spectrum's values of them."""
    modifier = spectrum.ModelModifier()
    modifier.model = model
    linears = {
        name: module
        for name, module in model.named_modules()
        if any(part.isdigit() for part in name.split(".")) and isinstance(module, (torch.nn.Linear, Conv1D))
    }
    for name in linears:
        modifier.calculate_snr_for_layer(name)
    return linears, modifier.layer_snr


def measured(folder, opener):
    import esd
    from peft.helpers import KappaTuneSelector

    model = opener.from_pretrained(folder, dtype=torch.float32)
    selector = KappaTuneSelector(model, show_progress=False)
    selector.get_best_targets()
    values = {}
    linears, snr = scanned(model)
    for name, module in linears.items():
        # KappaTune leaves out the maps of GPT-2, which are no nn.Linear
        kappa = selector._condition_numbers.get(name)
        values[name] = {
            "snr": snr[name]["snr"],
            "condition": kappa,
            "alpha": esd.alpha(module.weight.detach()),
        }
    return values


def write(file, values):
    (Path(sys.argv[2]) / file).write_text(json.dumps(values, indent=1) + "\n")


golden = Path(sys.argv[2])
if len(sys.argv) > 3:
    linears, snr = scanned(AutoModel.from_pretrained(sys.argv[3], dtype=torch.float32))
    write("spectra_sample.json", {name: snr[name]["snr"] for name in linears})
else:
    write(
        "spectra.json",
        {
            "llama": measured(golden / "llama", AutoModelForCausalLM),
            "gpt2": measured(golden / "gpt2", AutoModelForCausalLM),
            "bert": measured(golden / "bert", AutoModel),
        },
    )

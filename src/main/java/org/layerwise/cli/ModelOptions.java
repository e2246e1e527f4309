package org.layerwise.cli;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.study.OpenModel;
import org.layerwise.study.Workbench;
import picocli.CommandLine.Option;

/** {@code --model}. */
final class ModelOptions {

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Folder of a HuggingFace checkpoint (config.json, *.safetensors, tokenizer.json), or \"sample\" for"
                            + " the bundled bge-small-en-v1.5.")
    private @Nullable String model;

    boolean given() {
        return model != null;
    }

    String model() {
        if (model == null) {
            throw new UserException("No model is named; give --model DIR, or --model sample.");
        }
        return model;
    }

    OpenModel open(Workbench workbench, DeviceOption device, Progress progress) {
        return workbench.openModel(model(), device.device(), progress);
    }
}

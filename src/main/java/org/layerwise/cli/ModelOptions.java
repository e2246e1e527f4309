package org.layerwise.cli;

import java.nio.file.Files;
import java.nio.file.Path;
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
        boolean folder = !model.equals(Workbench.SAMPLE) && Files.exists(Path.of(model));
        if (!folder && !model.equals(Workbench.SAMPLE) && Spelling.near(model, Workbench.SAMPLE)) {
            throw new UserException(
                    "There is no folder %s; did you mean --model %s?".formatted(model, Workbench.SAMPLE));
        }
        return model;
    }

    OpenModel open(Workbench workbench, DeviceOption device, Progress progress) {
        return workbench.openModel(model(), device.device(), progress);
    }
}

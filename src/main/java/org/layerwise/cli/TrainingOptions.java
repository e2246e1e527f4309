package org.layerwise.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Output;
import org.layerwise.base.UserException;
import org.layerwise.settings.SettingValues;
import org.layerwise.study.DataSettings;
import org.layerwise.study.InputFiles;
import org.layerwise.study.Run;
import org.layerwise.study.TrainingSettings;
import org.layerwise.training.TaskKind;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of {@code train} that say what is trained and how. A flag that was not given stays null. */
final class TrainingOptions {

    @Option(
            names = "--task",
            paramLabel = "classification|regression|causal-lm",
            description = "What is learnt. Default: from the checkpoint's architectures, else from the label's type.")
    private @Nullable TaskKind task;

    @Option(
            names = "--validation",
            paramLabel = "FILE[,FILE...]",
            description =
                    "Rows to evaluate on before, during and after; of several files, as MNLI's two, the first decides"
                            + " what is best. Default: a sample task's own validation rows, else none.")
    private @Nullable String validation;

    @Option(names = "--test", paramLabel = "FILE", description = "Rows to evaluate on at the very end. Default: none.")
    private @Nullable String test;

    @Mixin
    private AdapterOptions adapter = new AdapterOptions();

    @Option(names = "--seed", paramLabel = "N", description = "Seed of initialisation, order and dropout. Default: 42.")
    private @Nullable Long seed;

    /** @throws UserException if a number is out of its range */
    void check() {
        adapter.check();
    }

    /**
     * Makes sure that a run's folder gets nothing in the place of what is read.
     *
     * @throws UserException if it does
     */
    void keep(Output folder, DataSettings rows) {
        InputFiles.ofHeldOut(rows, validation).forEach(read -> folder.requireKept("--validation", read, Run::writes));
        InputFiles.ofHeldOut(rows, test).forEach(read -> folder.requireKept("--test", read, Run::writes));
        adapter.keep(folder);
    }

    /**
     * What the flags say, the rest by default.
     *
     * @param modelLayers M, the model's number of layers
     * @param values of the flags that are settings
     * @throws UserException if layers do not fit the model, or a flag contradicts the initial adapter
     */
    TrainingSettings settings(int modelLayers, SettingValues values) {
        return new TrainingSettings(
                task,
                validation,
                test,
                adapter.settings(modelLayers),
                values,
                Objects.requireNonNullElse(seed, TrainingSettings.defaults().seed()));
    }
}

package org.layerwise.gui.experiment;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.Observable;
import org.jspecify.annotations.Nullable;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.TrainingSettings;

/**
 * Settings of other panes that an experiment shares.
 *
 * @param training returns the settings of the training
 * @param batch returns the batch size of the training
 * @param mistake returns the error in the settings of the training; empty if there is none
 * @param analysis returns the settings of the analysis that proposes layers
 * @param inputs values that these depend on
 */
public record SharedSettings(
        Supplier<TrainingSettings> training,
        Supplier<@Nullable Integer> batch,
        Supplier<Optional<String>> mistake,
        Supplier<AnalysisSettings> analysis,
        List<? extends Observable> inputs) {}

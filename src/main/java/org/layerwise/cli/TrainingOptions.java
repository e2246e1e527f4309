package org.layerwise.cli;

import org.layerwise.base.Output;
import org.layerwise.base.UserException;
import org.layerwise.settings.SettingValues;
import org.layerwise.study.DataSettings;
import org.layerwise.study.InputFiles;
import org.layerwise.study.Run;
import org.layerwise.study.TrainingSettings;
import picocli.CommandLine.Mixin;

/** The flags of {@code train} that say what is trained and how. A flag that was not given stays null. */
final class TrainingOptions {

    @Mixin
    private AdapterOptions adapter = new AdapterOptions();

    /**
     * Makes sure that a run's folder gets nothing in the place of what is read.
     *
     * @throws UserException if it does
     */
    void keep(Output folder, DataSettings rows, SettingValues values) {
        InputFiles.ofHeldOut(rows, values.find(TrainingSettings.VALIDATION).orElse(null))
                .forEach(read -> folder.requireKept("--validation", read, Run::writes));
        InputFiles.ofHeldOut(rows, values.find(TrainingSettings.TEST).orElse(null))
                .forEach(read -> folder.requireKept("--test", read, Run::writes));
        adapter.keep(folder, values);
    }

    /**
     * What the flags say, the rest by default.
     *
     * @param modelLayers M, the model's number of layers
     * @param values of the flags that are settings
     * @throws UserException if layers do not fit the model, or a flag contradicts the initial adapter
     */
    TrainingSettings settings(int modelLayers, SettingValues values) {
        return TrainingSettings.defaults().with(values).with(adapter.settings(modelLayers, values));
    }
}

package org.layerwise.cli.option;

import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.run.Run;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import picocli.CommandLine.Mixin;

/** Flags of {@code train} for the training settings. */
public final class TrainingOptions {

    @Mixin
    private AdapterOptions adapter = new AdapterOptions();

    /**
     * Requires that no file which is written into a run's folder replaces an input.
     *
     * @throws UserException if an input would be replaced
     */
    public void keep(Output folder, DataSettings rows, SettingValues values) {
        InputFiles.ofHeldOut(rows, values.find(TrainingSettings.VALIDATION).orElse(null))
                .forEach(read -> folder.requireKept("--validation", read, Run::writes));
        InputFiles.ofHeldOut(rows, values.find(TrainingSettings.TEST).orElse(null))
                .forEach(read -> folder.requireKept("--test", read, Run::writes));
        adapter.keep(folder, values);
    }

    /**
     * Returns the training settings of the flags, with defaults for flags that were not given.
     *
     * @param modelLayers number of layers of the model, M
     * @param values values of the flags that are settings
     * @throws UserException if the layers do not fit the model, or a flag contradicts the initial adapter
     */
    public TrainingSettings settings(int modelLayers, SettingValues values) {
        return TrainingSettings.defaults().with(values).with(adapter.settings(modelLayers, values));
    }
}

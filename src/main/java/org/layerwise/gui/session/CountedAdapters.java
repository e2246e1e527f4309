package org.layerwise.gui.session;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.model.OpenModel;

/**
 * Settings of adapters by which the parameters of a selection are counted.
 *
 * @param rank rank of the adapters; null while it is not known
 * @param targetModules modules that receive adapters in a selected layer; empty for the default of the model family
 * @param targetParameters weights of experts that receive adapters in a selected layer
 * @param variant variant of the adapters
 */
record CountedAdapters(
        ObservableValue<@Nullable Integer> rank,
        ObservableValue<? extends List<String>> targetModules,
        ObservableValue<? extends List<String>> targetParameters,
        ObservableValue<LoraVariant> variant) {

    /** Calls back with every change of a setting. */
    void onChange(Runnable changed) {
        List.of(rank, targetModules, targetParameters, variant)
                .forEach(setting -> setting.addListener((observable, was, is) -> changed.run()));
    }

    /**
     * Counts the parameters of a selection; null while the rank is not known, and for a selection of another model or settings that the
     * model refuses, of which the training form tells.
     */
    @Nullable
    AdapterCounts count(OpenModel model, LayerSelection selection) {
        Integer r = rank.getValue();
        if (r == null || selection.of() != model.card().layers()) {
            return null;
        }
        SettingValues all = SettingValues.none()
                .with(LoraSettings.RANK, r)
                .with(LoraSettings.VARIANT, variant.getValue())
                .with(
                        LoraSettings.TARGET_MODULES,
                        Optional.of(List.copyOf(targetModules.getValue())).filter(targets -> !targets.isEmpty()))
                .with(LoraSettings.TARGET_PARAMETERS, List.copyOf(targetParameters.getValue()));
        SettingValues selected =
                selection.modules() == null ? all : selection.modules().settings(all);
        List<Integer> layers = IntStream.range(0, selection.of()).boxed().toList();
        try {
            return new AdapterCounts(
                    selection.layers().isEmpty() ? 0 : model.adapterParameters(selection.layers(), selected),
                    model.adapterParameters(layers, all));
        } catch (UserException e) {
            return null;
        }
    }
}

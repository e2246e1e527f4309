package org.layerwise.cli.option;

import java.nio.file.Path;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.run.Run;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ReferenceFiles;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectedModules;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.comparison.ComparisonFolder;
import org.layerwise.study.model.ModelCard;
import picocli.CommandLine.Option;

/** Flags of {@code train} for the layers, and the training settings of all flags. A flag that was not given is null. */
public final class TrainingOptions {

    @Option(
            names = "--selection",
            paramLabel = "FILE",
            description =
                    "Layers to train, or linear maps and their ranks: what select wrote, or a one-hot .txt of analyze."
                            + " Default: all layers.")
    private @Nullable Path selection;

    @Option(
            names = "--layers",
            paramLabel = "1,3,5",
            description =
                    "Instead of a selection: layers to train, 0-based; ranges as 4-7, or all. Default: all layers.")
    private @Nullable String layers;

    /**
     * Requires that no file which is written into a run's folder replaces an input.
     *
     * @param values values of the flags that are settings
     * @throws UserException if an input would be replaced, or the run's folder lies in the folder of the initial adapter
     */
    public void keep(Output folder, DataSettings rows, SettingValues values) {
        InputFiles.ofHeldOut(rows, values.find(TrainingSettings.VALIDATION).orElse(null))
                .forEach(read -> folder.requireKept("--validation", read, Run::writes));
        InputFiles.ofHeldOut(rows, values.find(TrainingSettings.TEST).orElse(null))
                .forEach(read -> folder.requireKept("--test", read, Run::writes));
        if (selection != null) {
            folder.requireKept("--selection", selection, Run::writes);
        }
        values.find(LoraSettings.INIT_ADAPTER).ifPresent(adapter -> folder.requireOutside("--init-adapter", adapter)
                .requireKept("--init-adapter", adapter, Run::writes));
    }

    /**
     * Returns the training settings of the flags, with defaults for flags that were not given.
     *
     * @param modelLayers number of layers of the model, M
     * @param values values of the flags that are settings
     * @throws UserException if the layers do not fit the model, or a flag contradicts the initial adapter
     */
    public TrainingSettings settings(int modelLayers, SettingValues values) {
        return settings(modelLayers, values, reason());
    }

    private TrainingSettings settings(int modelLayers, SettingValues values, @Nullable String reason) {
        LayerSelection saved = layers == null && selection != null ? selected(selection, modelLayers) : null;
        SelectedModules modules = saved == null ? null : saved.modules();
        TrainingSettings flags = new TrainingSettings(
                saved == null ? named(modelLayers) : saved.layers(),
                reason,
                modules == null ? values : modules.settings(values));
        return values.find(LoraSettings.INIT_ADAPTER)
                .map(initial -> flags.with(InitialAdapter.read(initial).complete(flags.adapter())))
                .orElse(flags);
    }

    /**
     * Returns the training settings of the flags for an open model, and notes if the selection was made for another one.
     *
     * @param note receives the remark
     * @throws UserException for the reasons of {@link #settings(int, SettingValues)}
     */
    public TrainingSettings settings(ModelCard model, SettingValues values, Consumer<String> note) {
        if (selection == null || oneHot(selection)) {
            return settings(model.layers(), values);
        }
        SavedSelection saved = saved(selection);
        saved.remark(selection.toString(), model.name()).ifPresent(note);
        return settings(model.layers(), values, saved.words(model.name()));
    }

    /**
     * Returns the reason for the choice of the layers, for the adapter's model card; null if the flags contain none.
     */
    private @Nullable String reason() {
        if (layers != null) {
            return "by their numbers (--layers)";
        }
        // a one-hot file contains no reason
        return selection == null || oneHot(selection) ? null : saved(selection).words();
    }

    private static boolean oneHot(Path file) {
        return file.toString().endsWith(".txt");
    }

    private static SavedSelection saved(Path file) {
        if (oneHot(file)) {
            AnalysisFolder.finish(file.toAbsolutePath().resolveSibling(""));
            return SavedSelection.of(ReferenceFiles.readOneHot(file));
        }
        return ComparisonFolder.readSelection(file);
    }

    /** Returns the layers of the flag; null if it is not given. */
    private @Nullable SortedSet<Integer> named(int modelLayers) {
        if (layers == null) {
            return null;
        }
        SortedSet<Integer> named = LayerList.parse(layers, modelLayers);
        if (named.isEmpty()) {
            throw new UserException("--layers names no layer; write numbers and ranges, like 1,3,5-7.");
        }
        return named;
    }

    private static LayerSelection selected(Path file, int modelLayers) {
        LayerSelection saved = saved(file).selection();
        if (saved.of() != modelLayers) {
            throw new UserException(
                    "%s selects from %s layers, but the model has %s; take a selection that was made for it."
                            .formatted(file, saved.of(), modelLayers));
        }
        if (saved.layers().isEmpty()) {
            throw new UserException("%s selects no layer; make a selection with at least one.".formatted(file));
        }
        return saved;
    }
}

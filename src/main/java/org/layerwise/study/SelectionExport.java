package org.layerwise.study;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.export.AdapterRecipe;
import org.layerwise.selection.export.AdapterVariant;
import org.layerwise.selection.export.ExportFormat;
import org.layerwise.selection.export.ModelSource;
import org.layerwise.settings.Setting;
import org.layerwise.settings.SettingValues;
import org.layerwise.study.card.ModelOrigin;
import org.layerwise.training.OptimiserSettings;

/**
 * A selection of a model's layers as files for those who train elsewhere.
 *
 * @param source where others find the model
 * @param outline the model, of which nothing need be loaded
 */
public record SelectionExport(ModelSource source, ModelOutline outline, LayerSelection selection) {

    /** The settings that other tools are told. */
    public static final List<Setting<?>> SETTINGS = Stream.concat(
                    LoraSettings.ALL.stream().filter(setting -> setting != LoraSettings.INIT_ADAPTER),
                    Stream.of(OptimiserSettings.LEARNING_RATE, OptimiserSettings.LORA_PLUS_RATIO))
            .toList();

    /** PEFT's word for all linear modules. */
    private static final String ALL = "all-linear";

    /**
     * For a model as it was opened.
     *
     * @param model {@code sample}, a hub id with or without a revision, or a folder
     * @param revision the commit that is meant; null for the one that was read
     * @throws org.layerwise.base.UserException if the model can be neither of the hub nor a folder that is there
     */
    public static SelectionExport of(
            String model, @Nullable String revision, ModelOutline outline, LayerSelection selection) {
        return new SelectionExport(source(model, revision, outline), outline, selection);
    }

    private static ModelSource source(String model, @Nullable String revision, ModelOutline outline) {
        if (model.equals(ModelNames.SAMPLE)) {
            return new ModelSource(ModelOrigin.sample().name(), null);
        }
        if (!ModelNames.isOnHub(model)) {
            return new ModelSource(outline.card().folder().toAbsolutePath().toString(), null);
        }
        // a commit stays what it is, and a tag or branch may move
        ModelOrigin named = ModelOrigin.hub(model.strip());
        return new ModelSource(
                named.name(),
                Stream.of(revision, outline.revision(), named.revision())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null));
    }

    /**
     * The content of a file.
     *
     * @param adapter which adapters; its layers do not count, the selection does
     * @param values of which only the learning rates count
     * @throws org.layerwise.base.UserException if no layer is selected, a target matches nothing, or the tool cannot do what
     *     the settings say
     */
    public String text(ExportFormat format, AdapterSettings adapter, SettingValues values) {
        return text(format, adapter, values, null);
    }

    /**
     * The content of a file for rows of so many classes.
     *
     * @param classes null where that is not known
     * @throws org.layerwise.base.UserException as the other
     */
    public String text(ExportFormat format, AdapterSettings adapter, SettingValues values, @Nullable Integer classes) {
        ModelCard card = outline.card();
        List<String> targets = adapter.targetModules() == null ? card.targetModules() : adapter.targetModules();
        return format.text(new AdapterRecipe(
                source,
                card.kind(),
                selection,
                outline.modules(),
                // PEFT takes its word for all only without a list of layers
                targets.equals(List.of(ALL)) ? card.linearModules() : targets,
                adapter.modulesToSave(),
                adapter.rank(),
                adapter.alpha(),
                adapter.dropout(),
                variant(adapter.variant()),
                adapter.bias().id(),
                adapter.rankPattern(),
                adapter.alphaPattern(),
                values.get(OptimiserSettings.LEARNING_RATE),
                values.find(OptimiserSettings.LORA_PLUS_RATIO).orElse(null),
                classes));
    }

    private static AdapterVariant variant(LoraVariant variant) {
        Integer iterations = null;
        boolean pissa = false;
        if (variant.initialisation() instanceof Initialisation.Pissa start) {
            pissa = true;
            iterations = start.iterations().isPresent() ? start.iterations().getAsInt() : null;
        }
        return new AdapterVariant(variant.decomposed(), variant.rankStabilised(), pissa, iterations);
    }
}

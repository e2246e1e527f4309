package org.layerwise.study.adapter;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.Labels;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.export.ExportFormat;
import org.layerwise.selection.export.ExportedAdapter;
import org.layerwise.selection.export.ExportedHead;
import org.layerwise.selection.export.ExportedVariant;
import org.layerwise.selection.export.ModelSource;
import org.layerwise.study.model.LabelledData;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.ModelLocator;
import org.layerwise.study.model.ModelOrigin;
import org.layerwise.study.model.ModelOutline;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.TaskChoice;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;

/**
 * Selection of a model's layers, exported as files for other training programs.
 *
 * @param source location from which others can get the model
 * @param outline description of the model, whose weights need not be loaded
 * @param selection layers to train
 */
public record SelectionExport(ModelSource source, ModelOutline outline, LayerSelection selection) {

    /** PEFT's {@code target_modules} value for all linear modules. */
    private static final String ALL = "all-linear";

    /**
     * Returns the export of a selection for a model.
     *
     * @param model {@code sample}, a hub id with or without a revision, or a folder
     * @param revision commit of the model; null for the one that was read
     * @throws org.layerwise.base.UserException if the model is neither a valid id of the hub nor an existing folder
     */
    public static SelectionExport of(
            String model, @Nullable String revision, ModelOutline outline, LayerSelection selection) {
        return new SelectionExport(source(model, revision, outline), outline, selection);
    }

    /** Returns the export of a selection for an open model. */
    public static SelectionExport of(OpenModel model, LayerSelection selection) {
        return of(
                model.settings().model(),
                model.revision().orElse(null),
                ModelOutline.of(model.described().blueprint()),
                selection);
    }

    private static ModelSource source(String model, @Nullable String revision, ModelOutline outline) {
        if (model.equals(ModelLocator.SAMPLE)) {
            return new ModelSource(ModelOrigin.sample().name(), null);
        }
        if (!ModelLocator.isOnHub(model)) {
            return new ModelSource(outline.card().folder().toAbsolutePath().toString(), null);
        }
        // a commit never changes, while a tag or branch may move
        ModelOrigin named = ModelOrigin.hub(model.strip());
        return new ModelSource(
                named.name(),
                Stream.of(revision, outline.revision(), named.revision())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null));
    }

    /**
     * Returns the content of an export file.
     *
     * @param values settings of the adapters and of the training, of which only the learning rates are used
     * @throws org.layerwise.base.UserException if no layer is selected, a target matches no module, or the other
     *     program does not support the settings
     */
    public String text(ExportFormat format, SettingValues values) {
        return text(format, values, null);
    }

    /**
     * Returns the content of an export file for a classifier with a head.
     *
     * @param head head of the classifier; null if its number of outputs is not known
     * @throws org.layerwise.base.UserException if no layer is selected, a target matches no module, or the other
     *     program does not support the settings
     */
    public String text(ExportFormat format, SettingValues values, @Nullable ExportedHead head) {
        ModelCard card = outline.card();
        List<String> targets = values.find(LoraSettings.TARGET_MODULES).orElseGet(card::targetModules);
        return format.text(new ExportedAdapter(
                source,
                card.kind(),
                selection,
                outline.modules(),
                // PEFT accepts "all-linear" only without a list of layers
                targets.equals(List.of(ALL)) ? card.linearModules() : targets,
                values.get(LoraSettings.MODULES_TO_SAVE),
                values.get(LoraSettings.RANK),
                values.get(LoraSettings.ALPHA),
                values.get(LoraSettings.DROPOUT),
                variant(values.get(LoraSettings.VARIANT)),
                values.get(LoraSettings.BIAS).id(),
                values.get(LoraSettings.RANK_PATTERN),
                values.get(LoraSettings.ALPHA_PATTERN),
                values.get(OptimiserSettings.LEARNING_RATE),
                values.find(OptimiserSettings.LORA_PLUS_RATIO).orElse(null),
                head));
    }

    /**
     * Returns the head of the classifier that a training of the model on labels has; null if its number of outputs is
     * not known.
     *
     * @param task task of the training; null for the one that the model and the labels suggest
     */
    public static @Nullable ExportedHead head(OpenModel model, @Nullable TaskKind task, Labels labels) {
        if (model.card().kind() != ModelKind.ENCODER) {
            return null;
        }
        TaskKind chosen = TaskChoice.of(model.described(), task, labels);
        if (chosen == TaskKind.REGRESSION || model.described().storedLabels().isPresent()) {
            return new ExportedHead(LabelledData.outputs(model.described(), chosen, labels), 0);
        }
        if (chosen != TaskKind.CLASSIFICATION || !(labels instanceof Labels.Classes classes)) {
            return null;
        }
        boolean namedByFile = classes.numbered() && !classes.names().isEmpty();
        return new ExportedHead(LabelledData.outputs(chosen, classes), namedByFile ? 0 : classes.size());
    }

    private static ExportedVariant variant(LoraVariant variant) {
        Integer iterations = null;
        boolean pissa = false;
        if (variant.initialisation() instanceof Initialisation.Pissa start) {
            pissa = true;
            iterations = start.iterations().isPresent() ? start.iterations().getAsInt() : null;
        }
        return new ExportedVariant(variant.decomposed(), variant.rankStabilised(), pissa, iterations);
    }
}

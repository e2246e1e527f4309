package org.layerwise.selection.export;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.Bias;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.PeftConfig;
import org.layerwise.model.TargetModules;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.SelectedModules;
import org.layerwise.training.OptimiserSettings;

/**
 * Adapters on selected layers of a model, for training with another tool.
 *
 * @param peft configuration of the adapters; its layers are named
 * @param learningRate maximum learning rate
 * @param loraPlusRatio ratio of the learning rate of B to that of A (LoRA+, Hayou et al. 2024, arXiv 2402.12354); null
 *     for equal rates
 * @param head head of an encoder that classifies the rows; null if its number of outputs is not known
 */
public record ExportedAdapter(
        ExportedModel model,
        LayerSelection selection,
        PeftConfig peft,
        double learningRate,
        @Nullable Double loraPlusRatio,
        @Nullable ExportedHead head) {

    /**
     * Returns the export of a selection of layers. A classifier also trains those parts of its head that the
     * checkpoint lacks.
     *
     * @param values values of {@link LoraSettings} and of the learning rates; without targets if the selection names modules
     * @param head head of an encoder that classifies the rows; null if its number of outputs is not known
     * @throws UserException if no layer is selected, a target matches nothing in the model, or the variant needs weights that
     *     are not quantised
     */
    public static ExportedAdapter of(
            ExportedModel model, LayerSelection selection, SettingValues values, @Nullable ExportedHead head) {
        if (selection.layers().isEmpty()) {
            throw new UserException("No layer is selected; select at least one before exporting.");
        }
        if (!values.get(LoraSettings.TARGET_PARAMETERS).isEmpty()) {
            throw new UserException(
                    "Exports for other tools hold no adapters on experts; leave the setting target-parameters"
                            + " (Experts) empty.");
        }
        LoraVariant variant = values.get(LoraSettings.VARIANT);
        if (model.quantization() != QuantizationMethod.NONE
                && variant.initialisation() instanceof Initialisation.TakenOut start) {
            throw start.refusedOn(model.name(), "choose the variant lora, or a checkpoint in 16 or 32 bits");
        }
        if (variant.initialisation() instanceof Initialisation.Eva) {
            throw new UserException(
                    "EVA starts from the inputs of each module on training rows, which exports do not hold; choose"
                            + " another variant.");
        }
        if (variant.initialisation() instanceof Initialisation.LoraGa start) {
            throw new UserException(
                    "%s starts from gradients on training rows, which exports do not hold; choose another variant."
                            .formatted(start.title()));
        }
        if (variant.sharded() && values.find(OptimiserSettings.LORA_PLUS_RATIO).isPresent()) {
            throw new UserException(
                    "LoRA+ gives B another learning rate than A, and MiSS has one matrix alone; leave out"
                            + " --lora-plus-ratio.");
        }
        ModuleLayout modules = model.modules();
        SelectedModules named = selection.modules();
        SettingValues adapters =
                named == null ? values : fullNames(model, named).settings(values);
        List<String> targets = adapters.find(LoraSettings.TARGET_MODULES).orElseGet(model::defaultTargets);
        if (new TargetModules(targets).all()) {
            targets = modules.linearModules(); // PEFT accepts "all-linear" only without a list of layers
        }
        for (String target : targets) {
            if (modules.fullNames(selection.layers(), List.of(target)).isEmpty()) {
                throw new UserException("No linear module of %s is called \"%s\"; there are %s."
                        .formatted(model.name(), target, String.join(", ", modules.linearModules())));
            }
        }
        Set<String> saved = new LinkedHashSet<>(adapters.get(LoraSettings.MODULES_TO_SAVE));
        if (model.kind() == ModelKind.ENCODER) {
            saved.addAll(modules.freshModules());
        }
        return new ExportedAdapter(
                model,
                selection,
                PeftConfig.of(
                        adapters.with(LoraSettings.MODULES_TO_SAVE, List.copyOf(saved))
                                .with(LoraSettings.TARGET_MODULES, targets),
                        selection.layers(),
                        layersPattern(model),
                        targets,
                        taskType(model),
                        new BaseModel(model.name(), model.revision())),
                values.get(OptimiserSettings.LEARNING_RATE),
                values.find(OptimiserSettings.LORA_PLUS_RATIO).orElse(null),
                head);
    }

    /** Returns selected modules by their full names, for which PEFT takes no notice of the layers. */
    private static SelectedModules fullNames(ExportedModel model, SelectedModules modules) {
        return modules.renamed(name -> model.modules().fullNames(modules.layers(), List.of(name)).stream()
                .findFirst()
                .orElseThrow(
                        () -> new UserException("No linear module of %s is called \"%s\"; there are %s in each layer."
                                .formatted(
                                        model.name(),
                                        name,
                                        String.join(", ", model.modules().linearModules())))));
    }

    /**
     * Returns the value of PEFT's {@code layers_pattern} with which only the selected layers match. A vision model has
     * two lists of layers. The list of its language model is called {@code model.language_model.layers} since
     * transformers 4.52, and {@code language_model.model.layers} before.
     */
    private static List<String> layersPattern(ExportedModel model) {
        String list = model.modules().layerList();
        return model.kind() == ModelKind.VISION ? List.of("language_model." + list, "model." + list) : List.of(list);
    }

    private static String taskType(ExportedModel model) {
        return model.classifier() ? PeftConfig.CLASSIFICATION_TASK : PeftConfig.LANGUAGE_MODEL_TASK;
    }

    /** Returns the full names of the modules that receive adapters. */
    List<String> fullNames() {
        return model.modules().fullNames(selection.layers(), peft.targetModules());
    }

    /**
     * Returns alpha for a tool that supports only whole numbers.
     *
     * @throws UserException if alpha is not a whole number
     */
    int wholeAlpha(String tool) {
        return whole(tool, "alpha", peft.alpha());
    }

    /**
     * Converts a number for a tool that supports only whole numbers.
     *
     * @param name name of the number in the message
     * @throws UserException if the number is not whole
     */
    static int whole(String tool, String name, double value) {
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw new UserException(
                    "%s takes whole numbers for alpha, but %s is %s; use a whole one or export for PEFT."
                            .formatted(tool, name, value));
        }
        return (int) value;
    }

    /** @throws UserException if the model is a classifier, because the tool trains only language models */
    void requireLanguageModel(String tool) {
        if (model.classifier()) {
            throw new UserException("%s trains language models, and %s is %s; export for PEFT instead."
                    .formatted(tool, model.name(), model.kind() == ModelKind.ENCODER ? "an encoder" : "a classifier"));
        }
    }

    /** @throws UserException if the adapters are MiSS, because the tool trains LoRA alone */
    void requireLora(String tool) {
        if (peft.variant().sharded()) {
            throw new UserException(
                    "%s has no setting for MiSS; choose another variant or export for PEFT.".formatted(tool));
        }
    }

    /** @throws UserException if biases are trained, because the tool has no setting for them */
    void requireNoBias(String tool) {
        if (peft.bias() != Bias.NONE) {
            throw new UserException("%s has no setting for trained biases (bias %s); use none or export for PEFT."
                    .formatted(tool, peft.bias().id()));
        }
    }
}

package org.layerwise.selection.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ModelKind;

/**
 * Settings with which another tool can train adapters on selected layers of a model, in the terms of HuggingFace PEFT's
 * {@code LoraConfig}.
 *
 * @param kind kind of the model: an encoder is trained for sequence classification, a decoder and a vision model for
 *     causal language modelling
 * @param modules names of the model's modules
 * @param targetModules names of linear modules that receive adapters in a selected layer, matched at the end of the
 *     full name
 * @param modulesToSave modules that are trained and saved in full, in addition to those that a task always trains
 * @param rank r
 * @param alpha {@code lora_alpha}
 * @param dropout dropout on the input of the adapters, from 0 to below 1
 * @param bias biases to train: {@code none}, {@code all} or {@code lora_only}
 * @param rankPattern ranks of some modules, by the end of a module's name or a regular expression for it
 * @param alphaPattern values of alpha of some modules, by the end of a module's name or a regular expression for it
 * @param learningRate maximum learning rate
 * @param loraPlusRatio ratio of the learning rate of B to that of A (LoRA+, Hayou et al. 2024, arXiv 2402.12354); null
 *     for equal rates
 * @param head head of an encoder that classifies the rows; null if its number of outputs is not known
 */
public record ExportedAdapter(
        ModelSource model,
        ModelKind kind,
        LayerSelection selection,
        ModuleLayout modules,
        List<String> targetModules,
        List<String> modulesToSave,
        int rank,
        double alpha,
        double dropout,
        ExportedVariant variant,
        String bias,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        double learningRate,
        @Nullable Double loraPlusRatio,
        @Nullable ExportedHead head) {

    /** @throws UserException if no layer is selected, or a target matches nothing in the model */
    public ExportedAdapter {
        targetModules = List.copyOf(targetModules);
        modulesToSave = List.copyOf(modulesToSave);
        // the order matters, because the first match counts
        rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
        if (selection.layers().isEmpty()) {
            throw new UserException("No layer is selected; select at least one before exporting.");
        }
        for (String target : targetModules) {
            if (modules.fullNames(selection.layers(), List.of(target)).isEmpty()) {
                throw new UserException("No linear module of %s is called \"%s\"; there are %s."
                        .formatted(model.name(), target, String.join(", ", modules.linearModules())));
            }
        }
    }

    /** Returns the full names of the modules that receive adapters. */
    List<String> fullNames() {
        return modules.fullNames(selection.layers(), targetModules);
    }

    /**
     * Returns the modules that are trained in full: the named ones, and those that a classifier needs but the
     * checkpoint lacks.
     */
    List<String> savedInFull() {
        Set<String> saved = new LinkedHashSet<>(modulesToSave);
        if (kind == ModelKind.ENCODER) {
            saved.addAll(modules.freshModules());
        }
        return List.copyOf(saved);
    }

    /**
     * Returns the value of PEFT's {@code layers_pattern} with which only the selected layers match. A vision model has
     * two lists of layers. The list of its language model is called {@code model.language_model.layers} since
     * transformers 4.52, and {@code language_model.model.layers} before.
     */
    List<String> layersPattern() {
        return kind == ModelKind.VISION
                ? List.of("language_model." + modules.layerList(), "model." + modules.layerList())
                : List.of(modules.layerList());
    }

    /**
     * Returns alpha for a tool that supports only whole numbers.
     *
     * @throws UserException if alpha is not a whole number
     */
    int wholeAlpha(String tool) {
        return whole(tool, "alpha", alpha);
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

    /** @throws UserException if the model is an encoder, because the tool trains only language models */
    void requireLanguageModel(String tool) {
        if (kind == ModelKind.ENCODER) {
            throw new UserException("%s trains language models, and %s is an encoder; export for PEFT instead."
                    .formatted(tool, model.name()));
        }
    }

    /** @throws UserException if biases are trained, because the tool has no setting for them */
    void requireNoBias(String tool) {
        if (!bias.equals("none")) {
            throw new UserException("%s has no setting for trained biases (bias %s); use none or export for PEFT."
                    .formatted(tool, bias));
        }
    }
}

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
 * All that another tool must know to train adapters on selected layers of a model, in the terms of HuggingFace PEFT's
 * {@code LoraConfig}.
 *
 * @param kind an encoder is trained to classify rows, a decoder and a model that sees images to go on writing
 * @param modules the names of the model's modules
 * @param targetModules names of linear modules that get adapters in a selected layer, by their ends
 * @param modulesToSave modules that are trained and saved in full beside those that a task always trains
 * @param rank r
 * @param alpha {@code lora_alpha}
 * @param dropout on the input of the adapters, from 0 to below 1
 * @param bias which biases are trained too: {@code none}, {@code all} or {@code lora_only}
 * @param rankPattern other ranks, by the end of a module's name or a regular expression of it
 * @param alphaPattern other values of alpha, likewise
 * @param learningRate at its highest
 * @param loraPlusRatio how many times as high the learning rate of B is as that of A (LoRA+, Hayou et al. 2024, arXiv
 *     2402.12354); null for the same
 * @param classes how many classes the rows have, where an encoder classifies them; null where that is not known
 */
public record AdapterRecipe(
        ModelSource model,
        ModelKind kind,
        LayerSelection selection,
        ModuleLayout modules,
        List<String> targetModules,
        List<String> modulesToSave,
        int rank,
        double alpha,
        double dropout,
        AdapterVariant variant,
        String bias,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        double learningRate,
        @Nullable Double loraPlusRatio,
        @Nullable Integer classes) {

    /** @throws UserException if no layer is selected, or a target matches nothing in the model */
    public AdapterRecipe {
        targetModules = List.copyOf(targetModules);
        modulesToSave = List.copyOf(modulesToSave);
        // the first that matches counts, so their order stays
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

    /** The full names of the modules that get adapters. */
    List<String> fullNames() {
        return modules.fullNames(selection.layers(), targetModules);
    }

    /** What is trained in full: what is named, and what a classifier of a checkpoint without a head lacks. */
    List<String> savedInFull() {
        Set<String> saved = new LinkedHashSet<>(modulesToSave);
        if (kind == ModelKind.ENCODER) {
            saved.addAll(modules.freshModules());
        }
        return List.copyOf(saved);
    }

    /**
     * What PEFT's {@code layers_pattern} must be so that only the selected layers match. A model that sees images has two
     * lists of layers; that of its language model is called {@code model.language_model.layers} from transformers 4.52 on,
     * and {@code language_model.model.layers} before.
     */
    List<String> layersPattern() {
        return kind == ModelKind.VISION
                ? List.of("language_model." + modules.layerList(), "model." + modules.layerList())
                : List.of(modules.layerList());
    }

    /**
     * Alpha for a tool that takes whole numbers only.
     *
     * @throws UserException if it is not whole
     */
    int wholeAlpha(String tool) {
        return whole(tool, "alpha", alpha);
    }

    /**
     * A number for a tool that takes whole numbers only.
     *
     * @param name what it is called in the message
     * @throws UserException if it is not whole
     */
    static int whole(String tool, String name, double value) {
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw new UserException(
                    "%s takes whole numbers for alpha, but %s is %s; use a whole one or export for PEFT."
                            .formatted(tool, name, value));
        }
        return (int) value;
    }

    /** @throws UserException if the model is an encoder, which a tool for language models does not train */
    void requireLanguageModel(String tool) {
        if (kind == ModelKind.ENCODER) {
            throw new UserException("%s trains language models, and %s is an encoder; export for PEFT instead."
                    .formatted(tool, model.name()));
        }
    }

    /** @throws UserException if biases are trained, for which a tool has no setting */
    void requireNoBias(String tool) {
        if (!bias.equals("none")) {
            throw new UserException("%s has no setting for trained biases (bias %s); use none or export for PEFT."
                    .formatted(tool, bias));
        }
    }
}

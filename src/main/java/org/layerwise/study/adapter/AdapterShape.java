package org.layerwise.study.adapter;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.Bias;
import org.layerwise.lora.ExpertTargets;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PeftConfig;

/**
 * Shape of a saved adapter, read from its {@code adapter_config.json} (HuggingFace PEFT, {@code LoraConfig}).
 *
 * @param file file that the shape was read from
 * @param layers 0-based layers; null for all
 * @param targetModules suffixes of the names of linear modules; null if the target modules follow only from the weights
 * @param targetParameters weights of experts that have adapters, by the ends of their names
 * @param variant variant of LoRA
 * @param bias biases that are trained in addition to the adapters
 * @param modulesToSave modules that are trained in full
 */
public record AdapterShape(
        Path file,
        @Nullable SortedSet<Integer> layers,
        @Nullable List<String> targetModules,
        List<String> targetParameters,
        int rank,
        double alpha,
        LoraVariant variant,
        Bias bias,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        List<String> modulesToSave) {

    /**
     * Reads the shape from the folder of an adapter.
     *
     * @throws org.layerwise.base.UserException if the config is missing or broken, or of a kind that is not supported
     */
    public static AdapterShape read(Path folder) {
        Path file = PeftAdapter.configFile(folder);
        PeftConfig config = PeftConfig.read(file);
        return new AdapterShape(
                file,
                config.layers().orElse(null),
                config.targetModules().isEmpty() ? null : config.targetModules(),
                config.targetParameters(),
                config.rank(),
                config.alpha(),
                config.variant(),
                config.bias(),
                config.rankPattern(),
                config.alphaPattern(),
                config.modulesToSave());
    }

    /** Returns true if names of weights, or their ends after a dot, mean the weights of experts that have adapters. */
    public boolean adaptsExpertsOf(List<String> targets) {
        return targetParameters.stream()
                        .allMatch(name -> targets.stream().anyMatch(target -> ExpertTargets.means(target, name)))
                && targets.stream().allMatch(target -> targetParameters.stream()
                        .anyMatch(name -> ExpertTargets.means(target, name)));
    }
}

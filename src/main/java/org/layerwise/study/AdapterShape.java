package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PeftConfig;

/**
 * The shape of a saved adapter, as its {@code adapter_config.json} tells it (HuggingFace PEFT, {@code LoraConfig}).
 *
 * @param file where it was read
 * @param layers 0-based; null for all
 * @param targetModules ends of linear modules' names; null if only the weights make them plain
 * @param variant how it differs from plain LoRA
 * @param bias which biases are trained, too
 * @param modulesToSave modules that are trained in full
 */
public record AdapterShape(
        Path file,
        @Nullable SortedSet<Integer> layers,
        @Nullable List<String> targetModules,
        int rank,
        double alpha,
        LoraVariant variant,
        Bias bias,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        List<String> modulesToSave) {

    /**
     * Reads the folder of an adapter.
     *
     * @throws org.layerwise.base.UserException if its config is missing or broken, or of a kind that is not supported
     */
    public static AdapterShape read(Path folder) {
        Path file = PeftAdapter.configFile(folder);
        PeftConfig config = PeftConfig.read(file);
        return new AdapterShape(
                file,
                config.layers().orElse(null),
                config.targetModules().isEmpty() ? null : config.targetModules(),
                config.rank(),
                config.alpha(),
                config.variant(),
                config.bias(),
                config.rankPattern(),
                config.alphaPattern(),
                config.modulesToSave());
    }
}

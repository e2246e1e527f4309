package org.layerwise.lora;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Configurations of plain LoRA with the defaults of all that few adapters use. */
public final class PlainLora {

    private PlainLora() {}

    public static LoraConfig config(
            int rank, double alpha, double dropout, List<String> targetModules, Collection<Integer> layers) {
        return new LoraConfig(
                rank,
                alpha,
                dropout,
                targetModules,
                new TreeSet<>(layers),
                LoraVariant.PLAIN,
                Bias.NONE,
                Map.of(),
                Map.of(),
                List.of(),
                AdvancedLoraConfig.DEFAULTS);
    }
}

package org.layerwise.cli;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraVariant;

/** The shape of an adapter as far as it was said; null = not said. */
record AdapterChoice(
        @Nullable SortedSet<Integer> layers,
        @Nullable List<String> targetModules,
        @Nullable Integer rank,
        @Nullable Double alpha,
        @Nullable LoraVariant variant,
        @Nullable Bias bias,
        @Nullable Map<String, Integer> rankPattern,
        @Nullable Map<String, Double> alphaPattern,
        @Nullable List<String> modulesToSave) {}

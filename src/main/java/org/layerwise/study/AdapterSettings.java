package org.layerwise.study;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraVariant;

/**
 * Which adapters are trained.
 *
 * @param layers 0-based; null for all
 * @param layersReason why these layers, in words that follow "They were chosen"; null where nobody said. It changes no number
 * @param targetModules ends of linear modules' names; null for the family's
 * @param rank r
 * @param dropout of the adapters' input
 * @param bias which biases are trained, too
 * @param rankPattern ranks of single modules, as PEFT matches their names
 * @param alphaPattern alphas of single modules
 * @param modulesToSave modules that are trained in full beside those that always are
 * @param initial folder of a PEFT adapter to start from; it decides everything here but the dropout
 */
public record AdapterSettings(
        @Nullable SortedSet<Integer> layers,
        @Nullable String layersReason,
        @Nullable List<String> targetModules,
        int rank,
        double alpha,
        double dropout,
        LoraVariant variant,
        Bias bias,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern,
        List<String> modulesToSave,
        @Nullable Path initial) {

    /** What is trained when nothing is said. */
    public static final AdapterSettings USUAL = new AdapterSettings(
            null, null, null, 8, 16, 0, LoraVariant.PLAIN, Bias.NONE, Map.of(), Map.of(), List.of(), null);

    public AdapterSettings {
        rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
        modulesToSave = List.copyOf(modulesToSave);
    }

    /** Takes other layers, whose reason nobody said. */
    public AdapterSettings withLayers(@Nullable SortedSet<Integer> selected) {
        return withLayers(selected, null);
    }

    /**
     * Takes other layers, and all else from here.
     *
     * @param reason why these, in words that follow "They were chosen"; null where nobody said
     */
    public AdapterSettings withLayers(@Nullable SortedSet<Integer> selected, @Nullable String reason) {
        return new AdapterSettings(
                selected,
                reason,
                targetModules,
                rank,
                alpha,
                dropout,
                variant,
                bias,
                rankPattern,
                alphaPattern,
                modulesToSave,
                initial);
    }

    /** The same with other ranks. */
    public AdapterSettings withRank(int otherRank, double otherAlpha) {
        return new AdapterSettings(
                layers,
                layersReason,
                targetModules,
                otherRank,
                otherAlpha,
                dropout,
                variant,
                bias,
                rankPattern,
                alphaPattern,
                modulesToSave,
                initial);
    }

    /** The same in another way. */
    public AdapterSettings withVariant(LoraVariant other) {
        return new AdapterSettings(
                layers,
                layersReason,
                targetModules,
                rank,
                alpha,
                dropout,
                other,
                bias,
                rankPattern,
                alphaPattern,
                modulesToSave,
                initial);
    }

    /** The same with another dropout. */
    public AdapterSettings withDropout(double probability) {
        return new AdapterSettings(
                layers,
                layersReason,
                targetModules,
                rank,
                alpha,
                probability,
                variant,
                bias,
                rankPattern,
                alphaPattern,
                modulesToSave,
                initial);
    }

    /** The same on other modules. */
    public AdapterSettings withTargetModules(@Nullable List<String> names) {
        return new AdapterSettings(
                layers,
                layersReason,
                names,
                rank,
                alpha,
                dropout,
                variant,
                bias,
                rankPattern,
                alphaPattern,
                modulesToSave,
                initial);
    }

    /** The same from a stored adapter. */
    public AdapterSettings withInitial(@Nullable Path folder) {
        return new AdapterSettings(
                layers,
                layersReason,
                targetModules,
                rank,
                alpha,
                dropout,
                variant,
                bias,
                rankPattern,
                alphaPattern,
                modulesToSave,
                folder);
    }
}

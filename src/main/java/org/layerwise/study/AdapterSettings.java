package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.settings.Setting;
import org.layerwise.settings.SettingValues;

/**
 * Which adapters are trained.
 *
 * @param layers 0-based; null for all
 * @param layersReason why these layers, in words that follow "They were chosen"; null where nobody said. It changes no number
 * @param values of {@link LoraSettings}
 */
public record AdapterSettings(
        @Nullable SortedSet<Integer> layers, @Nullable String layersReason, SettingValues values) {

    /** What is trained when nothing is said. */
    public static final AdapterSettings USUAL = new AdapterSettings(null, null, SettingValues.none());

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
        return new AdapterSettings(selected, reason, values);
    }

    /** Returns these settings with another value of one. */
    public <T> AdapterSettings with(Setting<T> setting, T value) {
        return new AdapterSettings(layers, layersReason, values.with(setting, value));
    }

    /** Returns the ends of modules' names; null for those of the family. */
    public @Nullable List<String> targetModules() {
        return values.find(LoraSettings.TARGET_MODULES).orElse(null);
    }

    /** Returns r. */
    public int rank() {
        return values.get(LoraSettings.RANK);
    }

    public double alpha() {
        return values.get(LoraSettings.ALPHA);
    }

    /** Returns the dropout of the adapters' input. */
    public double dropout() {
        return values.get(LoraSettings.DROPOUT);
    }

    public LoraVariant variant() {
        return values.get(LoraSettings.VARIANT);
    }

    /** Returns which biases are trained, too. */
    public Bias bias() {
        return values.get(LoraSettings.BIAS);
    }

    /** Returns ranks of single modules, as PEFT matches their names. */
    public Map<String, Integer> rankPattern() {
        return values.get(LoraSettings.RANK_PATTERN);
    }

    /** Returns alphas of single modules. */
    public Map<String, Double> alphaPattern() {
        return values.get(LoraSettings.ALPHA_PATTERN);
    }

    /** Returns modules that are trained in full beside those that always are. */
    public List<String> modulesToSave() {
        return values.get(LoraSettings.MODULES_TO_SAVE);
    }

    /** Returns the folder of a PEFT adapter to start from, which decides everything here but the dropout; null for none. */
    public @Nullable Path initial() {
        return values.find(LoraSettings.INIT_ADAPTER).orElse(null);
    }

    /** Returns these settings with another rank and alpha. */
    public AdapterSettings withRank(int rank, double alpha) {
        return with(LoraSettings.RANK, rank).with(LoraSettings.ALPHA, alpha);
    }

    /** Returns these settings with another variant. */
    public AdapterSettings withVariant(LoraVariant other) {
        return with(LoraSettings.VARIANT, other);
    }

    /** Returns these settings with another dropout. */
    public AdapterSettings withDropout(double probability) {
        return with(LoraSettings.DROPOUT, probability);
    }

    /** Returns these settings for other modules; null for those of the family. */
    public AdapterSettings withTargetModules(@Nullable List<String> names) {
        return new AdapterSettings(
                layers, layersReason, values.with(LoraSettings.TARGET_MODULES, Optional.ofNullable(names)));
    }

    /** Returns these settings starting from a stored adapter; null for new ones. */
    public AdapterSettings withInitial(@Nullable Path folder) {
        return new AdapterSettings(
                layers, layersReason, values.with(LoraSettings.INIT_ADAPTER, Optional.ofNullable(folder)));
    }
}

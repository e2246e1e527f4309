package org.layerwise.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.training.OptimiserSettings;

/**
 * Settings of the adapters to train.
 *
 * @param layers 0-based layers; null for all
 * @param layersReason reason for the choice of the layers, in words that follow "They were chosen"; null if no reason
 *     is known; this has no effect on the training
 * @param values values of {@link LoraSettings}
 */
public record AdapterSettings(
        @Nullable SortedSet<Integer> layers, @Nullable String layersReason, SettingValues values) {

    /** Settings that are written into exports for other training programs. */
    public static final List<Setting<?>> EXPORTED = Stream.concat(
                    LoraSettings.ALL.stream()
                            .filter(setting ->
                                    setting != LoraSettings.INIT_ADAPTER && setting != LoraSettings.TARGET_PARAMETERS),
                    Stream.of(OptimiserSettings.LEARNING_RATE, OptimiserSettings.LORA_PLUS_RATIO))
            .toList();

    /** Default settings. */
    public static final AdapterSettings DEFAULTS = new AdapterSettings(null, null, SettingValues.none());

    /** Returns these settings with other layers and no reason for their choice. */
    public AdapterSettings withLayers(@Nullable SortedSet<Integer> selected) {
        return withLayers(selected, null);
    }

    /**
     * Returns these settings with other layers and a reason for their choice.
     *
     * @param reason reason for the choice, in words that follow "They were chosen"; null if no reason is known
     */
    public AdapterSettings withLayers(@Nullable SortedSet<Integer> selected, @Nullable String reason) {
        return new AdapterSettings(selected, reason, values);
    }

    /** Returns these settings with another value of one setting. */
    public <T> AdapterSettings with(Setting<T> setting, T value) {
        return new AdapterSettings(layers, layersReason, values.with(setting, value));
    }

    /** Returns the suffixes of the names of the target modules; null for the default of the model family. */
    public @Nullable List<String> targetModules() {
        return values.find(LoraSettings.TARGET_MODULES).orElse(null);
    }

    /** Returns the rank r of the adapters. */
    public int rank() {
        return values.get(LoraSettings.RANK);
    }

    /** Returns the dropout probability of the adapters' input. */
    public double dropout() {
        return values.get(LoraSettings.DROPOUT);
    }

    public LoraVariant variant() {
        return values.get(LoraSettings.VARIANT);
    }

    /** Returns the choice of the biases that are trained in addition to the adapters. */
    public Bias bias() {
        return values.get(LoraSettings.BIAS);
    }

    /** Returns the modules that are trained in full, in addition to the modules that are always trained in full. */
    public List<String> modulesToSave() {
        return values.get(LoraSettings.MODULES_TO_SAVE);
    }

    /**
     * Returns the folder of the PEFT adapter to start from, which decides all settings of the adapters except for the
     * dropout; null for new adapters.
     */
    public @Nullable Path initial() {
        return values.find(LoraSettings.INIT_ADAPTER).orElse(null);
    }

    /** Returns these settings with another rank and alpha; the alpha is left out for MiSS, which has none. */
    public AdapterSettings withRank(int rank, double alpha) {
        AdapterSettings ranked = with(LoraSettings.RANK, rank);
        return variant().sharded()
                ? new AdapterSettings(layers, layersReason, ranked.values().without(LoraSettings.ALPHA))
                : ranked.with(LoraSettings.ALPHA, alpha);
    }
}

package org.layerwise.study;

import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.settings.DerivedSetting;
import org.layerwise.settings.Setting;
import org.layerwise.settings.SettingValues;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;

/**
 * Settings of a training, as far as they were given.
 *
 * @param task null: found from the checkpoint's architecture, otherwise from the labels
 * @param validation rows to evaluate on before, while it trains and at the end; null: a sample task's own, otherwise none
 * @param test rows to evaluate on at the end; null for none
 * @param values of {@link OptimiserSettings} and {@link RunSettings}
 * @param seed of fresh weights, the order of rows and dropout
 */
public record TrainingSettings(
        @Nullable TaskKind task,
        @Nullable String validation,
        @Nullable String test,
        AdapterSettings adapter,
        SettingValues values,
        long seed) {

    /** All settings whose values are in {@link #values}, in the order in which files list them. */
    public static final List<Setting<?>> VALUES = Stream.concat(
                    OptimiserSettings.ALL.stream(), RunSettings.ALL.stream())
            .toList();

    /** Returns the defaults. */
    public static TrainingSettings defaults() {
        return new TrainingSettings(null, null, null, AdapterSettings.USUAL, SettingValues.none(), 42);
    }

    /** Returns the value of a setting. */
    public <T> T get(Setting<T> setting) {
        return values.get(setting);
    }

    /** Returns the value of a setting whose default follows from something else. */
    public <T, C> T get(DerivedSetting<T, C> setting, C context) {
        return values.get(setting, context);
    }

    /** Takes other layers, whose reason nobody said. */
    public TrainingSettings withLayers(@Nullable SortedSet<Integer> selected) {
        return withLayers(selected, null);
    }

    /**
     * Takes other layers, and all else from here.
     *
     * @param reason why these, in words that follow "They were chosen"; null where nobody said
     */
    public TrainingSettings withLayers(@Nullable SortedSet<Integer> selected, @Nullable String reason) {
        return with(adapter.withLayers(selected, reason));
    }

    /** Returns these settings with other adapters. */
    public TrainingSettings with(AdapterSettings other) {
        return new TrainingSettings(task, validation, test, other, values, seed);
    }

    /** Returns these settings with another value of one. */
    public <T> TrainingSettings with(Setting<T> setting, T value) {
        return with(SettingValues.none().with(setting, value));
    }

    /** Returns these settings with values of others, which count where both have one. */
    public TrainingSettings with(SettingValues others) {
        return new TrainingSettings(task, validation, test, adapter, values.and(others), seed);
    }

    /** Returns these settings with another seed. */
    public TrainingSettings withSeed(long other) {
        return new TrainingSettings(task, validation, test, adapter, values, other);
    }

    /** Returns these settings with other held-out rows. */
    public TrainingSettings withHeldOut(@Nullable String validationRows, @Nullable String testRows) {
        return new TrainingSettings(task, validationRows, testRows, adapter, values, seed);
    }

    /** Returns these settings for another task. */
    public TrainingSettings withTask(@Nullable TaskKind other) {
        return new TrainingSettings(other, validation, test, adapter, values, seed);
    }
}

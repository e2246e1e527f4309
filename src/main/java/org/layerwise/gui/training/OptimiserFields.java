package org.layerwise.gui.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.settings.SettingValues;
import org.layerwise.study.DataSettings;
import org.layerwise.study.SettingGroups;
import org.layerwise.training.OptimiserSettings;

/** The fields that say how the weights go from step to step. */
public final class OptimiserFields {

    private final SettingFields settings = new SettingFields(OptimiserSettings.ALL);
    private final Field<@Nullable Integer> batch = Field.of(DataSettings.BATCH.withDefault(DataSettings.DEFAULT_BATCH));

    /** At its highest. */
    public Field<@Nullable Double> rate() {
        return settings.of(OptimiserSettings.LEARNING_RATE);
    }

    /** Passes over the data. */
    public Field<@Nullable Double> epochs() {
        return settings.of(OptimiserSettings.EPOCHS);
    }

    /** Instead of epochs; null for as many as they have. */
    public Field<@Nullable Integer> steps() {
        return settings.of(OptimiserSettings.STEPS);
    }

    /** Rows a batch. */
    public Field<@Nullable Integer> batch() {
        return batch;
    }

    Group group() {
        List<Field<?>> usual = new ArrayList<>(settings.usual());
        usual.add(usual.indexOf(settings.of(OptimiserSettings.ACCUMULATE)), batch);
        return new Group("optimiser", SettingGroups.OPTIMIZER.title(), usual, settings.advanced());
    }

    /** Optimiser steps that so many rows take. */
    long steps(int rows) {
        SettingValues values = settings.values();
        long rowsAStep = (long) Objects.requireNonNull(batch.get()) * values.get(OptimiserSettings.ACCUMULATE);
        long perEpoch = (long) Math.max(1, Math.ceil((double) rows / rowsAStep));
        return values.find(OptimiserSettings.STEPS).map(Integer::longValue).orElseGet(() ->
                (long) Math.max(1, Math.ceil(values.get(OptimiserSettings.EPOCHS) * perEpoch)));
    }

    void fill(SettingValues values, int rowsABatch) {
        settings.fill(values);
        batch.set(rowsABatch);
    }

    SettingValues values() {
        return settings.values();
    }
}

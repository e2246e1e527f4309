package org.layerwise.gui.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.SettingGroups;
import org.layerwise.training.OptimiserSettings;

/** Form fields for the optimizer and the batch size. */
public final class OptimiserFields {

    private final SettingFields settings = new SettingFields(OptimiserSettings.ALL);
    private final Field<@Nullable Integer> batch = Field.of(DataSettings.BATCH.withDefault(DataSettings.DEFAULT_BATCH));

    /** Returns the field for the batch size in rows. */
    public Field<@Nullable Integer> batch() {
        return batch;
    }

    FieldGroup group() {
        List<Field<?>> usual = new ArrayList<>(settings.usual());
        usual.add(usual.indexOf(settings.of(OptimiserSettings.ACCUMULATE)), batch);
        return new FieldGroup("optimiser", SettingGroups.OPTIMIZER.title(), usual, settings.advanced());
    }

    /** Returns the number of optimizer steps for a number of rows. */
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

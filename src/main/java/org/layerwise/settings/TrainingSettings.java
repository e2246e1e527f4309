package org.layerwise.settings;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.DerivedSetting;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingType;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.sample.SampleTasks;
import org.layerwise.lora.LoraSettings;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;

/**
 * Settings of a training; those that are not set have their defaults.
 *
 * @param layers 0-based layers to train; null for all
 * @param layersReason reason for the choice of the layers, in words that follow "They were chosen"; null if no reason
 *     is known; this has no effect on the training
 * @param values values of {@link #VALUES}
 */
public record TrainingSettings(
        @Nullable SortedSet<Integer> layers, @Nullable String layersReason, SettingValues values) {

    /** Task to train for; the default is that of the checkpoint's architecture, otherwise that of the labels. */
    public static final Setting<TaskKind> TASK = Setting.choice("task", TaskKind.class, TaskKind::id, null)
            .defaultText("from the checkpoint's architectures, else from the type of the labels")
            .title("Task")
            .help("What the model is trained to do.");

    /** Rows to evaluate on before, during and after the training; several files are separated by commas. */
    public static final Setting<String> VALIDATION = Setting.of("validation", rows("FILE[,FILE...]"), null)
            .defaultText("a sample task's own validation rows, else none")
            .prompt("none")
            .title("Validation")
            .help(
                    "Held-out rows to evaluate on before, during and after the training. Of several files, such as MNLI's two, the"
                            + " first decides what is best.");

    /** Rows to evaluate on at the end. */
    public static final Setting<String> TEST = Setting.of("test", rows("FILE"), null)
            .title("Test")
            .help("Held-out rows to evaluate on once, at the end. They decide nothing.");

    /** Seed of new weights, the order of rows and dropout. */
    public static final Setting<Long> SEED =
            Setting.large("seed", 42).title("Seed").help("Seed of new weights, the order of rows and dropout.");

    /** All settings whose values are in {@link #values}, in the order of their keys in files. */
    public static final List<Setting<?>> VALUES = Setting.join(
            List.of(TASK, VALIDATION, TEST), LoraSettings.ALL, OptimiserSettings.ALL, RunSettings.ALL, List.of(SEED));

    private static SettingType<String> rows(String label) {
        return SettingType.of(SettingType.Kind.FILE, label, "a file", text -> text, text -> text);
    }

    /** Returns the defaults. */
    public static TrainingSettings defaults() {
        return new TrainingSettings(null, null, SettingValues.none());
    }

    /** Returns the settings of the adapters. */
    public AdapterSettings adapter() {
        return new AdapterSettings(layers, layersReason, values.only(LoraSettings.ALL));
    }

    /** Returns the value of a setting. */
    public <T> T get(Setting<T> setting) {
        return values.get(setting);
    }

    /** Returns the value of a setting whose default depends on a context. */
    public <T, C> T get(DerivedSetting<T, C> setting, C context) {
        return values.get(setting, context);
    }

    /** Returns the task; null to find it from the checkpoint and the labels. */
    public @Nullable TaskKind task() {
        return values.find(TASK).orElse(null);
    }

    /**
     * Returns the rows to evaluate on during the training; null for a sample task's own validation rows, otherwise
     * none.
     */
    public @Nullable String validation() {
        return values.find(VALIDATION).orElse(null);
    }

    /**
     * Returns the rows to evaluate on during a training on some data: the named ones, or a sample task's own; null for
     * none.
     *
     * @throws UserException if none are named and the data are validation rows of a sample task, which would be
     *     measured by themselves
     */
    public @Nullable String validation(DataSettings data) {
        if (validation() != null || !DataSettings.isSample(data.data())) {
            return validation();
        }
        SampleTasks.otherHalf(data.data()).ifPresent(other -> {
            throw new UserException(
                    "%s is a half of the validation rows of a sample task, and would be measured by the rows that are trained on; name other rows, for example --validation %s."
                            .formatted(data.data(), other));
        });
        return data.data();
    }

    /** Returns the rows to evaluate on at the end; null for none. */
    public @Nullable String test() {
        return values.find(TEST).orElse(null);
    }

    /** Returns the seed of new weights, the order of rows and dropout. */
    public long seed() {
        return values.get(SEED);
    }

    /** Returns these settings with other layers and no reason for their choice. */
    public TrainingSettings withLayers(@Nullable SortedSet<Integer> selected) {
        return withLayers(selected, null);
    }

    /**
     * Returns these settings with other layers and a reason for their choice.
     *
     * @param reason reason for the choice, in words that follow "They were chosen"; null if no reason is known
     */
    public TrainingSettings withLayers(@Nullable SortedSet<Integer> selected, @Nullable String reason) {
        return new TrainingSettings(selected, reason, values);
    }

    /** Returns these settings with other adapters. */
    public TrainingSettings with(AdapterSettings other) {
        SettingValues others = values;
        for (Setting<?> setting : LoraSettings.ALL) {
            others = others.without(setting);
        }
        return new TrainingSettings(other.layers(), other.layersReason(), others.and(other.values()));
    }

    /** Returns these settings with another value of one setting. */
    public <T> TrainingSettings with(Setting<T> setting, T value) {
        return with(SettingValues.none().with(setting, value));
    }

    /** Returns these settings with additional values, which override values of the same settings. */
    public TrainingSettings with(SettingValues others) {
        return new TrainingSettings(layers, layersReason, values.and(others));
    }

    /** Returns these settings with another seed. */
    public TrainingSettings withSeed(long other) {
        return with(SEED, other);
    }

    /** Returns these settings with other held-out rows; null for none. */
    public TrainingSettings withHeldOut(@Nullable String validationRows, @Nullable String testRows) {
        return new TrainingSettings(
                layers,
                layersReason,
                values.with(VALIDATION, Optional.ofNullable(validationRows)).with(TEST, Optional.ofNullable(testRows)));
    }
}

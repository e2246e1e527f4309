package org.layerwise.gui.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.settings.Setting;
import org.layerwise.settings.SettingValues;
import org.layerwise.study.RunSettings;
import org.layerwise.study.SettingGroups;
import org.layerwise.study.TrainingSettings;

/** The fields that say what is trained for, what it is measured by and what is kept. */
public final class RunFields {

    private static final List<Setting<?>> HELD_OUT = List.of(TrainingSettings.VALIDATION, TrainingSettings.TEST);

    private final SettingFields settings =
            new SettingFields(Setting.join(HELD_OUT, RunSettings.ALL, List.of(TrainingSettings.SEED)));
    private final Field<TaskChoice> task = Field.choice("task", TaskChoice.AUTO);

    public Field<TaskChoice> task() {
        return task;
    }

    /** A file with held-out rows; null for none, or a sample task's own. */
    public Field<@Nullable String> validation() {
        return settings.of(TrainingSettings.VALIDATION);
    }

    Group group() {
        List<Field<?>> usual = new ArrayList<>(List.of(task));
        usual.addAll(settings.usual());
        return new Group("run", SettingGroups.RUN.title(), usual, settings.advanced());
    }

    void fill(SettingValues values) {
        task.set(TaskChoice.of(values.find(TrainingSettings.TASK).orElse(null)));
        settings.fill(values);
    }

    SettingValues values() {
        return settings.values()
                .with(TrainingSettings.TASK, Optional.ofNullable(task.get().kind()));
    }
}

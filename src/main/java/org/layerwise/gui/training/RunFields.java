package org.layerwise.gui.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.settings.SettingGroups;
import org.layerwise.settings.TrainingSettings;

/** Form fields for the task, the evaluation and the saved files of a training. */
public final class RunFields {

    private final SettingFields settings = new SettingFields(SettingGroups.RUN.settings().stream()
            .filter(setting -> setting != TrainingSettings.TASK)
            .toList());
    private final Field<TaskChoice> task = Field.choice("task", TaskChoice.AUTO);

    /** Returns the field for the file with validation rows; null for none or for the ones of a sample task. */
    public Field<@Nullable String> validation() {
        return settings.of(TrainingSettings.VALIDATION);
    }

    FieldGroup group() {
        List<Field<?>> usual = new ArrayList<>(List.of(task));
        usual.addAll(settings.usual());
        return new FieldGroup("run", SettingGroups.RUN.title(), usual, settings.advanced());
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

package org.layerwise.gui.training;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.settings.SettingValues;
import org.layerwise.study.RunSettings;
import org.layerwise.study.TrainingSettings;

/** The fields that say what is trained for, what it is measured by and what is kept. */
public final class RunFields {

    private final SettingFields settings = new SettingFields(RunSettings.ALL);
    private final Field<TaskChoice> task = Field.choice("task", TaskChoice.AUTO);
    private final Field<String> validation = Field.file("validation");
    private final Field<String> test = Field.file("test");
    private final Field<Long> seed =
            Field.line("seed", TrainingSettings.defaults().seed(), number -> true, FieldWords.large());

    public Field<TaskChoice> task() {
        return task;
    }

    /** A file with held-out rows; empty for none, or a sample task's own. */
    public Field<String> validation() {
        return validation;
    }

    public Field<Long> seed() {
        return seed;
    }

    Group group() {
        List<Field<?>> usual = new ArrayList<>(List.of(task, validation, test));
        usual.addAll(settings.usual());
        usual.add(seed);
        return new Group("run", usual, settings.advanced());
    }

    void fill(TrainingSettings training) {
        task.set(TaskChoice.of(training.task()));
        validation.set(orEmpty(training.validation()));
        test.set(orEmpty(training.test()));
        settings.fill(training.values());
        seed.set(training.seed());
    }

    @Nullable
    String validationOrNull() {
        return orNull(validation.get());
    }

    @Nullable
    String testOrNull() {
        return orNull(test.get());
    }

    SettingValues values() {
        return settings.values();
    }

    private static String orEmpty(@Nullable String words) {
        return words == null ? "" : words;
    }

    private static @Nullable String orNull(String words) {
        return words.isBlank() ? null : words;
    }
}

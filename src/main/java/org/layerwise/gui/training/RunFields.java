package org.layerwise.gui.training;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.RunSettings;
import org.layerwise.study.TrainingSettings;

/** The fields that say what is trained for, what it is measured by and what is kept. */
public final class RunFields {

    private static final RunSettings USUAL = RunSettings.USUAL;

    private final Field<TaskChoice> task = Field.choice("task", TaskChoice.AUTO);
    private final Field<String> validation = Field.file("validation");
    private final Field<String> test = Field.file("test");
    private final Field<@Nullable Integer> evaluateEvery = Field.line(
            "evaluate-every",
            USUAL.evaluateEvery(),
            (@Nullable Integer n) -> n == null || n >= 1,
            FieldWords.orNothing(FieldWords.whole()));
    private final Field<Boolean> keepBest = Field.flag("keep-best", USUAL.keepBest());
    private final Field<String> bestMetric = Field.line("best-metric", "", name -> true, FieldWords.plain());
    private final Field<@Nullable Integer> patience = Field.line(
            "patience",
            USUAL.patience(),
            (@Nullable Integer n) -> n == null || n >= 1,
            FieldWords.orNothing(FieldWords.whole()));
    private final Field<@Nullable Integer> checkpointEvery = Field.line(
            "checkpoint-every",
            USUAL.checkpointEvery(),
            (@Nullable Integer n) -> n == null || n >= 0,
            FieldWords.orNothing(FieldWords.whole()));
    private final Field<Boolean> recompute = Field.flag("recompute", USUAL.gradientCheckpointing());
    private final Field<Integer> prefixCache =
            Field.line("prefix-cache", USUAL.prefixCache(), mib -> mib >= 0, FieldWords.whole());
    private final Field<Boolean> tensorboard = Field.flag("tensorboard", USUAL.tensorboard());
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
        return new Group(
                "run",
                List.of(task, validation, test, evaluateEvery, keepBest, seed),
                List.of(bestMetric, patience, checkpointEvery, recompute, prefixCache, tensorboard));
    }

    void fill(TrainingSettings settings) {
        RunSettings run = settings.run();
        task.set(TaskChoice.of(settings.task()));
        validation.set(orEmpty(settings.validation()));
        test.set(orEmpty(settings.test()));
        evaluateEvery.set(run.evaluateEvery());
        keepBest.set(run.keepBest());
        bestMetric.set(orEmpty(run.bestMetric()));
        patience.set(run.patience());
        checkpointEvery.set(run.checkpointEvery());
        recompute.set(run.gradientCheckpointing());
        prefixCache.set(run.prefixCache());
        tensorboard.set(run.tensorboard());
        seed.set(settings.seed());
    }

    @Nullable
    String validationOrNull() {
        return orNull(validation.get());
    }

    @Nullable
    String testOrNull() {
        return orNull(test.get());
    }

    RunSettings settings() {
        return new RunSettings(
                evaluateEvery.get(),
                keepBest.get(),
                orNull(bestMetric.get()),
                patience.get(),
                checkpointEvery.get(),
                recompute.get(),
                prefixCache.get(),
                tensorboard.get());
    }

    private static String orEmpty(@Nullable String words) {
        return words == null ? "" : words;
    }

    private static @Nullable String orNull(String words) {
        return words.isBlank() ? null : words;
    }
}

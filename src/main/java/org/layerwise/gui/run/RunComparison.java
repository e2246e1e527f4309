package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.MetricTexts;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.Sheet.Cell;
import org.layerwise.gui.common.Sheet.Column;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.training.Evaluation;

/** Creates the table that compares runs: the settings that differ, the cost, and the results. */
final class RunComparison {

    /** Flags that are not settings or that have columns of their own. */
    private static final Set<String> OTHERS = Set.of("out", "layers", "load");

    private RunComparison() {}

    /** Column with the function that returns its cell for a run. */
    private record Field(Column column, Function<RunEntry, Cell> cell) {}

    /** Returns the table of some runs, in their order; without runs the columns that all of them have. */
    static Sheet sheet(Collection<RunEntry> runs) {
        List<Field> fields = new ArrayList<>();
        fields.add(words("run", run -> new Cell(RunTexts.label(run), run.name())));
        fields.add(
                words("state", run -> Cell.of(RunTexts.state(run.stateProperty().get()))));
        fields.add(words("layers", RunComparison::layers));
        differing(runs).forEach(flag -> fields.add(setting(flag)));
        fields.add(
                number("parameters", run -> count(run, TrainingSummary::trainableParameters, NumberTexts::parameters)));
        fields.add(number("steps", run -> Cell.count(run.steps().isEmpty() ? null : lastStep(run))));
        fields.add(number("step-time", run -> of(run, summary -> time(summary.secondsPerStep()))));
        fields.add(number(
                "memory", run -> count(run, TrainingSummary::peakMemoryBytes, bytes -> RunTexts.memory(run, bytes))));
        if (runs.stream().anyMatch(RunComparison::keptEarlier)) {
            fields.add(number("validation-step", RunComparison::validationStep));
        }
        fields.add(number(
                "validation-loss",
                run -> validation(run).map(e -> Cell.significant(e.loss())).orElse(Cell.NONE)));
        interval("validation_", Evaluation.LOSS, runs, RunComparison::validation)
                .ifPresent(fields::add);
        for (String metric : metrics(runs)) {
            fields.add(metric("run.column.validation", "validation_", metric, run -> validation(run)
                    .map(evaluation -> Cell.significant(evaluation.metrics().get(metric)))
                    .orElse(Cell.NONE)));
            interval("validation_", metric, runs, RunComparison::validation).ifPresent(fields::add);
        }
        fields.add(number("test-loss", run -> test(run, Evaluation::loss)));
        interval("test_", Evaluation.LOSS, runs, RunComparison::tested).ifPresent(fields::add);
        for (String metric : metrics(runs)) {
            fields.add(metric(
                    "run.column.test",
                    "test_",
                    metric,
                    run -> test(run, evaluation -> evaluation.metrics().get(metric))));
            interval("test_", metric, runs, RunComparison::tested).ifPresent(fields::add);
        }
        return new Sheet(
                fields.stream().map(Field::column).toList(),
                runs.stream()
                        .map(run -> fields.stream()
                                .map(field -> field.cell.apply(run))
                                .toList())
                        .toList());
    }

    private static Field words(String key, Function<RunEntry, Cell> cell) {
        return new Field(column(key, false), cell);
    }

    private static Field number(String key, Function<RunEntry, Cell> cell) {
        return new Field(column(key, true), cell);
    }

    private static Column column(String key, boolean number) {
        return new Column(text("run.column." + key), key.replace('-', '_'), text("run.column.tip." + key), number);
    }

    private static Field metric(String key, String prefix, String name, Function<RunEntry, Cell> cell) {
        return new Field(new Column(text(key, MetricTexts.name(name)), prefix + name, "", true), cell);
    }

    /** Returns a column with the intervals of a metric; empty if none is known of any run. */
    private static Optional<Field> interval(
            String prefix,
            String name,
            Collection<RunEntry> runs,
            Function<RunEntry, Optional<Evaluation>> evaluation) {
        return runs.stream().anyMatch(run -> evaluation
                        .apply(run)
                        .flatMap(found -> cell(name, found))
                        .isPresent())
                ? Optional.of(new Field(
                        new Column(
                                text("run.column.interval"),
                                prefix + name + "_interval",
                                text("run.interval.tip"),
                                false),
                        run -> evaluation
                                .apply(run)
                                .flatMap(found -> cell(name, found))
                                .orElse(Cell.NONE)))
                : Optional.empty();
    }

    /** Returns the interval of a metric, or the reason why it has none; empty if neither is known. */
    private static Optional<Cell> cell(String name, Evaluation evaluation) {
        return MetricIntervals.of(name, evaluation)
                .map(MetricTexts::cell)
                .or(() -> MetricIntervals.without(name, evaluation).map(Cell::of));
    }

    /** Returns a column for a setting. The title is the command-line flag, so that the user can repeat the setting. */
    private static Field setting(String flag) {
        return new Field(
                new Column(flag, flag, text("run.column.tip.setting", flag), false),
                run -> run.settings().isEmpty()
                        ? Cell.NONE
                        : Cell.of(run.settings().getOrDefault(flag, text("run.column.left.out"))));
    }

    /** Returns the flags that differ between the runs with known settings, in the order of the settings files. */
    static List<String> differing(Collection<RunEntry> runs) {
        List<Map<String, String>> known = runs.stream()
                .map(RunEntry::settings)
                .filter(settings -> !settings.isEmpty())
                .toList();
        Set<String> flags = new LinkedHashSet<>();
        known.forEach(settings -> flags.addAll(settings.keySet()));
        flags.removeAll(OTHERS);
        return flags.stream()
                .filter(flag -> known.stream()
                                .map(settings -> Optional.ofNullable(settings.get(flag)))
                                .distinct()
                                .count()
                        > 1)
                .toList();
    }

    private static Cell layers(RunEntry run) {
        if (run.layers().isEmpty()) {
            return Cell.NONE;
        }
        String exact = new TreeSet<>(run.layers()).stream().map(String::valueOf).collect(Collectors.joining(","));
        return new Cell(text("run.column.layers.of", run.layers().size(), run.of()), exact);
    }

    private static int lastStep(RunEntry run) {
        return run.steps().get(run.steps().size() - 1).step();
    }

    private static Cell of(RunEntry run, Function<TrainingSummary, Cell> cell) {
        TrainingSummary summary = run.summaryProperty().get();
        return summary == null ? Cell.NONE : cell.apply(summary);
    }

    private static Cell count(RunEntry run, Function<TrainingSummary, Long> count, Function<Long, String> words) {
        return of(run, summary -> {
            long number = count.apply(summary);
            return number > 0 ? new Cell(words.apply(number), String.valueOf(number)) : Cell.NONE;
        });
    }

    private static Cell time(double seconds) {
        return seconds > 0 ? Cell.of(NumberTexts.seconds(seconds), seconds) : Cell.NONE;
    }

    private static Optional<Evaluation> tested(RunEntry run) {
        return Optional.ofNullable(run.summaryProperty().get()).map(TrainingSummary::test);
    }

    private static Cell test(RunEntry run, Function<Evaluation, @Nullable Double> value) {
        TrainingSummary summary = run.summaryProperty().get();
        if (summary == null) {
            return Cell.NONE;
        }
        Evaluation test = summary.test();
        return test == null ? new Cell(text("run.column.no.test"), "") : Cell.significant(value.apply(test));
    }

    /**
     * Returns the validation result of a run: the evaluation of the final adapter, or the latest evaluation while the
     * run continues.
     */
    private static Optional<Evaluation> validation(RunEntry run) {
        TrainingSummary summary = run.summaryProperty().get();
        if (summary != null) {
            return Optional.ofNullable(summary.after());
        }
        return run.evaluations().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        run.evaluations().get(run.evaluations().size() - 1).evaluation());
    }

    private static boolean keptEarlier(RunEntry run) {
        TrainingSummary summary = run.summaryProperty().get();
        return summary != null && summary.keptEarlier();
    }

    /** Returns the cell with the step that {@link #validation} is of. */
    private static Cell validationStep(RunEntry run) {
        TrainingSummary summary = run.summaryProperty().get();
        if (validation(run).isEmpty()) {
            return Cell.NONE;
        }
        return Cell.count(
                summary != null
                        ? summary.adapterStep()
                        : run.evaluations().get(run.evaluations().size() - 1).step());
    }

    private static Set<String> metrics(Collection<RunEntry> runs) {
        Set<String> names = new LinkedHashSet<>();
        for (RunEntry run : runs) {
            validation(run)
                    .ifPresent(evaluation -> names.addAll(evaluation.metrics().keySet()));
            TrainingSummary summary = run.summaryProperty().get();
            if (summary != null && summary.test() != null) {
                names.addAll(summary.test().metrics().keySet());
            }
        }
        return names;
    }
}

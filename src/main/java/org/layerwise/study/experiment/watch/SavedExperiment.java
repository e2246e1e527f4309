package org.layerwise.study.experiment.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.ExperimentFolder;
import org.layerwise.study.experiment.Pilot;
import org.layerwise.study.experiment.outcome.ArmOutcome;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.report.MarkdownReport;

/**
 * Experiment that is saved in a folder.
 *
 * @param folder folder of the experiment
 * @param outcome outcome of all final runs, or of those that have ended so far; null if there are none
 * @param choices settings with which it was last run
 * @param pilot sentences of the pilot; empty if there was none
 */
public record SavedExperiment(
        Path folder, @Nullable Outcome outcome, ExperimentFolder.Choices choices, List<String> pilot) {

    /**
     * Reads an experiment.
     *
     * @throws UserException if the folder has no experiment, or a file of it is damaged
     */
    public static SavedExperiment read(Path folder) {
        if (!ExperimentFolder.isOne(folder)) {
            throw new UserException(
                    "%s is not the folder of an experiment: it has no %s; choose a folder that an experiment wrote."
                            .formatted(folder, ExperimentFolder.SETTINGS));
        }
        Path summary = folder.resolve(ExperimentFolder.SUMMARY);
        ExperimentFolder.Choices choices = ExperimentFolder.choices(folder);
        return new SavedExperiment(
                folder,
                Files.isRegularFile(summary)
                        ? outcome(folder, summary)
                        : FinishedRuns.in(folder, choices.arms()).orElse(null),
                choices,
                Pilot.read(folder).map(Pilot::lines).orElse(List.of()));
    }

    /** Returns true if all runs have ended, and the report is written. */
    public boolean ended() {
        return outcome != null && outcome.ended();
    }

    private static Outcome outcome(Path folder, Path summary) {
        List<Line> lines = lines(summary);
        if (lines.isEmpty()) {
            throw new UserException(damaged(summary));
        }
        Line first = lines.get(0);
        BestMetric metric = new BestMetric(first.text("metric"));
        String rows = first.text("rows");
        List<Line> runs = lines(folder.resolve(ExperimentFolder.RESULTS));
        List<ArmOutcome> arms = lines.stream()
                .map(line -> arm(line, values(runs, line.text("arm"), rows + "_" + metric.name())))
                .toList();
        Path report = folder.resolve(ExperimentFolder.TEXT);
        return new Outcome(metric, rows, arms, true, Files.isRegularFile(report) ? conclusion(report) : List.of());
    }

    private static List<String> conclusion(Path report) {
        return MarkdownReport.paragraphs(read(report, file -> Files.readString(file)), ExperimentFolder.CONCLUSION);
    }

    private static ArmOutcome arm(Line line, SortedMap<Long, Double> values) {
        String id = line.text("arm");
        return new ArmOutcome(
                id,
                Arm.of(id).map(Arm::words).orElse(id),
                line.number("learning_rate"),
                line.number("adapter_parameters"),
                line.number("trainable_parameters"),
                line.number("seconds_per_step"),
                line.number("peak_memory_bytes"),
                values,
                line.number("mean"),
                line.interval("low", "high"),
                line.difference("difference"),
                line.difference("from_random"));
    }

    private static SortedMap<Long, Double> values(List<Line> runs, String arm, String column) {
        SortedMap<Long, Double> values = new TreeMap<>();
        runs.stream()
                .filter(run ->
                        run.text("kind").equals("final") && run.text("arm").equals(arm))
                .forEach(run -> values.put(run.whole("seed"), run.number(column)));
        return values;
    }

    /** Line of a table of an experiment, in which no cell has a comma. */
    private record Line(Path file, Map<String, String> cells) {

        String text(String column) {
            return cells.getOrDefault(column, "");
        }

        /** Returns a number; NaN for an empty cell, or a column that earlier versions did not have. */
        double number(String column) {
            String text = text(column);
            try {
                return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new UserException(damaged(file), e);
            }
        }

        long whole(String column) {
            try {
                return Long.parseLong(text(column));
            } catch (NumberFormatException e) {
                throw new UserException(damaged(file), e);
            }
        }

        @Nullable
        Interval interval(String low, String high) {
            double from = number(low);
            double to = number(high);
            return Double.isNaN(from) || Double.isNaN(to) ? null : new Interval(from, to);
        }

        ArmOutcome.@Nullable Difference difference(String column) {
            double value = number(column);
            double level = number("level");
            return Double.isNaN(value)
                    ? null
                    : new ArmOutcome.Difference(
                            value,
                            interval(column + "_low", column + "_high"),
                            Double.isNaN(level) ? Outcome.LEVEL : level);
        }
    }

    private static List<Line> lines(Path file) {
        List<String> all = read(file, Files::readAllLines);
        if (all.isEmpty()) {
            throw new UserException(damaged(file));
        }
        List<String> names = cells(all.get(0));
        List<Line> lines = new ArrayList<>();
        for (String line : all.subList(1, all.size())) {
            List<String> cells = cells(line);
            if (cells.size() != names.size()) {
                throw new UserException(damaged(file));
            }
            Map<String, String> byName = new LinkedHashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                byName.put(names.get(i), cells.get(i));
            }
            lines.add(new Line(file, byName));
        }
        return lines;
    }

    private static List<String> cells(String line) {
        return List.of(line.split(",", -1));
    }

    /** Reading of a file. */
    private interface Reading<T> {
        T of(Path file) throws IOException;
    }

    private static <T> T read(Path file, Reading<T> reading) {
        try {
            return reading.of(file);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    private static String damaged(Path file) {
        return "%s is damaged; run the same experiment again, which rewrites it from its runs.".formatted(file);
    }
}

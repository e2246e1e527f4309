package org.layerwise.cli.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.base.ByteSize;
import org.layerwise.cli.console.TextTable;
import org.layerwise.run.PeakMemorySource;
import org.layerwise.run.Run;
import org.layerwise.run.RunOverview;
import org.layerwise.run.RunTable;
import org.layerwise.run.paired.RunPair;
import org.layerwise.run.paired.RunPairs;
import org.layerwise.run.uncertainty.PairedTest;
import org.layerwise.selection.LayerList;

/** Formats runs as a table for people. */
public final class RunsReport {

    private static final String NONE = "-";
    private static final String OF_JOBS =
            "Memory is the peak of the process on this computer, of a job's first worker (worker), or of what PyTorch held on that worker's card (card); a job that still runs is marked (job), and only values of one kind can be compared.";
    private static final String NOT_GIVEN = "not given";

    private RunsReport() {}

    /**
     * Returns the lines of the table.
     *
     * @param root folder to which the run folders are shown relative
     * @param pairs paired tests, which are printed after the differing settings; empty for no comparison
     */
    public static List<String> lines(RunTable runs, Path root, Optional<RunPairs> pairs) {
        TextTable table = TextTable.of(
                "run",
                "state",
                "model",
                "data",
                "layers",
                "variant",
                ">trainable",
                ">steps",
                "metric",
                ">validation (95 %)",
                ">test (95 %)",
                ">seconds",
                ">memory");
        for (RunOverview overview : runs.runs()) {
            Run run = overview.run();
            table.row(
                    name(run, root),
                    run.state().id(),
                    or(run.model()),
                    or(shortName(run.data())),
                    layers(run),
                    or(overview.variant()),
                    overview.trainable().map(String::valueOf).orElse(NONE),
                    steps(overview),
                    overview.metric(),
                    metric(
                                    overview.validation(),
                                    overview.validationInterval(),
                                    overview.withoutValidationInterval(),
                                    overview.hasValidation())
                            + earlier(overview, overview.validation()),
                    metric(overview.test(), overview.testInterval(), overview.withoutTestInterval(), overview.hasTest())
                            + earlier(overview, overview.test()),
                    String.format(Locale.ROOT, "%.1f", overview.seconds()),
                    memory(overview));
        }
        List<String> lines = new ArrayList<>(table.lines());
        if (runs.runs().stream().anyMatch(one -> memory(one).endsWith(")"))) {
            lines.add(OF_JOBS);
        }
        pairs.ifPresent(tests -> {
            lines.add("");
            lines.addAll(differences(runs, root));
            lines.addAll(tests(tests, root));
        });
        for (RunOverview overview : runs.runs()) {
            String name = name(overview.run(), root);
            if (overview.run().reason() != null) {
                lines.add("%s failed: %s".formatted(name, overview.run().reason()));
            }
            overview.resume().ifPresent(command -> lines.add("%s goes on with: %s".formatted(name, command)));
        }
        return lines;
    }

    private static String memory(RunOverview overview) {
        if (overview.memory().isEmpty()) {
            return NONE;
        }
        String bytes = ByteSize.of(overview.memory().get());
        return overview.memoryOf() == PeakMemorySource.PROCESS
                ? bytes
                : "%s (%s)".formatted(bytes, overview.memoryOf().id());
    }

    private static List<String> differences(RunTable runs, Path root) {
        Map<String, List<String>> differences = runs.differences();
        if (differences.isEmpty()) {
            return List.of("All settings are the same.");
        }
        List<String> headings = new ArrayList<>(List.of("run"));
        headings.addAll(differences.keySet());
        TextTable table = TextTable.of(headings.toArray(String[]::new));
        for (int i = 0; i < runs.runs().size(); i++) {
            List<String> cells = new ArrayList<>(List.of(name(runs.runs().get(i).run(), root)));
            for (List<String> values : differences.values()) {
                cells.add(or(shortName(values.get(i))));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table.lines();
    }

    private static List<String> tests(RunPairs pairs, Path root) {
        if (pairs.pairs().isEmpty()) {
            return pairs.notes();
        }
        TextTable table = TextTable.of("first", "second", "rows", "metric", ">second - first", "paired test");
        for (RunPair pair : pairs.pairs()) {
            PairedTest test = pair.test();
            table.row(
                    name(pair.first(), root),
                    name(pair.second(), root),
                    pair.rows(),
                    or(pair.metric()),
                    test == null ? NONE : String.format(Locale.ROOT, "%+.4f", test.difference()),
                    test == null ? pair.reason() : words(test));
        }
        List<String> lines = new ArrayList<>(List.of(""));
        lines.addAll(table.lines());
        lines.addAll(pairs.notes());
        return lines;
    }

    private static String words(PairedTest test) {
        McNemar mcNemar = test.mcNemar();
        Interval interval = test.interval();
        if (mcNemar != null) {
            return String.format(
                    Locale.ROOT,
                    "p = %.2g: of %d rows, %d are right in the first only, %d in the second only",
                    mcNemar.p(),
                    test.rows(),
                    mcNemar.onlyFirst(),
                    mcNemar.onlySecond());
        }
        return interval == null
                ? test.missing()
                : String.format(
                        Locale.ROOT,
                        "95 %% interval %+.4f to %+.4f of %d rows",
                        interval.low(),
                        interval.high(),
                        test.rows());
    }

    private static String name(Run run, Path root) {
        return run.folder().startsWith(root) && !run.folder().equals(root)
                ? root.relativize(run.folder()).toString()
                : run.folder().toString();
    }

    /**
     * Returns the last name of each absolute path of a comma-separated list, since the beginning is the same in most
     * rows; other text is unchanged.
     */
    private static String shortName(String data) {
        return Arrays.stream(data.split(","))
                .map(one -> one.startsWith("/") ? one.replaceFirst("^.*/(?=[^/]+/?$)", "") : one)
                .collect(Collectors.joining(","));
    }

    private static String layers(Run run) {
        return run.of() == 0
                ? NONE
                : run.layers().size() == run.of()
                        ? "all " + run.of()
                        : "%s of %s".formatted(LayerList.format(run.layers()), run.of());
    }

    private static String steps(RunOverview overview) {
        int total = overview.run().totalSteps();
        return overview.steps() == total || total == 0
                ? String.valueOf(overview.steps())
                : overview.steps() + "/" + total;
    }

    /** Returns the step that a metric is of if that is not the last one, as after {@code --keep-best}. */
    private static String earlier(RunOverview overview, Optional<Double> value) {
        return value.flatMap(any -> overview.validationStep())
                .filter(step -> step < overview.steps())
                .map(step -> " at step " + step)
                .orElse("");
    }

    private static String metric(
            Optional<Double> value, Optional<Interval> interval, Optional<String> without, boolean given) {
        if (value.isPresent()) {
            return String.format(Locale.ROOT, "%.4f", value.get())
                    + interval.map(EvaluationLine::ends)
                            .or(() -> without)
                            .map(" (%s)"::formatted)
                            .orElse("");
        }
        return given ? NONE : NOT_GIVEN;
    }

    private static String or(String text) {
        return text.isEmpty() ? NONE : text;
    }
}

package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.json.Yaml;
import org.layerwise.data.Excerpt;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.selection.LayerList;
import org.layerwise.study.experiment.outcome.ArmOutcome;
import org.layerwise.study.experiment.outcome.ArmRanks;
import org.layerwise.study.experiment.outcome.Outcome;
import org.layerwise.study.experiment.report.ReportBlock;
import org.layerwise.training.Evaluation;

/** Contents of the report on an experiment. */
public final class ExperimentReport {

    private ExperimentReport() {}

    /** Returns the table of the arms, headings first: trained layers and parameters, costs, and results. */
    public static List<List<String>> table(ExperimentResult result) {
        List<List<String>> rows = new ArrayList<>();
        String metric = result.metric().name();
        rows.add(List.of(
                "Arm",
                "Layers",
                "Adapter parameters",
                "All trained",
                "Step",
                "of all",
                "Peak memory",
                "of all",
                "Learning rate",
                "%s (%s)".formatted(metric, result.rows().words()),
                "From all layers",
                "p",
                "From random layers",
                "p"));
        for (ArmResult arm : result.arms()) {
            rows.add(List.of(
                    arm.arm().words(),
                    layers(arm),
                    ReportNumbers.count(arm.adapterParameters()),
                    ReportNumbers.count(arm.trainableParameters()),
                    ReportNumbers.milliseconds(arm.secondsPerStep()),
                    ratio(result, arm, false),
                    ReportNumbers.bytes(arm.peakMemoryBytes()),
                    ratio(result, arm, true),
                    ReportNumbers.rate(arm.rate()),
                    arm.runs().size() < 2
                            ? ReportNumbers.metric(arm.mean())
                            : "%s ± %s".formatted(ReportNumbers.metric(arm.mean()), ReportNumbers.metric(arm.spread())),
                    difference(arm.fromAll()),
                    p(arm.fromAll()),
                    difference(arm.fromRandom()),
                    p(arm.fromRandom())));
        }
        return rows;
    }

    private static String difference(ArmResult.@Nullable Difference difference) {
        return difference == null
                ? ""
                : "%s %s"
                        .formatted(
                                ReportNumbers.difference(difference.value()),
                                ReportNumbers.interval(difference.interval()));
    }

    private static String p(ArmResult.@Nullable Difference difference) {
        return difference == null ? "" : ReportNumbers.p(difference.p());
    }

    private static String layers(ArmResult arm) {
        List<String> drawn = arm.runs().stream()
                .map(run -> LayerList.format(run.summary().layers()))
                .distinct()
                .toList();
        return drawn.size() == 1
                ? drawn.get(0)
                : "%s, %s draws".formatted(arm.runs().get(0).summary().layers().size(), drawn.size());
    }

    private static String ratio(ExperimentResult result, ArmResult arm, boolean memory) {
        return result.arm(Arm.ALL)
                .map(all -> ReportNumbers.ratio(arm.ratio(
                        all,
                        run -> memory
                                ? run.summary().peakMemoryBytes()
                                : run.summary().secondsPerStep())))
                .orElse("");
    }

    /** Returns the conclusion and the remarks that belong to the table, one or two sentences each. */
    public static List<String> remarks(ExperimentResult result) {
        List<String> remarks = new ArrayList<>(new Conclusion(result).sentences());
        remarks.addAll(new Remarks(result).all());
        return remarks;
    }

    /** Returns what a result has of every arm, with the conclusion. */
    public static Outcome outcome(ExperimentResult result) {
        return result.outcome().with(new Conclusion(result).sentences());
    }

    static String title(ExperimentResult result) {
        return "Which layers to train: %s on %s"
                .formatted(result.model(), result.settings().data().data());
    }

    /** Returns the whole report. */
    static List<ReportBlock> blocks(ExperimentResult result) {
        List<ReportBlock> blocks = new ArrayList<>();
        blocks.add(new ReportBlock.Heading(1, title(result)));
        blocks.add(new ReportBlock.Paragraph(lead(result)));
        blocks.add(new ReportBlock.Heading(2, ExperimentFolder.CONCLUSION));
        new Conclusion(result).sentences().forEach(sentence -> blocks.add(new ReportBlock.Paragraph(sentence)));
        blocks.add(new ReportBlock.Table(table(result)));
        blocks.add(new ReportBlock.Paragraph(
                "Mean ± standard deviation over the seeds. Step: the median time of a step, of the seeds' the median; peak memory of %s likewise; \"of all\": the median over the seeds of the ratio to the run of the same seed on all layers. Differences are paired by seed, with intervals that hold all together with %s; p is that of a t test, adjusted by Holm for the number of different comparisons."
                        .formatted(
                                result.environment().containsKey("remote")
                                        ? "the first worker (of its process, or of the tensors on its card where it"
                                                + " has one)"
                                        : "the whole process",
                                ReportNumbers.level(result.arms()))));
        figures(blocks, result);
        blocks.add(new ReportBlock.Heading(2, "How to read it"));
        blocks.add(new ReportBlock.Points(new Remarks(result).all()));
        blocks.add(new ReportBlock.Heading(2, "Training"));
        blocks.add(new ReportBlock.Figure(
                ExperimentCharts.CURVES,
                "Training loss of each arm, the mean over the seeds: raw thin, smoothed thick; rings: loss on"
                        + " the validation rows."));
        if (!result.sweep().isEmpty()) {
            blocks.add(new ReportBlock.Heading(2, "Learning rates"));
            blocks.add(new ReportBlock.Paragraph(
                    "%s on the validation rows with seed %s; the best, and among equals the one with the lowest loss, was taken for the final runs.%s"
                            .formatted(
                                    Excerpt.sentence(result.metric().name()),
                                    result.settings().training().seed() - 1,
                                    leftBehind(result))));
            blocks.add(new ReportBlock.Table(sweep(result)));
        }
        blocks.add(new ReportBlock.Heading(2, "Final runs"));
        blocks.add(new ReportBlock.Table(runs(result)));
        blocks.add(new ReportBlock.Paragraph(
                "The intervals of single runs cover the choice of the rows, not the seed; differences between"
                        + " arms are in the first table."));
        blocks.add(new ReportBlock.Heading(2, "Data, model and settings"));
        blocks.add(new ReportBlock.Table(facts(subject(result))));
        blocks.add(new ReportBlock.Code(Yaml.write(ExperimentFile.flags(result.settings()))));
        blocks.add(new ReportBlock.Heading(2, "Environment"));
        blocks.add(new ReportBlock.Table(facts(result.environment())));
        return blocks;
    }

    private static void figures(List<ReportBlock> blocks, ExperimentResult result) {
        String metric = Excerpt.sentence(result.metric().name());
        blocks.add(new ReportBlock.Figure(
                ExperimentCharts.METRIC,
                "%s on the %s rows: each seed, the mean and its 95 %% interval, that of the arm alone."
                        .formatted(metric, result.rows().words())));
        if (result.arms().stream().anyMatch(arm -> arm.fromAll() != null || arm.fromRandom() != null)) {
            blocks.add(new ReportBlock.Figure(
                    ExperimentCharts.DIFFERENCES,
                    "Differences of the arms over shared seeds, with intervals that hold all together with %s: those from all layers, and those from random layers."
                            .formatted(ReportNumbers.level(result.arms()))));
        }
        blocks.add(new ReportBlock.Figure(
                ExperimentCharts.TRADE_OFF,
                "%s against the number of parameters in the adapters; arms with about as many are drawn beside each other, in the order of the legend."
                        .formatted(metric)));
        ArmRanks.of(result.outcome())
                .ifPresent(ranks -> blocks.add(new ReportBlock.Figure(
                        ExperimentCharts.RANKS,
                        "Rank of each arm by %s in each seed, 1 for the best, with the mean and its 95 %% t interval over the seeds, that of the arm alone.%s"
                                .formatted(
                                        result.metric().name(),
                                        ranks.without().isEmpty()
                                                ? ""
                                                : " Not ranked, since they lack seeds: %s."
                                                        .formatted(ranks.without().stream()
                                                                .map(ArmOutcome::words)
                                                                .collect(Collectors.joining(", ")))))));
    }

    private static String lead(ExperimentResult result) {
        return String.format(
                Locale.ROOT,
                "LoRA on %s of a model with %d layers, each with the same rows, %s and %s, told by %s on %,d %s rows.",
                result.arms().stream().map(arm -> arm.arm().words()).collect(Collectors.joining(", ")),
                result.layers(),
                steps(result),
                result.settings().seeds() == 1 ? "one seed" : result.settings().seeds() + " seeds",
                result.metric().name(),
                result.rows().count(),
                result.rows().words());
    }

    private static String steps(ExperimentResult result) {
        LongSummaryStatistics steps = result.arms().stream()
                .flatMap(arm -> arm.runs().stream())
                .mapToLong(run -> run.summary().steps())
                .summaryStatistics();
        return steps.getMin() == steps.getMax()
                ? "the same number of steps"
                : "%s to %s steps".formatted(steps.getMin(), steps.getMax());
    }

    private static String leftBehind(ExperimentResult result) {
        long most = result.sweep().values().stream()
                .mapToLong(TrainingSummary::steps)
                .max()
                .orElse(0);
        boolean some = result.sweep().values().stream().anyMatch(run -> run.steps() < most);
        return some
                ? " By successive halving, rates that fell behind stopped after a part of the steps, and have the"
                        + " value that they had there."
                : "";
    }

    private static List<List<String>> sweep(ExperimentResult result) {
        List<List<String>> rows = new ArrayList<>();
        List<Double> rates = result.settings().rates().stream().sorted().toList();
        List<String> headings = new ArrayList<>(List.of("Arm"));
        rates.forEach(rate -> headings.add(ReportNumbers.rate(rate)));
        headings.add("Taken");
        rows.add(headings);
        for (ArmResult arm : result.arms()) {
            if (!arm.arm().isTrained()) {
                continue;
            }
            List<String> row = new ArrayList<>(List.of(arm.arm().words()));
            for (double rate : rates) {
                row.add(arm.tried().stream()
                        .filter(tried -> tried.rate() == rate)
                        .map(tried -> ReportNumbers.metric(result.metric().of(tried.validation())))
                        .findFirst()
                        .orElse("failed"));
            }
            row.add(ReportNumbers.rate(arm.rate()));
            rows.add(row);
        }
        return rows;
    }

    private static List<List<String>> runs(ExperimentResult result) {
        List<List<String>> rows = new ArrayList<>();
        String measured = result.rows().words();
        rows.add(List.of(
                "Arm",
                "Seed",
                "Layers",
                "Steps",
                "%s (%s)".formatted(result.metric().name(), measured),
                "95 % interval",
                "loss (%s)".formatted(measured),
                "95 % interval",
                "Step",
                "Peak memory"));
        for (ArmResult arm : result.arms()) {
            for (FinalRun run : arm.runs()) {
                rows.add(List.of(
                        arm.arm().words(),
                        String.valueOf(run.cell().seed()),
                        LayerList.format(run.summary().layers()),
                        String.valueOf(run.summary().steps()),
                        ReportNumbers.metric(result.metric().of(run.measured())),
                        interval(result.metric().name(), run.measured()),
                        ReportNumbers.metric(run.measured().loss()),
                        interval(Evaluation.LOSS, run.measured()),
                        ReportNumbers.milliseconds(run.summary().secondsPerStep()),
                        ReportNumbers.bytes(run.summary().peakMemoryBytes())));
            }
        }
        return rows;
    }

    /**
     * Returns the interval over the rows; "–" if unknown. Runs of earlier versions and of clusters have an interval of
     * the accuracy only.
     */
    private static String interval(String metric, Evaluation measured) {
        return MetricIntervals.words(metric, measured, ReportNumbers::metric).orElse(ReportNumbers.metric(Double.NaN));
    }

    private static Map<String, String> subject(ExperimentResult result) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", "%s, %s layers".formatted(result.settings().model().model(), result.layers()));
        facts.put("task", result.task());
        facts.put(
                "training rows",
                String.format(
                        Locale.ROOT,
                        "%,d of %s",
                        result.rows().training(),
                        result.settings().data().data()));
        facts.put(
                "measured on",
                String.format(
                        Locale.ROOT,
                        "%,d %s rows of %s",
                        result.rows().count(),
                        result.rows().words(),
                        result.rows().location()));
        if (result.selected() != null) {
            facts.put(
                    "selected layers",
                    "%s, by %s"
                            .formatted(
                                    LayerList.format(result.selected()),
                                    result.settings()
                                            .analysis()
                                            .measures()
                                            .get(0)
                                            .title()));
        }
        return facts;
    }

    private static List<List<String>> facts(Map<String, String> facts) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("What", "Value"));
        facts.forEach((what, value) -> rows.add(List.of(what, Objects.toString(value))));
        return rows;
    }
}

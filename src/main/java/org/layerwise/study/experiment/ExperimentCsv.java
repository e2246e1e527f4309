package org.layerwise.study.experiment;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.CsvText;
import org.layerwise.run.TrainingSummary;
import org.layerwise.training.Evaluation;

/**
 * Formats the numbers of an experiment as CSV. Numbers are lossless with a decimal point; a missing value is an empty
 * cell.
 */
final class ExperimentCsv {

    private ExperimentCsv() {}

    /**
     * Returns a table with one line per run: {@code kind} (sweep or final), {@code arm}, {@code layers} (0-based,
     * separated by spaces), {@code learning_rate}, {@code seed}, {@code steps}, parameters, times in seconds, memory in
     * bytes, then loss and metrics on the validation and on the test rows, and the {@code folder}.
     */
    static String runs(ExperimentResult result) {
        Set<String> metrics = metrics(result);
        StringBuilder text = new StringBuilder(
                "kind,arm,layers,learning_rate,seed,steps,adapter_parameters,trainable_parameters,seconds_per_step,seconds,peak_memory_bytes");
        for (String rows : List.of("validation", "test")) {
            text.append(',').append(rows).append("_loss");
            metrics.forEach(metric -> text.append(',').append(CsvText.quoted(rows + "_" + metric)));
        }
        text.append(",folder\n");
        result.sweep().forEach((cell, summary) -> run(text, cell, summary, metrics));
        for (ArmResult arm : result.arms()) {
            arm.runs().forEach(run -> run(text, run.cell(), run.summary(), metrics));
        }
        return text.toString();
    }

    private static Set<String> metrics(ExperimentResult result) {
        Set<String> names = new TreeSet<>();
        result.arms().forEach(arm -> arm.runs()
                .forEach(run -> names.addAll(run.measured().metrics().keySet())));
        return names;
    }

    private static void run(StringBuilder text, Cell cell, TrainingSummary summary, Set<String> metrics) {
        text.append(String.join(
                ",",
                cell.purpose().id(),
                cell.arm().id(),
                summary.layers().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                CsvText.number(cell.rate()),
                String.valueOf(cell.seed()),
                String.valueOf(summary.steps()),
                String.valueOf(summary.adapterParameters()),
                String.valueOf(summary.trainableParameters()),
                CsvText.number(summary.secondsPerStep()),
                CsvText.number(summary.seconds()),
                summary.peakMemoryBytes() > 0 ? String.valueOf(summary.peakMemoryBytes()) : ""));
        evaluation(text, summary.after(), metrics);
        evaluation(text, summary.test(), metrics);
        text.append(',').append(cell.folder()).append('\n');
    }

    private static void evaluation(StringBuilder text, @Nullable Evaluation evaluation, Set<String> metrics) {
        Map<String, Double> values = evaluation == null ? Map.of() : evaluation.metrics();
        text.append(',').append(evaluation == null ? "" : CsvText.number(evaluation.loss()));
        metrics.forEach(metric -> text.append(',').append(CsvText.number(values.getOrDefault(metric, Double.NaN))));
    }

    /**
     * Returns a table with one line per arm: {@code arm}, the chosen {@code learning_rate}, the number of
     * {@code seeds}, parameters, the medians of the seconds per step and of the peak memory with their ratios to all
     * layers, then the {@code metric}, the {@code rows} on which it was measured, its {@code mean} and standard
     * deviation {@code sd} over the seeds with the interval, the difference from all layers with its simultaneous
     * interval and its p-value by Holm, the same for the difference from random layers, the {@code level} of the
     * simultaneous intervals, the sources of variation that they cover ({@code covers}), and
     * whether the experiment has no plan or does not follow it ({@code exploratory}).
     */
    static String arms(ExperimentResult result) {
        StringBuilder text = new StringBuilder(
                "arm,learning_rate,seeds,adapter_parameters,trainable_parameters,seconds_per_step,step_ratio,peak_memory_bytes,memory_ratio,metric,rows,mean,sd,low,high,difference,difference_low,difference_high,difference_p,from_random,from_random_low,from_random_high,from_random_p,level,covers,exploratory\n");
        for (ArmResult arm : result.arms()) {
            ArmResult.Difference any = arm.fromAll() == null ? arm.fromRandom() : arm.fromAll();
            text.append(String.join(
                            ",",
                            arm.arm().id(),
                            CsvText.number(arm.rate()),
                            String.valueOf(arm.runs().size()),
                            String.valueOf(Math.round(arm.adapterParameters())),
                            String.valueOf(Math.round(arm.trainableParameters())),
                            CsvText.number(arm.secondsPerStep()),
                            ratio(result, arm, run -> run.summary().secondsPerStep()),
                            arm.peakMemoryBytes() > 0 ? String.valueOf(Math.round(arm.peakMemoryBytes())) : "",
                            ratio(result, arm, run -> run.summary().peakMemoryBytes()),
                            CsvText.quoted(result.metric().name()),
                            result.rows().words(),
                            CsvText.number(arm.mean()),
                            CsvText.number(arm.spread()),
                            ends(arm.interval()),
                            difference(arm.fromAll()),
                            difference(arm.fromRandom()),
                            any == null ? "" : CsvText.number(any.level()),
                            any == null || any.interval() == null
                                    ? ""
                                    : any.coverage().id(),
                            String.valueOf(result.plan().isExploratory())))
                    .append('\n');
        }
        return text.toString();
    }

    private static String ratio(ExperimentResult result, ArmResult arm, ToDoubleFunction<FinalRun> value) {
        return result.arm(Arm.ALL)
                .map(all -> CsvText.number(arm.ratio(all, value)))
                .orElse("");
    }

    private static String difference(ArmResult.@Nullable Difference difference) {
        return difference == null
                ? ",,,"
                : String.join(
                        ",",
                        CsvText.number(difference.value()),
                        ends(difference.interval()),
                        CsvText.number(difference.p()));
    }

    private static String ends(@Nullable Interval interval) {
        return interval == null ? "," : CsvText.number(interval.low()) + "," + CsvText.number(interval.high());
    }
}

package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Statistics;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.training.Evaluation;

/**
 * Sentences on what an experiment decides: a difference only if its interval excludes 0; otherwise the difference that
 * the experiment could have shown. Never that there is no difference.
 */
record Conclusion(ExperimentResult result) {

    /** Standard errors by which all layers must beat the untrained model. */
    static final double LEAST_ERRORS = 5;

    private static final double ERRORS_OF_HALF_WIDTH = 1.959963984540054;

    /** Returns one sentence per baseline, after one that says if the task does not count. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        untrained().ifPresent(sentences::add);
        comparison("all layers", ArmResult::fromAll).ifPresent(sentences::add);
        comparison("random layers", ArmResult::fromRandom).ifPresent(sentences::add);
        return sentences;
    }

    private Optional<String> comparison(
            String baseline, Function<ArmResult, ArmResult.@Nullable Difference> difference) {
        List<ArmResult> compared = result.arms().stream()
                .filter(arm -> difference.apply(arm) != null)
                .toList();
        if (compared.isEmpty()) {
            return Optional.empty();
        }
        List<String> better = new ArrayList<>();
        List<String> worse = new ArrayList<>();
        List<ArmResult> open = new ArrayList<>();
        for (ArmResult arm : compared) {
            ArmResult.Difference found = Objects.requireNonNull(difference.apply(arm));
            if (found.decided()) {
                boolean gain = found.value() > 0 != result.metric().lessIsBetter();
                (gain ? better : worse)
                        .add("%s (%s)".formatted(arm.arm().words(), ReportNumbers.difference(found.value())));
            } else {
                open.add(arm);
            }
        }
        List<String> parts = new ArrayList<>();
        if (!better.isEmpty()) {
            parts.add("better than %s: %s".formatted(baseline, String.join(", ", better)));
        }
        if (!worse.isEmpty()) {
            parts.add("worse than %s: %s".formatted(baseline, String.join(", ", worse)));
        }
        String decided = parts.isEmpty() ? "" : "Decided: %s. ".formatted(String.join("; ", parts));
        return Optional.of((decided + undecided(baseline, open, difference)).strip());
    }

    private static String undecided(
            String baseline, List<ArmResult> open, Function<ArmResult, ArmResult.@Nullable Difference> difference) {
        if (open.isEmpty()) {
            return "";
        }
        String arms = open.stream().map(arm -> arm.arm().words()).collect(Collectors.joining(", "));
        List<ArmResult.Difference> differences = open.stream()
                .map(arm -> Objects.requireNonNull(difference.apply(arm)))
                .toList();
        int seeds =
                differences.stream().mapToInt(ArmResult.Difference::seeds).max().orElse(0);
        List<Double> smallest = differences.stream()
                .map(ArmResult.Difference::smallest)
                .filter(Double::isFinite)
                .sorted()
                .toList();
        String could;
        if (differences.stream().allMatch(one -> Double.isNaN(one.value()))) {
            could = "a run has no value";
        } else if (seeds < 2) {
            could = "one seed cannot tell the layers from the luck of a seed";
        } else if (smallest.isEmpty()) {
            could = "the spread over these seeds is unknown";
        } else {
            double least = smallest.get(0);
            double most = smallest.get(smallest.size() - 1);
            String from = ReportNumbers.metric(least);
            String to = ReportNumbers.metric(most);
            could = "these %s seeds could show a difference of %s (with %s %% power)"
                    .formatted(
                            seeds,
                            from.equals(to) ? from : "%s to %s, depending on the arm".formatted(from, to),
                            Math.round(100 * ArmResult.Difference.POWER));
        }
        return "Not decided against %s: %s; %s.".formatted(baseline, arms, could);
    }

    /** Returns a sentence if all layers do not beat the untrained model by far, or that is not known. */
    private Optional<String> untrained() {
        Optional<ArmResult> all = result.arm(Arm.ALL);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        List<Double> gains = new ArrayList<>();
        double ofRows = 0;
        for (FinalRun run : all.get().runs()) {
            Evaluation before = run.summary().before();
            Evaluation after = run.summary().after();
            if (before == null || after == null) {
                return Optional.of(
                        "Whether anything was learnt is not known: without validation rows the untrained model was not"
                                + " measured.");
            }
            double gain = result.metric().of(after) - result.metric().of(before);
            gains.add(result.metric().lessIsBetter() ? -gain : gain);
            ofRows += variance(before) + variance(after);
        }
        double spread = Statistics.spread(gains);
        double ofSeeds = gains.size() < 2 ? 0 : spread * spread / gains.size();
        double error = Math.sqrt(ofSeeds + ofRows / Math.max(1, gains.size()));
        double gain = Statistics.mean(gains);
        return gain >= LEAST_ERRORS * error && gain > 0
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "This task does not count: all layers beat the untrained model by %s with a standard error of"
                                + " %s on the validation rows, not by %.0f standard errors, so differences say nothing"
                                + " about which layers to train.",
                        ReportNumbers.difference(gain),
                        ReportNumbers.metric(error),
                        LEAST_ERRORS));
    }

    /** Returns the variance of a metric over the choice of rows, as its interval shows it; 0 if that is unknown. */
    private double variance(Evaluation evaluation) {
        Interval interval =
                MetricIntervals.of(result.metric().name(), evaluation).orElse(null);
        if (interval == null) {
            return 0;
        }
        double error = (interval.high() - interval.low()) / 2 / ERRORS_OF_HALF_WIDTH;
        return error * error;
    }
}

package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.data.Excerpt;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;

/** Remarks about the numbers of an experiment that prevent wrong conclusions from them. */
record Remarks(ExperimentResult result) {

    private static final int FEW_SEEDS = 5;

    /** Sentence on the reliability of the intervals of differences. */
    static final String FALSE_ALARMS =
            "These 95 % intervals are approximate. Of arms that do not differ, one in twenty should be called better or worse; in simulations with 3 seeds it was 1 to 17 %, and up to a quarter where seeds vary much more than rows. Do not rely on a single interval that narrowly misses 0.";

    /** Returns all remarks, one or two sentences each. */
    List<String> all() {
        List<String> remarks = new ArrayList<>();
        rows(remarks);
        predictions(remarks);
        undefined(remarks);
        differences(remarks);
        chance(remarks);
        sizes(remarks);
        rates(remarks);
        remarks.add(
                result.environment().containsKey("remote")
                        ? "Step times and memory are those of jobs on %s, which may have worked at the same time, on other computers or beside the work of others; compare them with care."
                                .formatted(result.environment().get("remote"))
                        : "Step times and memory are those of this process on this machine while it did whatever else it did; the arms of a seed ran one after the other, so rely on the ratios. Memory is that of the whole process with the model, the virtual machine and the evaluations, so its ratio understates what fewer layers save in a step.");
        if (result.settings().analysis().bootstrap() == 0 && result.selected() != null) {
            remarks.add(
                    "How sure the selection itself is was not asked; --bootstrap 1000 tells how often each layer is selected.");
        }
        remarks.addAll(result.remarks());
        result.broken()
                .forEach((cell, reason) ->
                        remarks.add("Left out, because it broke: %s. %s".formatted(cell.words(), reason)));
        return remarks;
    }

    private void rows(List<String> remarks) {
        if (result.rows().test()) {
            remarks.add("Measured on %s that nothing was chosen by%s."
                    .formatted(counted(result.rows().count(), "test row"), oneMore()));
        } else {
            List<String> chosen = new ArrayList<>();
            if (choosesRates()) {
                chosen.add("the learning rates");
            }
            if (choosesAdapters()) {
                chosen.add("the adapters that were kept");
            }
            remarks.add("There are no test rows: this is measured on %s%s%s."
                    .formatted(
                            counted(result.rows().count(), "validation row"),
                            oneMore(),
                            chosen.isEmpty()
                                    ? ""
                                    : ", the same that %s were chosen by, so it is a little too good"
                                            .formatted(String.join(" and ", chosen))));
        }
    }

    private boolean choosesRates() {
        return result.settings().rates().size() > 1;
    }

    private boolean choosesAdapters() {
        TrainingSettings training = result.settings().training();
        return training.get(RunSettings.KEEP_BEST)
                || training.values().find(RunSettings.PATIENCE).isPresent();
    }

    private Stream<FinalRun> runs() {
        return result.arms().stream().flatMap(arm -> arm.runs().stream());
    }

    /** Tells the source of the compared values if they are not those of the runs themselves. */
    private void predictions(List<String> remarks) {
        runs().mapToDouble(run ->
                        Math.abs(result.metric().of(run.own()) - result.metric().of(run.measured())))
                .filter(apart -> apart > 0)
                .max()
                .ifPresent(apart -> remarks.add(
                        "Metrics and their intervals are those of predictions that were made on this computer with the adapters of the runs; the %s that the runs themselves measured%s differs from it by at most %s. Losses are the runs' own."
                                .formatted(
                                        result.metric().name(),
                                        choosesRates() || choosesAdapters() ? ", and chose by," : "",
                                        ReportNumbers.metric(apart))));
    }

    /** Tells the runs without a value. */
    private void undefined(List<String> remarks) {
        runs().filter(run -> Double.isNaN(result.metric().of(run.measured())))
                .forEach(run -> remarks.add(
                        "%s has no %s: a row of its evaluation did not come out as a number (NaN), so its arm has neither a value nor an interval."
                                .formatted(
                                        Excerpt.sentence(run.cell().words()),
                                        result.metric().name())));
    }

    private String oneMore() {
        return result.metric().name().equals("accuracy")
                ? String.format(
                        Locale.ROOT,
                        " (one more that is right is %.4f)",
                        1.0 / result.rows().count())
                : "";
    }

    private void differences(List<String> remarks) {
        List<ArmResult> compared =
                result.arms().stream().filter(arm -> arm.difference() != null).toList();
        for (ArmResult arm : compared) {
            ArmResult.Difference difference = Objects.requireNonNull(arm.difference());
            String words = Excerpt.sentence(arm.arm().words());
            if (Double.isNaN(difference.value())) {
                continue; // the run without a value is told
            }
            if (difference.interval() == null) {
                remarks.add("%s: %s from all layers; %s %s, so there is no interval."
                        .formatted(
                                words,
                                ReportNumbers.difference(difference.value()),
                                result.metric().name(),
                                isOfRows(arm)
                                        ? "has no value in too many draws of the rows"
                                        : "cannot be told of single rows"));
            } else if (difference.shown()) {
                boolean better = difference.value() > 0 != result.metric().lessIsBetter();
                remarks.add("%s: %s than all layers by %s; the 95 %% interval %s does not hold 0."
                        .formatted(
                                words,
                                better ? "better" : "worse",
                                ReportNumbers.metric(Math.abs(difference.value())),
                                ReportNumbers.interval(difference.interval())));
            } else {
                remarks.add(
                        "%s: %s from all layers; the 95 %% interval %s holds 0, so these data show no difference, which does not mean that there is none."
                                .formatted(
                                        words,
                                        ReportNumbers.difference(difference.value()),
                                        ReportNumbers.interval(difference.interval())));
            }
        }
        if (compared.size() > 1) {
            remarks.add("%s arms are compared with all layers; the intervals are not widened for that."
                    .formatted(compared.size()));
        }
        if (compared.stream()
                .anyMatch(arm -> Objects.requireNonNull(arm.difference()).interval() != null)) {
            remarks.add(FALSE_ALARMS);
        }
    }

    private boolean isOfRows(ArmResult arm) {
        return arm.runs().stream()
                .map(FinalRun::predictions)
                .allMatch(predictions -> predictions != null
                        && predictions.canCompute(result.metric().name()));
    }

    private void chance(List<String> remarks) {
        if (!result.metric().name().equals("accuracy")) {
            return;
        }
        runs().map(FinalRun::predictions)
                .filter(Objects::nonNull)
                .filter(Predictions::classes)
                .findFirst()
                .ifPresent(predictions -> {
                    double majority = predictions.majority();
                    String arms = result.arms().stream()
                            .filter(arm ->
                                    arm.interval() != null && arm.interval().low() <= majority)
                            .map(arm -> arm.arm().words())
                            .collect(Collectors.joining(", "));
                    remarks.add("Always saying the most frequent class comes to %s.%s"
                            .formatted(
                                    ReportNumbers.metric(majority),
                                    arms.isEmpty()
                                            ? ""
                                            : " Not surely above that, so perhaps nothing was learnt: %s."
                                                    .formatted(arms)));
                });
    }

    private void sizes(List<String> remarks) {
        int seeds = result.settings().seeds();
        if (seeds < FEW_SEEDS) {
            remarks.add(
                    "%s an arm: the spread over seeds is known roughly at best, and intervals from so few seeds are rather too narrow."
                            .formatted(counted(seeds, "seed")));
        }
        remarks.add("One model, one dataset of %s, one length of training: other ones may turn out differently."
                .formatted(counted(result.rows().training(), "training row")));
    }

    private void rates(List<String> remarks) {
        List<Double> rates = result.settings().rates();
        if (rates.size() == 1) {
            remarks.add(
                    "All arms have the same learning rate, which need not suit each of them; --lrs lets each arm choose.");
            return;
        }
        double lowest = rates.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double highest = rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        Map<String, String> edges = result.arms().stream()
                .filter(arm -> arm.rate() == lowest || arm.rate() == highest)
                .collect(Collectors.groupingBy(
                        arm -> arm.rate() == lowest ? "lowest" : "highest",
                        Collectors.mapping(arm -> arm.arm().words(), Collectors.joining(", "))));
        edges.forEach((edge, arms) ->
                remarks.add("The chosen learning rate is the %s that was tried for: %s. A rate beyond it may be better."
                        .formatted(edge, arms)));
        remarks.add("Each learning rate was tried with one seed only.");
    }

    private static String counted(int number, String thing) {
        return String.format(Locale.ROOT, "%,d %s%s", number, thing, number == 1 ? "" : "s");
    }
}

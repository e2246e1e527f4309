package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.data.Excerpt;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.statistics.Coverage;

/** Remarks about the numbers of an experiment that prevent wrong conclusions from them. */
record Remarks(ExperimentResult result) {

    private static final int FEW_SEEDS = 5;

    /** Returns all remarks, one or two sentences each. */
    List<String> all() {
        List<String> remarks = new ArrayList<>(result.plan().sentences());
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
                        : "Step times and memory are those of this process on this machine while it did whatever else"
                                + " it did; the arms of a seed ran one after the other, so rely on the ratios. Memory is"
                                + " that of the whole process with the model, the virtual machine and the evaluations,"
                                + " so its ratio understates what fewer layers save in a step.");
        if (result.arm(Arm.PRUNED).isPresent()) {
            remarks.add(
                    "What is pruned after training is the adapter of all layers with the same seed, without the layers that add the least to the outputs on the training rows: it was not trained, its steps, times and memory are those of all layers, and it saves parameters only after the training.");
        }
        if (result.settings().analysis().bootstrap() == 0 && result.selected() != null) {
            remarks.add("How sure the selection itself is was not asked; --bootstrap 1000 tells how often each layer is"
                    + " selected.");
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
                result.arms().stream().filter(arm -> arm.fromAll() != null).toList();
        for (ArmResult arm : compared) {
            ArmResult.Difference difference = Objects.requireNonNull(arm.fromAll());
            if (difference.interval() == null && !Double.isNaN(difference.value())) {
                remarks.add("%s: %s from all layers; %s, so there is no interval."
                        .formatted(
                                Excerpt.sentence(arm.arm().words()),
                                ReportNumbers.difference(difference.value()),
                                difference.seeds() < 2
                                        ? result.metric().name()
                                                + (isOfRows(arm)
                                                        ? " has no value without some of the rows, and there is one"
                                                                + " seed only"
                                                        : " cannot be told of single rows, and there is one seed only")
                                        : "it is the same for all seeds"));
            }
        }
        coverage().ifPresent(coverage -> remarks.add(covered(coverage)));
        if (result.arms().stream().anyMatch(arm -> arm.fromRandom() != null)) {
            remarks.add(
                    "Random layers are drawn anew for each seed%s, so the spread of differences from them holds the luck of the draw, too."
                            .formatted(draws()));
        }
    }

    /** Returns the number of different draws of random layers, in words behind a colon. */
    private String draws() {
        return result.arm(Arm.RANDOM)
                .map(ArmResult::runs)
                .map(runs -> ": %s, %s of them different"
                        .formatted(
                                runs.size() == 1 ? "1 draw" : runs.size() + " draws",
                                runs.stream()
                                        .map(run -> run.summary().layers())
                                        .distinct()
                                        .count()))
                .orElse("");
    }

    private Optional<Coverage> coverage() {
        return result.arms().stream()
                .flatMap(arm -> Stream.of(Optional.ofNullable(arm.fromAll()), Optional.ofNullable(arm.fromRandom())))
                .flatMap(Optional::stream)
                .filter(difference -> difference.interval() != null)
                .map(ArmResult.Difference::coverage)
                .findFirst();
    }

    private String covered(Coverage coverage) {
        boolean all = result.arms().stream().anyMatch(arm -> arm.fromAll() != null);
        long arms = result.arms().stream()
                .filter(arm -> all ? arm.fromAll() != null : arm.fromRandom() != null)
                .count();
        return switch (coverage) {
            case ROWS ->
                "The intervals of differences cover %s: nothing is known of another seed, so no difference counts as decided."
                        .formatted(coverage.words());
            case SEEDS, SEEDS_AND_ROWS ->
                "The intervals of differences cover %s. They hold all together: if none of the %s compared with %s differed, one or more would be called better or worse in %s of such experiments; in simulations of 95 %% intervals with 5 to 10 seeds it was %s %%."
                        .formatted(
                                coverage.words(),
                                counted((int) arms, "arm"),
                                all ? Arm.ALL.words() : Arm.RANDOM.words(),
                                ReportNumbers.level(1 - ReportNumbers.levelOf(result.arms())),
                                coverage.simulated());
        };
    }

    private static boolean isOfRows(ArmResult arm) {
        return arm.runs().stream().allMatch(run -> run.rows() != null);
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
                    "%s an arm: the spread over seeds is known roughly at best, and intervals from so few seeds are wide."
                            .formatted(counted(seeds, "seed")));
        }
        remarks.add("One model, one dataset of %s, one length of training: other ones may turn out differently."
                .formatted(counted(result.rows().training(), "training row")));
    }

    private void rates(List<String> remarks) {
        List<Double> rates = result.settings().rates();
        if (rates.size() == 1) {
            remarks.add("All arms have the same learning rate, which need not suit each of them; --lrs lets each arm"
                    + " choose.");
            return;
        }
        double lowest = rates.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double highest = rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        Map<String, String> edges = result.arms().stream()
                .filter(arm -> arm.arm().isTrained())
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

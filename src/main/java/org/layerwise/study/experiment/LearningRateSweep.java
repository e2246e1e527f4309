package org.layerwise.study.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.Decimals;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Excerpt;
import org.layerwise.run.Run;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.BestMetric;
import org.layerwise.study.experiment.rules.Sweep;
import org.layerwise.study.experiment.rules.SweepRule;
import org.layerwise.training.Evaluation;

/**
 * Chooses the learning rate of each arm by the validation rows. Its runs have a seed of their own and no test rows, so
 * that nothing that is reported has chosen a rate.
 *
 * @param rule rule of the choice
 * @param steps number of steps of a training
 * @param metric function that returns the metric, from any run that has begun
 */
record LearningRateSweep(
        ExperimentSettings settings, SweepRule rule, int steps, CellRuns runs, Function<Cell, BestMetric> metric) {

    /**
     * Result of a sweep.
     *
     * @param summaries summaries of the runs, also of those that stopped early
     * @param tried learning rates of each arm, ascending, each with its last evaluation
     * @param chosen learning rate of each arm; that of all layers for the pruned arm
     */
    record Chosen(Map<Cell, TrainingSummary> summaries, Map<Arm, List<Sweep.Tried>> tried, Map<Arm, Double> chosen) {}

    /**
     * Runs the sweep; without one, if there is a single learning rate.
     *
     * @throws UserException if no run of an arm ends
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    Chosen run(PauseSwitch pause, Progress progress, ExperimentListener listener) {
        List<Cell> left = settings.grid().sweep();
        Map<Arm, Double> chosen = new LinkedHashMap<>();
        if (left.isEmpty()) {
            settings.arms().forEach(arm -> chosen.put(arm, settings.rates().get(0)));
            return new Chosen(Map.of(), Map.of(), chosen);
        }
        List<Cell> all = left;
        Map<Cell, Sweep.Tried> last = new LinkedHashMap<>();
        List<Integer> rungs = rule.rungs(steps, settings.rates().size());
        for (int rung = 0; rung < rungs.size(); rung++) {
            Progress part = progress.part((double) rung / rungs.size(), (rung + 1.0) / rungs.size());
            boolean end = rung + 1 == rungs.size();
            Map<Cell, Evaluation> evaluations =
                    end ? ended(left, pause, part) : runs.trainUntil(rungs.get(rung), left, pause, part);
            evaluations.forEach((cell, found) -> last.put(cell, new Sweep.Tried(cell.rate(), found)));
            left = end ? List.copyOf(evaluations.keySet()) : better(evaluations);
        }
        choose(left, last, chosen, listener);
        return new Chosen(summaries(all, last), tried(last), chosen);
    }

    private Map<Cell, Evaluation> ended(List<Cell> left, PauseSwitch pause, Progress progress) {
        Map<Cell, Evaluation> evaluations = new LinkedHashMap<>();
        runs.train(left, pause, progress).forEach((cell, summary) -> {
            if (summary.after() != null) {
                evaluations.put(cell, summary.after());
            }
        });
        return evaluations;
    }

    /** Returns the runs that go on, in the order of the arms and learning rates. */
    private List<Cell> better(Map<Cell, Evaluation> evaluations) {
        List<Cell> better = new ArrayList<>();
        for (Arm arm : settings.trained()) {
            List<Sweep.Tried> tried = of(arm, evaluations);
            List<Double> kept =
                    Sweep.ranked(tried, metric(evaluations.keySet()))
                            .subList(0, SweepRule.survivors(tried.size()))
                            .stream()
                            .map(Sweep.Tried::rate)
                            .toList();
            evaluations.keySet().stream()
                    .filter(cell -> cell.arm().equals(arm) && kept.contains(cell.rate()))
                    .forEach(better::add);
        }
        return better;
    }

    private static List<Sweep.Tried> of(Arm arm, Map<Cell, Evaluation> evaluations) {
        return evaluations.entrySet().stream()
                .filter(entry -> entry.getKey().arm().equals(arm))
                .map(entry -> new Sweep.Tried(entry.getKey().rate(), entry.getValue()))
                .toList();
    }

    private BestMetric metric(Iterable<Cell> cells) {
        return metric.apply(cells.iterator().next());
    }

    private void choose(
            List<Cell> finalists, Map<Cell, Sweep.Tried> last, Map<Arm, Double> chosen, ExperimentListener listener) {
        for (Arm arm : settings.trained()) {
            List<Sweep.Tried> tried = finalists.stream()
                    .filter(cell -> cell.arm().equals(arm))
                    .map(last::get)
                    .toList();
            if (tried.isEmpty()) {
                throw runs.noRun(arm);
            }
            double best = Sweep.best(tried, metric(finalists)).orElseThrow().rate();
            chosen.put(arm, best);
            listener.noted("%s: learning rate %s of %s."
                    .formatted(
                            Excerpt.sentence(arm.words()),
                            Decimals.shortest(best),
                            settings.rates().stream().map(Decimals::shortest).collect(Collectors.joining(", "))));
        }
        if (settings.arms().contains(Arm.PRUNED)) {
            chosen.put(Arm.PRUNED, Objects.requireNonNull(chosen.get(Arm.ALL)));
        }
    }

    private Map<Arm, List<Sweep.Tried>> tried(Map<Cell, Sweep.Tried> last) {
        Map<Arm, List<Sweep.Tried>> tried = new LinkedHashMap<>();
        last.forEach((cell, found) ->
                tried.computeIfAbsent(cell.arm(), arm -> new ArrayList<>()).add(found));
        tried.values().forEach(list -> list.sort(Comparator.comparingDouble(Sweep.Tried::rate)));
        return tried;
    }

    private Map<Cell, TrainingSummary> summaries(List<Cell> all, Map<Cell, Sweep.Tried> last) {
        Map<Cell, TrainingSummary> summaries = new LinkedHashMap<>();
        all.stream().filter(last::containsKey).forEach(cell -> Run.open(runs.folder(cell))
                .summary()
                .ifPresent(summary -> summaries.put(cell, summary)));
        return summaries;
    }
}

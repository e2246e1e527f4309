package org.layerwise.run.paired;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.run.RowsIdentity;
import org.layerwise.run.Run;
import org.layerwise.run.RunIdentity;
import org.layerwise.run.RunOverview;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.PairedTest;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.training.Evaluation;

/**
 * Paired tests of all pairs of some runs that were evaluated on the same rows.
 *
 * @param pairs pairs in the order of the runs, one metric each
 * @param left number of runs that are in no pair because there are too many runs
 */
public record RunPairs(List<RunPair> pairs, int left) {

    /** Maximum number of runs of which all pairs are tested: 28 pairs. */
    public static final int MOST_RUNS = 8;

    public RunPairs {
        pairs = List.copyOf(pairs);
    }

    /** Evaluated rows of a run, of one name. */
    private record Rows(
            @Nullable Evaluation evaluation,
            @Nullable RowsIdentity identity,
            Optional<RowMetrics> kept,
            String reason) {}

    /** Run with the information of its files about its rows. */
    private record Side(Run run, Map<String, Rows> byName) {}

    /**
     * Tests all pairs of the first {@value #MOST_RUNS} runs by the main metric of both runs.
     *
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static RunPairs of(List<Run> runs, Progress progress) {
        return of(runs, run -> Set.of(RunOverview.metricOf(run)), progress);
    }

    /**
     * Tests all pairs by other metrics.
     *
     * @param metrics returns the names of the metrics to test for a run
     */
    static RunPairs of(List<Run> runs, Function<Run, Set<String>> metrics, Progress progress) {
        List<Side> sides = runs.stream().limit(MOST_RUNS).map(RunPairs::side).toList();
        List<RunPair> pairs = new ArrayList<>();
        int all = sides.size() * (sides.size() - 1) / 2;
        int done = 0;
        for (int first = 0; first < sides.size(); first++) {
            for (int second = first + 1; second < sides.size(); second++) {
                progress.check();
                progress.report((double) done / all, "Comparing runs, pair %s of %s".formatted(++done, all));
                Side one = sides.get(first);
                Side other = sides.get(second);
                Set<String> wanted = new TreeSet<>(metrics.apply(one.run));
                wanted.retainAll(metrics.apply(other.run));
                for (String name : List.of(TrainingSummary.VALIDATION, TrainingSummary.TEST)) {
                    pairs.addAll(pairs(one, other, name, wanted, progress));
                }
            }
        }
        return new RunPairs(pairs, runs.size() - sides.size());
    }

    private static Side side(Run run) {
        Map<String, RowMetrics> kept = Map.of();
        String reason = "";
        Map<String, Evaluation> results = new LinkedHashMap<>();
        RunIdentity identity = null;
        try {
            identity = run.identity();
            Optional<TrainingSummary> summary = run.summary();
            if (summary.isPresent()) {
                results.putAll(summary.get().results());
                kept = run.evaluatedRows();
                reason = "%s keeps no results of its rows, as %s."
                        .formatted(
                                run.name(),
                                Run.isRemote(run.folder())
                                        ? "a run on a cluster never does"
                                        : "an earlier version wrote it, or its rows are too many or their results no numbers");
            } else {
                run.validation().ifPresent(found -> results.put(TrainingSummary.VALIDATION, found.evaluation()));
                reason = "%s has not ended.".formatted(run.name());
            }
        } catch (UserException e) {
            reason = String.valueOf(e.getMessage());
        }
        Map<String, Rows> byName = new LinkedHashMap<>();
        for (String name : List.of(TrainingSummary.VALIDATION, TrainingSummary.TEST)) {
            byName.put(
                    name,
                    new Rows(results.get(name), rows(identity, name), Optional.ofNullable(kept.get(name)), reason));
        }
        return new Side(run, byName);
    }

    /** Returns the identity of a run's rows of a given name; null if unknown. */
    private static @Nullable RowsIdentity rows(@Nullable RunIdentity identity, String name) {
        if (identity == null) {
            return null;
        }
        return name.equals(TrainingSummary.TEST) ? identity.test() : identity.firstValidation();
    }

    private static List<RunPair> pairs(Side first, Side second, String name, Set<String> wanted, Progress progress) {
        Rows one = Objects.requireNonNull(first.byName.get(name));
        Rows other = Objects.requireNonNull(second.byName.get(name));
        if (one.evaluation == null || other.evaluation == null) {
            return List.of();
        }
        Optional<String> reason = reason(first.run, second.run, one, other, wanted);
        if (reason.isPresent()) {
            return List.of(RunPair.untested(first.run, second.run, name, reason.get()));
        }
        List<RunPair> pairs = new ArrayList<>();
        for (String metric : wanted) {
            RowMetrics here = one.kept.get();
            RowMetrics there = other.kept.get();
            if (here.canCompute(metric) && there.canCompute(metric)) {
                pairs.add(new RunPair(
                        first.run, second.run, name, metric, PairedTest.of(metric, here, there, progress), ""));
            }
        }
        return pairs;
    }

    private static Optional<String> reason(Run first, Run second, Rows one, Rows other, Set<String> wanted) {
        if (one.kept.isEmpty() || other.kept.isEmpty()) {
            return Optional.of(one.kept.isEmpty() ? one.reason : other.reason);
        }
        if (one.identity == null
                || other.identity == null
                || !one.identity.isSame(other.identity)
                || one.kept.get().rows() != other.kept.get().rows()) {
            return Optional.of("%s and %s were evaluated on other rows, or on other tokens or labels of these."
                    .formatted(first.name(), second.name()));
        }
        return wanted.isEmpty()
                ? Optional.of("%s and %s are told by different metrics.".formatted(first.name(), second.name()))
                : Optional.empty();
    }

    /** Returns sentences about the tests for users; empty if nothing was tested. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        long tested = pairs.stream().filter(pair -> pair.test() != null).count();
        if (tested > 0) {
            notes.add(
                    "McNemar's exact test for accuracy, 95 % intervals of a paired bootstrap of the rows for other metrics. They cover the choice of rows, not another seed or another training.");
        }
        if (tested > 1) {
            notes.add("Of %s tests of runs that are equally good, about one in twenty tells a difference."
                    .formatted(tested));
        }
        if (left > 0) {
            notes.add("%s more runs are in no pair; name at most %s to test all.".formatted(left, MOST_RUNS));
        }
        return notes;
    }

    /** Adds the key {@code paired} to the JSON object of each run: its tests against later runs. */
    public void put(List<Run> runs, ArrayNode json) {
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            ArrayNode own = ((ObjectNode) json.get(i)).putArray("paired");
            pairs.stream().filter(pair -> pair.first().equals(run)).forEach(pair -> own.add(json(pair)));
        }
    }

    private static ObjectNode json(RunPair pair) {
        ObjectNode json = Json.object();
        json.put("with", pair.second().folder().toString());
        json.put("rows", pair.rows());
        PairedTest test = pair.test();
        if (test == null) {
            json.put("reason", pair.reason());
            return json;
        }
        json.put("metric", pair.metric());
        json.put("samples", test.rows());
        json.put("difference", test.difference());
        McNemar mcNemar = test.mcNemar();
        if (mcNemar != null) {
            json.put("only_first", mcNemar.onlyFirst());
            json.put("only_second", mcNemar.onlySecond());
            json.put("p", mcNemar.p());
        }
        Interval interval = test.interval();
        if (interval != null) {
            json.put("difference_low", interval.low());
            json.put("difference_high", interval.high());
            json.put("draws", test.draws());
        }
        if (!test.missing().isEmpty()) {
            json.put("reason", test.missing());
        }
        return json;
    }
}

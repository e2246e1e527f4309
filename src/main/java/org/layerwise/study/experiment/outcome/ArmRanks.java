package org.layerwise.study.experiment.outcome;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Statistics;
import org.layerwise.study.experiment.statistics.PairedDifference;
import org.layerwise.study.experiment.statistics.Ranks;

/**
 * Ranks of the arms in each seed.
 *
 * @param arms arms with as many seeds as any other, by mean rank, the best first
 * @param without arms that lack seeds, because a run failed or they were stopped, and so are not ranked
 */
public record ArmRanks(List<Ranked> arms, List<ArmOutcome> without) {

    /**
     * Ranks of an arm.
     *
     * @param bySeed rank in each seed; 1 is the best, and equal values share the mean of their ranks
     * @param mean mean rank
     * @param interval 95 % t interval of the mean rank over seeds, of this arm alone, cut to possible ranks; null if the
     *     ranks are all the same
     */
    public record Ranked(ArmOutcome arm, List<Double> bySeed, double mean, @Nullable Interval interval) {}

    /** Returns the ranks; empty if there are fewer than two arms or two seeds, or a value is NaN. */
    public static Optional<ArmRanks> of(Outcome outcome) {
        List<Long> seeds = outcome.arms().stream()
                .map(ArmRanks::seeds)
                .reduce(List.of(), (most, other) -> other.size() > most.size() ? other : most);
        List<ArmOutcome> whole =
                outcome.arms().stream().filter(arm -> seeds(arm).equals(seeds)).toList();
        boolean known = whole.stream().flatMap(arm -> arm.inOrder().stream()).noneMatch(value -> Double.isNaN(value));
        if (seeds.size() < 2 || whole.size() < 2 || !known) {
            return Optional.empty();
        }
        double[][] values = whole.stream()
                .map(arm ->
                        arm.inOrder().stream().mapToDouble(Double::doubleValue).toArray())
                .toArray(double[][]::new);
        double[][] ranks = Ranks.of(values, outcome.metric().lessIsBetter());
        List<Ranked> ranked = new ArrayList<>();
        for (int i = 0; i < ranks.length; i++) {
            List<Double> own = Arrays.stream(ranks[i]).boxed().toList();
            Interval interval = PairedDifference.ofSeeds(ranks[i]).interval(Outcome.LEVEL);
            ranked.add(new Ranked(
                    whole.get(i),
                    own,
                    Statistics.mean(own),
                    interval == null
                            ? null
                            : new Interval(Math.max(1, interval.low()), Math.min(ranks.length, interval.high()))));
        }
        ranked.sort((one, other) -> Double.compare(one.mean(), other.mean()));
        return Optional.of(new ArmRanks(
                ranked,
                outcome.arms().stream().filter(arm -> !seeds(arm).equals(seeds)).toList()));
    }

    private static List<Long> seeds(ArmOutcome arm) {
        return List.copyOf(arm.values().keySet());
    }
}

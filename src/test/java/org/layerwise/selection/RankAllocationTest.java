package org.layerwise.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.base.UserException;
import org.layerwise.model.LinearModule;
import org.layerwise.selection.RankAllocation.Candidate;

class RankAllocationTest {

    @Test
    void proportionalRanksFollowTheImportance() {
        List<Candidate> candidates = candidates(List.of(10L, 10L, 10L), 100, 1.0, 2.0, 5.0);

        assertThat(ranks(candidates, 400, RankRule.PROPORTIONAL, 1, 64)).containsExactly(5, 10, 25);
        // 64 is the highest rank, the rest is spread over the others
        assertThat(ranks(candidates, 1100, RankRule.PROPORTIONAL, 1, 64)).containsExactly(15, 31, 64);
        // the lowest rank comes first
        assertThat(ranks(candidates, 400, RankRule.PROPORTIONAL, 8, 64)).containsExactly(8, 9, 23);
    }

    @Test
    void proportionalRanksDoNotDependOnTheSize() {
        assertThat(ranks(candidates(List.of(10L, 30L), 100, 1.0, 1.0), 400, RankRule.PROPORTIONAL, 1, 64))
                .containsExactly(10, 10);
    }

    /** The ranks that maximise the sum of s log(1 + r) are s / (mu u) - 1. */
    @Test
    void waterFillingSpreadsParameters() {
        double[] importance = {3, 1, 2, 7};
        List<Long> units = List.of(10L, 30L, 20L, 5L);
        long budget = 200_000;
        List<Integer> ranks =
                ranks(candidates(units, 1_000_000, 3.0, 1.0, 2.0, 7.0), budget, RankRule.WATERFILL, 1, 65_536);
        long all = units.stream().mapToLong(Long::longValue).sum();
        double mu = 13.0 / (budget + all);
        for (int i = 0; i < 4; i++) {
            assertThat(ranks.get(i)).isCloseTo((int) Math.round(importance[i] / (mu * units.get(i)) - 1), within(1));
        }
    }

    /** Each choice of whole ranks is tried. */
    @Test
    void waterFillingFindsTheBestWholeRanksUpToTheLastOnes() {
        List<Candidate> candidates = candidates(List.of(3L, 2L, 4L), 30, 1.0, 0.4, 2.0);
        long budget = 60;
        double best = 0;
        for (int a = 1; a <= 20; a++) {
            for (int b = 1; b <= 30; b++) {
                for (int c = 1; c <= 15; c++) {
                    if (3 * a + 2 * b + 4 * c <= budget) {
                        best = Math.max(best, value(candidates, List.of(a, b, c)));
                    }
                }
            }
        }
        assertThat(value(candidates, ranks(candidates, budget, RankRule.WATERFILL, 1, 30)))
                .isBetween(0.99 * best, best + 1e-12);
    }

    private static double value(List<Candidate> candidates, List<Integer> ranks) {
        return IntStream.range(0, ranks.size())
                .mapToDouble(i -> candidates.get(i).importance() * Math.log1p(ranks.get(i)))
                .sum();
    }

    @ParameterizedTest
    @EnumSource(value = RankRule.class, names = "EVA", mode = EnumSource.Mode.EXCLUDE)
    void equalImportanceGivesEqualRanks(RankRule rule) {
        assertThat(ranks(candidates(List.of(7L, 7L, 7L), 50, 0.0, 0.0, 0.0), 7 * 30, rule, 1, 64))
                .containsExactly(10, 10, 10);
    }

    @ParameterizedTest
    @EnumSource(value = RankRule.class, names = "EVA", mode = EnumSource.Mode.EXCLUDE)
    void theLeastImportantGetNoAdapterWhereTheBudgetEnds(RankRule rule) {
        assertThat(ranks(candidates(List.of(10L, 10L, 10L), 50, 1.0, 3.0, 2.0), 45, rule, 2, 64))
                .containsExactly(0, 2, 2);
    }

    @Test
    void aBudgetBelowTheSmallestAdapterIsRefused() {
        List<Candidate> candidates = candidates(List.of(10L, 12L), 50, 1.0, 3.0);

        assertThatThrownBy(() -> ranks(candidates, 9, RankRule.WATERFILL, 1, 64))
                .isInstanceOf(UserException.class)
                .hasMessage("The budget of 9 parameters is too small: one adapter of rank 1 takes at least 10; raise"
                        + " the budget.");
        assertThatThrownBy(() -> ranks(candidates, 39, RankRule.PROPORTIONAL, 4, 64))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("takes at least 40; raise the budget, or set a lower lowest rank");
        assertThatThrownBy(() -> ranks(candidates, 10_000, RankRule.PROPORTIONAL, 51, 64))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("No linear map can have rank 51");
    }

    @Test
    void ranksAreAtMostTheWidth() {
        Candidate narrow = Candidate.of(new LinearModule("layers.0.a", 0, 4, 96), 1);
        assertThat(narrow.unit()).isEqualTo(100);
        assertThat(ranks(List.of(narrow), 1_000_000, RankRule.PROPORTIONAL, 1, 64))
                .containsExactly(4);
    }

    /**
     * Over random cases the sum is never above the budget, every rank is within its bounds, and at least 75 % of the budget are used
     * wherever any ranks use that much, as a second program finds that tries all sums.
     */
    @ParameterizedTest
    @EnumSource(value = RankRule.class, names = "EVA", mode = EnumSource.Mode.EXCLUDE)
    void theBudgetIsKeptAndUsed(RankRule rule) {
        Random random = new Random(17);
        int tight = 0;
        for (int round = 0; round < 4000; round++) {
            int count = 1 + random.nextInt(12);
            List<Candidate> candidates = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                candidates.add(new Candidate(
                        "layers." + i + ".m",
                        1 + random.nextInt(random.nextBoolean() ? 40 : 4),
                        1 + random.nextInt(20),
                        random.nextInt(5) == 0 ? 0 : Math.exp(4 * random.nextGaussian())));
            }
            int low = 1 + random.nextInt(4);
            RankBudget budget = new RankBudget(
                    1 + random.nextInt(random.nextBoolean() ? 60 : 2000), rule, low, low + random.nextInt(12));
            boolean[] reachable = reachable(candidates, budget);
            long most = IntStream.range(0, reachable.length)
                    .filter(sum -> reachable[sum])
                    .max()
                    .orElseThrow();
            if (most == 0) {
                assertThatThrownBy(() -> RankAllocation.of(candidates, budget)).isInstanceOf(UserException.class);
                continue;
            }
            Map<String, Integer> ranks = RankAllocation.of(candidates, budget);
            long used = 0;
            for (Candidate candidate : candidates) {
                Integer rank = ranks.get(candidate.name());
                if (rank != null) {
                    assertThat(rank).isBetween(budget.minRank(), Math.min(budget.maxRank(), candidate.most()));
                    used += rank * candidate.unit();
                }
            }
            assertThat(ranks).isNotEmpty();
            assertThat(used).as("%s %s", candidates, budget).isPositive().isLessThanOrEqualTo(budget.parameters());
            if (most >= 0.75 * budget.parameters()) {
                tight++;
                assertThat(used)
                        .as("%s %s, possible are %s", candidates, budget, most)
                        .isGreaterThanOrEqualTo((long) Math.ceil(0.75 * budget.parameters()));
            }
        }
        assertThat(tight).isGreaterThan(1000);
    }

    /** Returns for each number of parameters up to the budget if some ranks cost just that. */
    private static boolean[] reachable(List<Candidate> candidates, RankBudget budget) {
        boolean[] reachable = new boolean[Math.toIntExact(budget.parameters()) + 1];
        reachable[0] = true;
        for (Candidate candidate : candidates) {
            boolean[] next = reachable.clone();
            for (int rank = budget.minRank(); rank <= Math.min(budget.maxRank(), candidate.most()); rank++) {
                int cost = Math.toIntExact(rank * candidate.unit());
                for (int sum = cost; sum < reachable.length; sum++) {
                    next[sum] |= reachable[sum - cost];
                }
            }
            reachable = next;
        }
        return reachable;
    }

    private static List<Candidate> candidates(List<Long> units, int most, double... importance) {
        return IntStream.range(0, units.size())
                .mapToObj(i -> new Candidate("layers." + i + ".m", units.get(i), most, importance[i]))
                .toList();
    }

    private static List<Integer> ranks(List<Candidate> candidates, long budget, RankRule rule, int low, int high) {
        Map<String, Integer> ranks = RankAllocation.of(candidates, new RankBudget(budget, rule, low, high));
        return candidates.stream()
                .map(candidate -> ranks.getOrDefault(candidate.name(), 0))
                .toList();
    }
}

package org.layerwise.selection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.layerwise.base.UserException;
import org.layerwise.lora.LoraVariant;
import org.layerwise.model.LinearModule;

/**
 * Spreads ranks over linear maps within a budget of parameters. A linear map of rank r costs {@code r (in + out)}. Every linear
 * map gets at least the lowest rank, the most important first, as long as the budget lasts; the rest is spread by the rule. The
 * sum is never above the budget, and at least 75 % of it wherever any choice of ranks gives that much.
 */
public final class RankAllocation {

    /** Share of the budget that is used, if that is possible. */
    static final double LEAST_SHARE = 0.75;

    /** Steps that halve the interval of the factor of proportional ranks; a double has 53 bits. */
    private static final int HALVINGS = 200;

    /**
     * Linear map that may get an adapter.
     *
     * @param name name of the module
     * @param unit number of parameters of an adapter of rank 1
     * @param most highest rank that makes sense, the smaller of the widths
     * @param importance importance, not negative; larger values get higher ranks
     */
    public record Candidate(String name, long unit, int most, double importance) {

        /** @throws IllegalArgumentException if a number is out of range */
        public Candidate {
            if (unit < 1 || most < 1 || !Double.isFinite(importance) || importance < 0) {
                throw new IllegalArgumentException("%s has %s parameters a rank, at most rank %s and importance %s"
                        .formatted(name, unit, most, importance));
            }
        }

        /** Returns a linear map of a model with its importance. */
        public static Candidate of(LinearModule module, double importance) {
            return new Candidate(
                    module.name(),
                    LoraVariant.PLAIN.parameters(1, module.in(), module.out()),
                    Math.min(module.in(), module.out()),
                    importance);
        }
    }

    private final List<Candidate> candidates;
    private final RankBudget budget;
    private final double[] importance;
    private final int[] ranks;
    private long left;

    private RankAllocation(List<Candidate> candidates, RankBudget budget) {
        this.candidates = candidates;
        this.budget = budget;
        double sum = candidates.stream().mapToDouble(Candidate::importance).sum();
        // without any importance all are alike
        this.importance = candidates.stream()
                .mapToDouble(candidate -> sum == 0 ? 1 : candidate.importance())
                .toArray();
        this.ranks = new int[candidates.size()];
        this.left = budget.parameters();
    }

    /**
     * Returns the rank of each linear map that gets an adapter, in the order of the candidates.
     *
     * @throws UserException if no linear map can get the lowest rank within the budget
     */
    public static Map<String, Integer> of(List<Candidate> candidates, RankBudget budget) {
        List<Candidate> possible = candidates.stream()
                .filter(candidate -> candidate.most() >= budget.minRank())
                .toList();
        if (possible.isEmpty()) {
            throw new UserException("No linear map can have rank %s, since all are narrower; set a lower lowest rank."
                    .formatted(budget.minRank()));
        }
        long least = budget.minRank()
                * possible.stream().mapToLong(Candidate::unit).min().orElseThrow();
        if (least > budget.parameters()) {
            throw new UserException(
                    "The budget of %s parameters is too small: one adapter of rank %s takes at least %s; raise the budget%s."
                            .formatted(
                                    budget.parameters(),
                                    budget.minRank(),
                                    least,
                                    budget.minRank() > 1 ? ", or set a lower lowest rank" : ""));
        }
        return new RankAllocation(possible, budget).run();
    }

    private Map<String, Integer> run() {
        begin();
        switch (budget.rule()) {
            case PROPORTIONAL -> proportional();
            case WATERFILL -> waterfill(candidates());
            case EVA -> throw new IllegalArgumentException("EVA's rule needs components, not an importance");
        }
        fill();
        if (budget.parameters() - left < LEAST_SHARE * budget.parameters()) {
            refit();
        }
        Map<String, Integer> result = new LinkedHashMap<>();
        for (int i = 0; i < ranks.length; i++) {
            if (ranks[i] > 0) {
                result.put(candidates.get(i).name(), ranks[i]);
            }
        }
        return result;
    }

    private List<Integer> candidates() {
        return IntStream.range(0, ranks.length).boxed().toList();
    }

    /** Returns all candidates, the most important first, equal ones in their order. */
    private List<Integer> byImportance() {
        return candidates().stream()
                .sorted(Comparator.comparingDouble((Integer i) -> -importance[i]))
                .toList();
    }

    private int most(int i) {
        return Math.min(budget.maxRank(), candidates.get(i).most());
    }

    private void raise(int i, int by) {
        ranks[i] += by;
        left -= by * candidates.get(i).unit();
    }

    private boolean fits(int i, int more) {
        return more * candidates.get(i).unit() <= left;
    }

    private boolean canRise(int i) {
        return ranks[i] > 0 && ranks[i] < most(i) && fits(i, 1);
    }

    /** Gives the lowest rank to as many linear maps as the budget allows, the most important first. */
    private void begin() {
        for (int i : byImportance()) {
            if (fits(i, budget.minRank())) {
                raise(i, budget.minRank());
            }
        }
    }

    /** Raises ranks to {@code factor * importance}, with the largest factor that the budget allows, rounded down. */
    private void proportional() {
        long available = left;
        double low = 0;
        double high = 1;
        while (cost(high) <= available && high < Double.MAX_VALUE / 2) {
            low = high;
            high *= 2;
        }
        for (int i = 0; i < HALVINGS && low < high; i++) {
            double middle = low + (high - low) / 2;
            if (cost(middle) <= available) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double factor = low;
        candidates().forEach(i -> raise(i, target(i, factor) - ranks[i]));
        // what rounding down has left goes to the largest remainders
        candidates().stream()
                .filter(i -> ranks[i] > 0)
                .sorted(Comparator.comparingDouble((Integer i) -> ranks[i] - factor * importance[i]))
                .filter(this::canRise)
                .forEach(i -> raise(i, 1));
    }

    private int target(int i, double factor) {
        return ranks[i] == 0 ? 0 : (int) Math.max(ranks[i], Math.min(most(i), factor * importance[i]));
    }

    /** Returns the number of parameters by which all ranks of a factor exceed the ranks so far. */
    private double cost(double factor) {
        return candidates().stream()
                .mapToDouble(i -> (double) (target(i, factor) - ranks[i])
                        * candidates.get(i).unit())
                .sum();
    }

    /** Raises ranks one by one, each time where the increase of {@code s log(1 + r)} per parameter is largest. */
    private void waterfill(List<Integer> among) {
        PriorityQueue<Integer> queue = new PriorityQueue<>(
                Comparator.comparingDouble((Integer i) -> -gain(i)).thenComparing(Comparator.naturalOrder()));
        among.stream().filter(this::canRise).forEach(queue::add);
        while (!queue.isEmpty()) {
            int i = queue.remove();
            if (canRise(i)) { // what does not fit now never will
                raise(i, 1);
                queue.add(i);
            }
        }
    }

    private double gain(int i) {
        return importance[i]
                * Math.log1p(1.0 / (1 + ranks[i]))
                / candidates.get(i).unit();
    }

    /** Raises ranks by one in turn, the most important first, until nothing fits. */
    private void fill() {
        List<Integer> order = byImportance();
        boolean raised = true;
        while (raised) {
            raised = false;
            for (int i : order) {
                if (canRise(i)) {
                    raise(i, 1);
                    raised = true;
                }
            }
        }
    }

    /**
     * Chooses the linear maps anew for a budget of so few ranks that the first choice is far from it: first the sum of the ranks of
     * all linear maps of a size, size by size until the sum is near enough, then the ranks among these.
     */
    private void refit() {
        if (candidates().stream().allMatch(i -> ranks[i] == most(i))) {
            return;
        }
        List<Size> sizes = sizes();
        // for each number of parameters that can be reached, the sums of ranks of the sizes so far
        TreeMap<Long, List<Integer>> reached = new TreeMap<>(Map.of(0L, List.of()));
        for (int size = 0; size < sizes.size() && reached.lastKey() < LEAST_SHARE * budget.parameters(); size++) {
            reached = reached(reached, sizes.get(size));
        }
        if (reached.lastKey() <= budget.parameters() - left) {
            return;
        }
        candidates().forEach(i -> raise(i, -ranks[i]));
        List<Integer> sums = reached.lastEntry().getValue();
        for (int size = 0; size < sums.size(); size++) {
            spend(sizes.get(size), sums.get(size));
        }
    }

    /**
     * Linear maps whose adapters cost the same.
     *
     * @param members indices, those that can have the highest ranks first, then the most important
     */
    private record Size(long unit, List<Integer> members) {}

    /** Returns the sizes, that of the most important linear map first. */
    private List<Size> sizes() {
        Map<Long, List<Integer>> sizes = new LinkedHashMap<>();
        byImportance().forEach(i -> sizes.computeIfAbsent(candidates.get(i).unit(), unit -> new ArrayList<>())
                .add(i));
        return sizes.entrySet().stream()
                .map(size -> new Size(
                        size.getKey(),
                        size.getValue().stream()
                                .sorted(Comparator.comparingInt((Integer i) -> -most(i)))
                                .toList()))
                .toList();
    }

    private TreeMap<Long, List<Integer>> reached(TreeMap<Long, List<Integer>> before, Size size) {
        TreeMap<Long, List<Integer>> after = new TreeMap<>();
        int most = 0;
        SortedSet<Integer> sums = new TreeSet<>(List.of(0));
        for (int count = 1; count <= size.members().size(); count++) {
            most += most(size.members().get(count - 1));
            IntStream.rangeClosed(count * budget.minRank(), (int) Math.min(most, budget.parameters() / size.unit()))
                    .forEach(sums::add);
        }
        before.forEach((spent, chosen) -> {
            for (int sum : sums) {
                long more = spent + sum * size.unit();
                if (more > budget.parameters()) {
                    break;
                }
                if (!after.containsKey(more)) {
                    List<Integer> longer = new ArrayList<>(chosen);
                    longer.add(sum);
                    after.put(more, longer);
                }
            }
        });
        return after;
    }

    /** Gives linear maps of a size ranks of a sum, to as many of them as possible. */
    private void spend(Size size, int sum) {
        int count = Math.min(size.members().size(), sum / budget.minRank());
        List<Integer> chosen = size.members().subList(0, count);
        long beside = left - sum * size.unit();
        left = sum * size.unit();
        chosen.forEach(i -> raise(i, budget.minRank()));
        waterfill(chosen);
        left += beside;
    }
}

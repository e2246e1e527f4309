package org.layerwise.analysis.uncertainty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.UCentring;
import org.layerwise.base.Progress;
import org.layerwise.base.Statistics;
import org.layerwise.base.UserException;

/**
 * Computes the CKA of unrelated data: the rows of each layer's output are permuted against those of its input, which
 * changes neither of the two but removes their relation (permutation test of HSIC, Gretton et al., A kernel statistical
 * test of independence, NIPS 2007). Linear and RBF CKA of fewer examples than dimensions are then far above 0; debiased
 * CKA is 0 on average.
 */
public final class UnrelatedBaseline {

    /** Minimum number of examples; fewer have too few permutations. */
    public static final int FEWEST_SAMPLES = 8;

    private static final double HIGH = 0.95;
    private static final int AT_ONCE = 8;

    private UnrelatedBaseline() {}

    /** Returns true if a measure has a baseline: linear, debiased and RBF CKA. */
    public static boolean has(Measure measure) {
        return CentredKernel.has(measure);
    }

    /**
     * Computes the baseline by permutations.
     *
     * @param permutations number of permutations, at least 2; each is the same for all layers
     * @throws UserException if there are fewer examples than {@link #FEWEST_SAMPLES}, or fewer than 2 permutations
     */
    public static UnrelatedSimilarity of(
            Grams grams, Measure measure, MeasureOptions options, int permutations, long seed, Progress progress) {
        if (!has(measure)) {
            throw new IllegalArgumentException(measure + " does not follow from Grams");
        }
        int n = grams.samples();
        if (n < FEWEST_SAMPLES) {
            throw new UserException(
                    "A baseline of unrelated data needs at least %s examples, but the data has %s; use more samples or no permutations."
                            .formatted(FEWEST_SAMPLES, n));
        }
        if (permutations < 2) {
            throw new UserException(
                    "A baseline of %s permutations says nothing; use 1000, or 0 for none.".formatted(permutations));
        }
        List<Optional<double[]>> states = unit(grams, measure, options);
        int layers = grams.size() - 1;
        BootstrapDraws draws = new BootstrapDraws(n, seed);
        List<int[]> orders = IntStream.range(0, permutations)
                .mapToObj(i -> draws.permutation())
                .toList();
        double[][] found = new double[layers][permutations];
        for (int from = 0; from < permutations; from += AT_ONCE) {
            progress.check();
            progress.report((double) from / permutations, "Comparing permutation %s".formatted(from));
            int first = from;
            int last = Math.min(from + AT_ONCE, permutations);
            // the innermost loop is over the orders, so that the kernels of a layer stay in the cache of its thread
            IntStream.range(0, layers)
                    .parallel()
                    .filter(layer -> states.get(layer).isPresent()
                            && states.get(layer + 1).isPresent())
                    .forEach(layer -> {
                        double[] input = states.get(layer).orElseThrow();
                        double[] output = states.get(layer + 1).orElseThrow();
                        for (int i = first; i < last; i++) {
                            found[layer][i] = permuted(input, output, orders.get(i));
                        }
                    });
        }
        progress.report(1, "Compared all permutations");
        List<UnrelatedSimilarity.@Nullable Level> levels = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            boolean known =
                    states.get(layer).isPresent() && states.get(layer + 1).isPresent();
            Arrays.sort(found[layer]);
            levels.add(
                    known
                            ? new UnrelatedSimilarity.Level(
                                    ArrayStatistics.sum(found[layer]) / permutations,
                                    Statistics.quantile(found[layer], HIGH))
                            : null);
        }
        return new UnrelatedSimilarity(permutations, seed, Collections.unmodifiableList(levels));
    }

    /** Returns the inner product of a kernel and a permuted kernel, both symmetric. */
    private static double permuted(double[] input, double[] output, int[] order) {
        int n = order.length;
        double pairs = 0;
        double own = 0;
        for (int i = 0; i < n; i++) {
            int row = i * n;
            int other = order[i] * n;
            for (int j = 0; j < i; j++) {
                pairs += input[row + j] * output[other + order[j]];
            }
            own += input[row + i] * output[other + order[i]];
        }
        return 2 * pairs + own;
    }

    /**
     * Returns kernels of norm 1 whose inner product is the CKA; empty for a hidden state for which the measure is
     * undefined.
     */
    private static List<Optional<double[]>> unit(Grams grams, Measure measure, MeasureOptions options) {
        int n = grams.samples();
        List<Optional<CentredKernel>> kernels = CentredKernel.of(grams, measure, options);
        return IntStream.range(0, grams.size())
                .mapToObj(state -> kernels.get(state)
                        .map(kernel ->
                                measure == DebiasedCka.MEASURE ? UCentring.of(kernel.pairs(), n) : whole(kernel, n))
                        .filter(values ->
                                measure != DebiasedCka.MEASURE || !UCentring.isNothing(values, grams.of(state)))
                        .filter(values -> ArrayStatistics.dot(values, values) > 0)
                        .map(values -> {
                            double norm = Math.sqrt(ArrayStatistics.dot(values, values));
                            return Arrays.stream(values)
                                    .map(value -> value / norm)
                                    .toArray();
                        }))
                .toList();
    }

    private static double[] whole(CentredKernel kernel, int n) {
        double[] values = kernel.pairs().clone();
        for (int i = 0; i < n; i++) {
            values[i * n + i] = kernel.own()[i];
        }
        return values;
    }
}

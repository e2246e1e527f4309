package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.base.Citation;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Overlap of nearest neighbours: for each example the Jaccard index {@code |A ∩ B| / |A ∪ B|} of its k = 10 nearest
 * examples in two representations, averaged over the examples (Klabunde et al., arXiv 2408.00531, appendix A). Nearness
 * is the cosine of two vectors, which are not centred; the example itself is not among its neighbours. Cosines are
 * rounded to {@value #ROUNDING}, and the first of several equal ones is taken for the nearest.
 *
 * <p>Unlike a correlation, the value is above 0 for unrelated representations, and the more so the fewer examples there
 * are: {@link #unrelated}.
 */
public final class NearestNeighbours implements SimilarityMeasure {

    /** Number of neighbours, k. */
    static final int NEIGHBOURS = 10;

    private static final double ROUNDING = 1e-12;

    /** Maximum number of cosines on the device at once. */
    private static final int PIECE = 1 << 22;

    public static final Measure MEASURE = Measure.ofRepresentations(
                    "knn", (options, engine) -> new NearestNeighbours(engine))
            .title("overlap of the 10 nearest neighbours")
            .shortName("kNN overlap")
            .noun("nearest-neighbour overlap")
            .description(
                    "High if the same rows are nearest to each row: the shared ones of its 10 neighbours, by cosine.")
            .citing(new Citation(
                    "Klabunde et al., 2025",
                    "M. Klabunde, T. Wald, T. Schumacher, K. Maier-Hein, M. Strohmaier and F. Lemmerich. ReSi: A Comprehensive"
                            + " Benchmark for Representational Similarity Measures. ICLR 2025. arXiv:2408.00531."))
            .withoutInterval(
                    "Nearest-neighbour overlap has no interval, since a copy of an example in a draw would be its own nearest neighbour.")
            .remark(samples -> String.format(
                    Locale.ROOT,
                    "Unrelated data have a nearest-neighbour overlap of %.4f on average for these %,d rows.",
                    unrelated(samples),
                    samples))
            .build();

    private final TensorEngine engine;

    public NearestNeighbours(TensorEngine engine) {
        this.engine = engine;
    }

    @Override
    public Measure measure() {
        return MEASURE;
    }

    /** Returns k + 2: of fewer examples, all others are neighbours. */
    @Override
    public int fewestSamples() {
        return NEIGHBOURS + 2;
    }

    /**
     * Returns the mean overlap of unrelated representations, whose neighbours are independent draws: the mean of
     * {@code i / (2k - i)} with i from a hypergeometric distribution.
     *
     * @param samples number of examples, above k
     */
    static double unrelated(int samples) {
        int others = samples - 1;
        double sum = 0;
        for (int shared = Math.max(0, 2 * NEIGHBOURS - others); shared <= NEIGHBOURS; shared++) {
            double logProbability = logChoose(NEIGHBOURS, shared)
                    + logChoose(others - NEIGHBOURS, NEIGHBOURS - shared)
                    - logChoose(others, NEIGHBOURS);
            sum += Math.exp(logProbability) * shared / (2 * NEIGHBOURS - shared);
        }
        return sum;
    }

    private static double logChoose(int n, int k) {
        double sum = 0;
        for (int i = 1; i <= k; i++) {
            sum += Math.log((double) (n - k + i) / i);
        }
        return sum;
    }

    @Override
    public SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        MeasureMessages.requireSamples(this, representations.samples());
        try (Scope scope = engine.inference()) {
            Side side = side(representations, device, progress.part(0, 0.8));
            return new PairLoop(engine)
                    .fill(
                            PairLoop.Sides.ofOne(side.reasons, MEASURE.isSymmetric()),
                            i -> j -> overlap(side.neighbours.get(i), side.neighbours.get(j)),
                            progress.part(0.8, 1),
                            partial);
        }
    }

    @Override
    public SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        MeasureMessages.requireSameExamples(MEASURE, first.samples(), second.samples());
        MeasureMessages.requireSamples(this, first.samples());
        try (Scope scope = engine.inference()) {
            Side left = side(first, device, progress.part(0, 0.4));
            Side right = side(second, device, progress.part(0.4, 0.8));
            return new PairLoop(engine)
                    .fill(
                            PairLoop.Sides.ofTwo(left.reasons, right.reasons),
                            i -> j -> overlap(left.neighbours.get(i), right.neighbours.get(j)),
                            progress.part(0.8, 1),
                            partial -> {});
        }
    }

    /**
     * Neighbours in all hidden states of a model.
     *
     * @param neighbours for each hidden state, the sorted indices of the neighbours of each example, {@code [n][k]};
     *     empty for an undefined state
     * @param reasons for each hidden state, the reason why it is undefined, or null
     */
    private record Side(List<int[][]> neighbours, List<Similarity.@Nullable Undefined> reasons) {}

    private Side side(Representations representations, Device device, Progress progress) {
        Side side = new Side(new ArrayList<>(), new ArrayList<>());
        int states = representations.layers().size();
        for (Matrix layer : representations.layers()) {
            int state = side.neighbours.size();
            Progress part = progress.part((double) state / states, (state + 1.0) / states);
            part.report(0, "Looking for the neighbours of all examples in hidden state " + state);
            try (Scope scope = engine.inference()) {
                Tensor x = ExampleSelection.onDevice(engine, layer, 0, layer.rows(), device);
                Similarity.Undefined reason = reason(x, state, representations.position());
                side.reasons.add(reason);
                side.neighbours.add(reason == null ? neighbours(x, layer.rows(), part) : new int[0][]);
            }
        }
        return side;
    }

    private static Similarity.@Nullable Undefined reason(Tensor x, int state, @Nullable Position position) {
        double centred = x.sub(x.mean(0, true)).norm().item();
        String lacking = ConstantStates.lacking(state, position, x.norm().item(), centred);
        if (lacking != null) {
            return MeasureMessages.undefined(lacking, MEASURE);
        }
        double[] lengths = x.square().sum(1, false).doubles();
        for (int row = 0; row < lengths.length; row++) {
            if (lengths[row] == 0) {
                return MeasureMessages.undefined(
                        "Example %s is a vector of zeros in hidden state %s.".formatted(row + 1, state), MEASURE);
            }
        }
        return null;
    }

    private int[][] neighbours(Tensor x, int n, Progress progress) {
        int step = Math.max(1, PIECE / n);
        int[][] neighbours = new int[n][];
        Tensor directions = x.div(x.square().sum(1, true).sqrt());
        for (int begin = 0; begin < n; begin += step) {
            progress.check();
            progress.report((double) begin / n, "Comparing the examples");
            int end = Math.min(n, begin + step);
            try (Scope scope = engine.scope()) {
                double[] cosines = directions
                        .slice(0, begin, end)
                        .matmul(directions.transpose())
                        .doubles();
                for (int row = begin; row < end; row++) {
                    neighbours[row] = nearest(cosines, (row - begin) * n, n, row);
                }
            }
        }
        return neighbours;
    }

    /** Returns the sorted indices of the k largest of n cosines, without that of the example itself. */
    private static int[] nearest(double[] cosines, int offset, int n, int itself) {
        int[] best = new int[NEIGHBOURS];
        double[] values = new double[NEIGHBOURS];
        int count = 0;
        for (int other = 0; other < n; other++) {
            double value = Math.rint(cosines[offset + other] / ROUNDING);
            if (other == itself || count == NEIGHBOURS && value <= values[count - 1]) {
                continue;
            }
            int place = count < NEIGHBOURS ? count++ : count - 1;
            while (place > 0 && values[place - 1] < value) {
                values[place] = values[place - 1];
                best[place] = best[place - 1];
                place--;
            }
            values[place] = value;
            best[place] = other;
        }
        Arrays.sort(best);
        return best;
    }

    private static Similarity overlap(int[][] first, int[][] second) {
        double sum = 0;
        for (int example = 0; example < first.length; example++) {
            int shared = shared(first[example], second[example]);
            sum += (double) shared / (2 * NEIGHBOURS - shared);
        }
        return SimilarityCells.value(sum / first.length);
    }

    private static int shared(int[] first, int[] second) {
        int shared = 0;
        for (int i = 0, j = 0; i < first.length && j < second.length; ) {
            if (first[i] == second[j]) {
                shared++;
                i++;
                j++;
            } else if (first[i] < second[j]) {
                i++;
            } else {
                j++;
            }
        }
        return shared;
    }
}

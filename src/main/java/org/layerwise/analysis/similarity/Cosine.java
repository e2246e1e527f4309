package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.base.Citation;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Mean cosine, over the examples, between an example's vectors in two representations,
 * {@code 1/n sum_i <x_i, y_i> / (||x_i|| ||y_i||)} (Gromov et al., arXiv 2403.17887, equation 6, without the arc
 * cosine; Men et al., ShortGPT, arXiv 2403.03853, equation 1, over the kept token instead of all tokens). Vectors are
 * not centred, so a representation that is equal for all examples has a value, but a vector of zeros has none. The
 * measure compares coordinate by coordinate: it can compare two models only if their coordinates have the same meaning,
 * as before and after a fine-tuning.
 */
public final class Cosine implements SimilarityMeasure {

    private static final Citation PAPER = new Citation(
            "Gromov et al., 2024",
            "A. Gromov, K. Tirumala, H. Shapourian, P. Glorioso and D. A. Roberts. The Unreasonable Ineffectiveness of the"
                    + " Deeper Layers. arXiv:2403.17887, 2024.");

    public static final Measure MEASURE = Measure.ofRepresentations("cosine", (options, engine) -> new Cosine(engine))
            .title("cosine similarity")
            .shortName("cosine")
            .description("The angle between a layer’s input and output for the token that stands for a row.")
            .noun("cosine similarity")
            .citing(PAPER)
            .fromMinusOne()
            .build();

    /** Maximum number of values on the device at once. */
    private static final int PIECE = 1 << 22;

    private final TensorEngine engine;

    public Cosine(TensorEngine engine) {
        this.engine = engine;
    }

    @Override
    public Measure measure() {
        return MEASURE;
    }

    @Override
    public int fewestSamples() {
        return 1;
    }

    @Override
    public SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        requireOneWidth(representations.layers());
        double[][] means = means(representations, representations, device, progress);
        List<Similarity.@Nullable Undefined> reasons = reasons(representations);
        SimilarityMatrix matrix = SimilarityCells.matrix(
                means.length,
                means.length,
                SimilarityCells.unless(
                        reasons::get,
                        reasons::get,
                        (i, j) -> i == j ? new Similarity.Value(1) : SimilarityCells.value(means[i][j])));
        partial.accept(matrix);
        return matrix;
    }

    @Override
    public SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        MeasureMessages.requireSameExamples(measure(), first.samples(), second.samples());
        requireOneWidth(
                Stream.of(first, second).flatMap(side -> side.layers().stream()).toList());
        double[][] means = means(first, second, device, progress);
        return SimilarityCells.matrix(
                first.layers().size(),
                second.layers().size(),
                SimilarityCells.unless(
                        reasons(first)::get, reasons(second)::get, (i, j) -> SimilarityCells.value(means[i][j])));
    }

    private static void requireOneWidth(List<Matrix> layers) {
        int width = layers.get(0).columns();
        for (Matrix layer : layers) {
            if (layer.columns() != width) {
                throw new UserException(
                        "Cosine similarity compares vectors of one width, but these have %s and %s numbers; use another measure, such as cka."
                                .formatted(width, layer.columns()));
            }
        }
    }

    private double[][] means(Representations first, Representations second, Device device, Progress progress) {
        int n = first.samples();
        int rows = first.layers().size();
        int columns = second.layers().size();
        int width = first.layers().get(0).columns();
        int step = Math.max(1, PIECE / (rows + columns) / width);
        double[][] sums = new double[rows][columns];
        for (int begin = 0; begin < n; begin += step) {
            progress.check();
            progress.report((double) begin / n, "Comparing vectors of %s examples".formatted(n));
            int end = Math.min(n, begin + step);
            try (Scope scope = engine.inference()) {
                Tensor left = directions(first, begin, end, device);
                Tensor right = first == second ? left : directions(second, begin, end, device);
                InnerProducts.add(sums, left.matmul(right.transpose()).doubles());
            }
        }
        for (double[] row : sums) {
            for (int j = 0; j < columns; j++) {
                row[j] /= n;
            }
        }
        progress.report(1, "Compared all hidden states");
        return sums;
    }

    /**
     * Returns the rows of some examples scaled to length 1, with those of a hidden state one after the other:
     * {@code [M+1, rows * d]}.
     */
    private Tensor directions(Representations representations, int begin, int end, Device device) {
        try (Scope scope = engine.scope()) {
            List<Tensor> flat = new ArrayList<>();
            for (Matrix layer : representations.layers()) {
                Tensor x = ExampleSelection.onDevice(engine, layer, begin, end, device);
                flat.add(x.div(x.square().sum(1, true).sqrt()).reshape(1, -1));
            }
            return scope.keep(engine.cat(flat, 0));
        }
    }

    private static List<Similarity.@Nullable Undefined> reasons(Representations representations) {
        List<Similarity.@Nullable Undefined> reasons = new ArrayList<>();
        for (Matrix layer : representations.layers()) {
            reasons.add(reason(layer, reasons.size()));
        }
        return reasons;
    }

    private static Similarity.@Nullable Undefined reason(Matrix layer, int state) {
        for (int row = 0; row < layer.rows(); row++) {
            boolean zero = true;
            for (int column = 0; column < layer.columns(); column++) {
                float value = layer.at(row, column);
                if (!Float.isFinite(value)) {
                    return MeasureMessages.undefined(
                            "Hidden state %s holds numbers that are not finite.".formatted(state), MEASURE);
                }
                zero &= value == 0;
            }
            if (zero) {
                return MeasureMessages.undefined(
                        "Example %s is a vector of zeros in hidden state %s.".formatted(row + 1, state), MEASURE);
            }
        }
        return null;
    }
}

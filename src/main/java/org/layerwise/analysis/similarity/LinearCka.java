package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Linear centred kernel alignment (Kornblith et al., arXiv 1905.00414): with column-centred X and Y,
 * {@code CKA = ||X^T Y||_F^2 / (||X^T X||_F ||Y^T Y||_F)}. Computed in float64 on the device, in the cheaper of two equal
 * forms: from the Grams {@code X X^T} (n x n), each made once, or from the features {@code X^T Y} (d x d) of each pair.
 *
 * <p>A representation that does not vary over the examples has no CKA: it is undefined where the Frobenius norm of the
 * centred matrix is at most {@value #DEGENERATE} of the uncentred one (method.md, section 3).
 */
public final class LinearCka implements SimilarityMeasure {

    /** The fewest examples for which CKA says anything. */
    public static final int FEWEST_SAMPLES = 3;

    static final double DEGENERATE = 1e-6;

    /** Grams of all layers may take this much memory on the device; beyond it the feature form is used. */
    private static final long GRAM_BYTES = 2L << 30;

    private final TensorEngine engine;

    public LinearCka(TensorEngine engine) {
        this.engine = engine;
    }

    @Override
    public Measure measure() {
        return Measure.LINEAR_CKA;
    }

    /** How the inner products {@code <K_i, K_j>} of centred Grams are computed. */
    enum Form {
        GRAM,
        FEATURE
    }

    @Override
    public SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        return allPairs(representations, cheaper(representations), device, progress, partial);
    }

    SimilarityMatrix allPairs(
            Representations representations,
            Form form,
            Device device,
            Progress progress,
            Consumer<SimilarityMatrix> partial) {
        if (representations.samples() < FEWEST_SAMPLES) {
            throw new UserException("CKA needs at least %d examples, but the data has %d; use more samples."
                    .formatted(FEWEST_SAMPLES, representations.samples()));
        }
        int states = representations.layers().size();
        double[][] inner = new double[states][states];
        @Nullable String[] undefined = new String[states];
        try (Scope scope = engine.inference()) {
            List<Tensor> made = new ArrayList<>(); // centred matrices or their Grams
            for (int i = 0; i < states; i++) {
                progress.check();
                progress.report((double) i / states, "Comparing hidden state %d of %d".formatted(i, states - 1));
                Tensor mine;
                try (Scope own = engine.scope()) {
                    Tensor x = onDevice(representations.layers().get(i), device);
                    Tensor centred = x.sub(x.mean(0, true));
                    undefined[i] = whyUndefined(i, representations.position(), x, centred);
                    mine = own.keep(form == Form.GRAM ? gram(centred) : centred);
                }
                made.add(mine);
                for (int j = 0; j <= i && undefined[i] == null; j++) {
                    if (undefined[j] == null) {
                        progress.check();
                        inner[i][j] = product(mine, made.get(j), form);
                        inner[j][i] = inner[i][j];
                    }
                }
                partial.accept(matrix(inner, undefined, i + 1));
            }
        }
        progress.report(1, "Compared all hidden states");
        return matrix(inner, undefined, states);
    }

    private static Form cheaper(Representations representations) {
        double n = representations.samples();
        double d = representations.layers().get(0).columns();
        double states = representations.layers().size();
        double pairs = states * (states + 1) / 2;
        boolean fits = states * n * n * Double.BYTES <= GRAM_BYTES;
        return fits && states * n * n * d + pairs * n * n <= pairs * n * d * d ? Form.GRAM : Form.FEATURE;
    }

    private Tensor onDevice(Matrix matrix, Device device) {
        return engine.of(matrix.values(), matrix.rows(), matrix.columns())
                .to(device)
                .cast(DType.F64);
    }

    // flat, so that the inner product of two Grams is one dot product
    private static Tensor gram(Tensor centred) {
        return centred.matmul(centred.transpose()).reshape(1, -1);
    }

    /** {@code <X X^T, Y Y^T> = ||X^T Y||_F^2}, which is HSIC up to a factor that cancels. */
    private double product(Tensor x, Tensor y, Form form) {
        try (Scope scope = engine.scope()) {
            return form == Form.GRAM
                    ? x.matmul(y.transpose()).item()
                    : x.transpose().matmul(y).square().sum().item();
        }
    }

    private static @Nullable String whyUndefined(int state, @Nullable Position position, Tensor x, Tensor centred) {
        double total = x.norm().item();
        if (!Double.isFinite(total)) {
            return "Hidden state %d holds numbers that are not finite, so CKA is undefined.".formatted(state);
        }
        if (centred.norm().item() > DEGENERATE * total) {
            return null;
        }
        if (state == 0 && position == Position.FIRST) {
            return "Every example starts with the same token, so hidden state 0 does not vary and CKA is undefined.";
        }
        if (state == 0 && position == Position.LAST) {
            return "Every example ends with the same token, so hidden state 0 does not vary and CKA is undefined.";
        }
        return "Hidden state %d is the same for every example, so CKA is undefined.".formatted(state);
    }

    /** The matrix over the first {@code known} hidden states, the rest pending. */
    private static SimilarityMatrix matrix(double[][] inner, @Nullable String[] undefined, int known) {
        List<List<Similarity>> rows = new ArrayList<>();
        for (int i = 0; i < inner.length; i++) {
            List<Similarity> row = new ArrayList<>();
            for (int j = 0; j < inner.length; j++) {
                row.add(i < known && j < known ? cell(inner, undefined, i, j) : SimilarityMatrix.PENDING);
            }
            rows.add(row);
        }
        return new SimilarityMatrix(rows);
    }

    private static Similarity cell(double[][] inner, @Nullable String[] undefined, int i, int j) {
        String reason = undefined[i] != null ? undefined[i] : undefined[j];
        if (reason != null) {
            return new Similarity.Undefined(reason);
        }
        if (i == j) {
            return new Similarity.Value(1); // by definition; rounding would miss it by an ulp
        }
        return new Similarity.Value(Math.min(1, inner[i][j] / (Math.sqrt(inner[i][i]) * Math.sqrt(inner[j][j]))));
    }
}

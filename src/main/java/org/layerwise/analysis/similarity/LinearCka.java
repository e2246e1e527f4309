package org.layerwise.analysis.similarity;

import java.util.function.Consumer;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Citation;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Linear centred kernel alignment (Kornblith et al., arXiv 1905.00414): with column-centred X and Y,
 * {@code CKA = ||X^T Y||_F^2 / (||X^T X||_F ||Y^T Y||_F)}. It is computed in float64 on the device, in the cheaper of
 * two equal forms: from the Grams {@code X X^T} (n x n), each computed once, or, with many more examples than features,
 * from the features {@code X^T Y} (d x d) of each pair.
 *
 * <p>A representation that does not vary over the examples has no CKA: it is undefined if the Frobenius norm of the
 * centred matrix is at most {@value ConstantStates#DEGENERATE} of the uncentred one (method.md, section 3).
 */
public final class LinearCka extends EmbeddedGramMeasure {

    /** Paper that defines CKA. */
    static final Citation PAPER = new Citation(
            "Kornblith et al., 2019",
            "S. Kornblith, M. Norouzi, H. Lee and G. Hinton. Similarity of Neural Network Representations Revisited. ICML"
                    + " 2019. arXiv:1905.00414.");

    public static final Measure MEASURE = Measure.ofRepresentations("cka", (options, engine) -> new LinearCka(engine))
            .title("linear CKA")
            .shortName("CKA")
            .description("The paper’s measure: alike up to rotation and scale, over all rows.")
            .citing(PAPER)
            .cka()
            .build();

    /** Minimum number of examples for which CKA is meaningful. */
    public static final int FEWEST_SAMPLES = 3;

    private final FeaturePairs features;

    public LinearCka(TensorEngine engine) {
        super(engine);
        features = new FeaturePairs(engine, MEASURE);
    }

    @Override
    public Measure measure() {
        return MEASURE;
    }

    @Override
    public int fewestSamples() {
        return FEWEST_SAMPLES;
    }

    /** Returns false, since the features of each pair are the other way. */
    @Override
    public boolean needsGrams() {
        return false;
    }

    /** Form in which the inner products {@code <K_i, K_j>} of centred Grams are computed. */
    enum Form {
        GRAM,
        FEATURE
    }

    @Override
    public SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        int states = representations.layers().size();
        Form form = cheaper(representations, states, states * (states + 1) / 2);
        return allPairs(representations, form, device, progress, partial);
    }

    SimilarityMatrix allPairs(
            Representations representations,
            Form form,
            Device device,
            Progress progress,
            Consumer<SimilarityMatrix> partial) {
        MeasureMessages.requireSamples(this, representations.samples());
        return form == Form.GRAM
                ? super.allPairs(representations, device, progress, partial)
                : features.allPairs(representations, device, progress, partial);
    }

    @Override
    public SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        int rows = first.layers().size();
        int columns = second.layers().size();
        return between(first, second, cheaper(first, rows + columns, rows * columns), device, progress);
    }

    SimilarityMatrix between(
            Representations first, Representations second, Form form, Device device, Progress progress) {
        MeasureMessages.requireSameExamples(measure(), first.samples(), second.samples());
        MeasureMessages.requireSamples(this, first.samples());
        return form == Form.GRAM
                ? super.between(first, second, device, progress)
                : features.between(first, second, device, progress);
    }

    @Override
    Embedded embed(double[] gram, int n, int state) {
        return Embedded.of(gram);
    }

    private static Form cheaper(Representations representations, int states, int pairs) {
        double n = representations.samples();
        double d = representations.layers().stream()
                .mapToInt(Matrix::columns)
                .max()
                .orElseThrow();
        return GramComputation.fits(representations.samples(), states)
                        && states * n * n * d + pairs * n * n <= pairs * n * d * d
                ? Form.GRAM
                : Form.FEATURE;
    }
}

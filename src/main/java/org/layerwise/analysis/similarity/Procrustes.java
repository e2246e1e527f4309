package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.base.Citation;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Orthogonal Procrustes similarity: {@code ||X^T Y||_* / (||X||_F ||Y||_F)} of column-centred X and Y, where the
 * nuclear norm is the sum of the singular values. It equals {@code 1 - d^2 / 2} for the Procrustes distance d, the
 * minimum of {@code ||X - Y Q||_F} over orthogonal Q for the two at Frobenius norm 1 (Ding et al., arXiv 2108.01661,
 * equation 4, where {@code d^2} is reported; Williams et al., arXiv 2110.14739, whose angular distance is the arc
 * cosine of this similarity). It is between 0 and 1, symmetric, and defined for different widths.
 *
 * <p>With fewer examples than features, a QR factorization reduces each representation to n x n once, without changing
 * the singular values of any product.
 */
public final class Procrustes implements SimilarityMeasure {

    private static final Citation PAPER = new Citation(
            "Ding et al., 2021",
            "F. Ding, J.-S. Denain and J. Steinhardt. Grounding Representation Similarity Through Statistical Testing."
                    + " NeurIPS 2021. arXiv:2108.01661.");

    public static final Measure MEASURE = Measure.ofRepresentations(
                    "procrustes", (options, engine) -> new Procrustes(engine))
            .title("orthogonal Procrustes similarity")
            .shortName("Procrustes")
            .description("What is left after the best rotation of one onto the other.")
            .noun("Procrustes similarity")
            .citing(PAPER)
            .withoutInterval("Procrustes similarity" + CcaMeasure.NO_INTERVAL)
            .build();

    private final TensorEngine engine;
    private final Measure measure;
    private final ToDoubleBiFunction<Tensor, Tensor> ofPair;

    public Procrustes(TensorEngine engine) {
        this(engine, MEASURE, Procrustes::cosine);
    }

    /**
     * Creates the computation of a measure that depends on the best rotation of one representation onto the other.
     *
     * @param ofPair the similarity of two factors of norm 1, {@code [n, p]} and {@code [n, q]}, whose Grams are those of the
     *     representations
     */
    Procrustes(TensorEngine engine, Measure measure, ToDoubleBiFunction<Tensor, Tensor> ofPair) {
        this.engine = engine;
        this.measure = measure;
        this.ofPair = ofPair;
    }

    /** Returns the nuclear norm of {@code X^T Y}, which for factors of norm 1 is the cosine of their angle. */
    static double cosine(Tensor x, Tensor y) {
        return Factorizations.singularValues(x.transpose().matmul(y)).sum().item();
    }

    /**
     * Returns the Procrustes distance of two factors of norm 1, 0 to the root of 2. It is the norm of what the best rotation
     * leaves, so that a small distance has as many digits as a large one, unlike the root of {@code 2 - 2 cos}.
     */
    static double distance(Tensor x, Tensor y) {
        Tensor narrow = x.size(1) <= y.size(1) ? x : y;
        Tensor wide = narrow == x ? y : x;
        Factorizations.Svd svd = Factorizations.svd(narrow.transpose().matmul(wide));
        return narrow.matmul(svd.u().matmul(svd.vt())).sub(wide).norm().item();
    }

    @Override
    public Measure measure() {
        return measure;
    }

    /**
     * Returns three: two examples differ in one direction, and any two such directions can be rotated into each other.
     */
    @Override
    public int fewestSamples() {
        return 3;
    }

    @Override
    public SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        MeasureMessages.requireSamples(this, representations.samples());
        try (Scope scope = engine.inference()) {
            Side side = side(representations, device, progress.part(0, 0.2));
            PairLoop.Sides sides = PairLoop.Sides.ofOne(side.reasons, true);
            return fill(sides, side, side, progress.part(0.2, 1), partial);
        }
    }

    @Override
    public LayerImportance importance(Representations representations, Device device, Progress progress) {
        MeasureMessages.requireSamples(this, representations.samples());
        try (Scope scope = engine.inference()) {
            Side side = side(representations, device, progress.part(0, 0.2));
            return LayerImportance.of(
                    fill(PairLoop.Sides.consecutive(side.reasons), side, side, progress.part(0.2, 1), partial -> {}));
        }
    }

    @Override
    public SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        MeasureMessages.requireSameExamples(measure(), first.samples(), second.samples());
        MeasureMessages.requireSamples(this, first.samples());
        try (Scope scope = engine.inference()) {
            Side left = side(first, device, progress.part(0, 0.1));
            Side right = side(second, device, progress.part(0.1, 0.2));
            PairLoop.Sides sides = PairLoop.Sides.ofTwo(left.reasons, right.reasons);
            return fill(sides, left, right, progress.part(0.2, 1), partial -> {});
        }
    }

    private SimilarityMatrix fill(
            PairLoop.Sides sides, Side left, Side right, Progress progress, Consumer<SimilarityMatrix> partial) {
        return new PairLoop(engine)
                .fill(
                        sides,
                        i -> {
                            Tensor x = left.factor(i);
                            return j -> SimilarityCells.value(ofPair.applyAsDouble(x, right.factor(j)));
                        },
                        progress,
                        partial);
    }

    private Side side(Representations representations, Device device, Progress progress) {
        Side side = new Side(representations, device);
        for (int state = 0; state < representations.layers().size(); state++) {
            progress.check();
            progress.report((double) state / representations.layers().size(), "Preparing hidden state " + state);
            side.prepare(state);
        }
        return side;
    }

    private final class Side {

        private final Representations representations;
        private final Device device;
        /**
         * Factors of norm 1 with the representation's Gram, at most n x n; null for a factor that is computed when
         * needed.
         */
        private final List<@Nullable Tensor> factors = new ArrayList<>();

        private final List<Similarity.@Nullable Undefined> reasons = new ArrayList<>();

        Side(Representations representations, Device device) {
            this.representations = representations;
            this.device = device;
        }

        void prepare(int state) {
            Matrix layer = representations.layers().get(state);
            try (Scope scope = engine.scope()) {
                GramComputation.Centred centred = GramComputation.Centred.of(engine, layer, device);
                String lacking = centred.lacking(state, representations.position());
                reasons.add(lacking == null ? null : MeasureMessages.undefined(lacking, measure()));
                boolean wide = lacking == null && layer.rows() < layer.columns();
                factors.add(wide ? scope.keep(reduced(centred.values())) : null);
            }
        }

        private static Tensor reduced(Tensor x) {
            Tensor r = Factorizations.qr(x.transpose()).r();
            return r.transpose().mul(1 / r.norm().item());
        }

        /** Returns the factor {@code [n, min(n, d)]}, in the current scope or an enclosing one. */
        Tensor factor(int state) {
            Tensor made = factors.get(state);
            if (made != null) {
                return made;
            }
            try (Scope scope = engine.scope()) {
                Tensor x = GramComputation.Centred.of(
                                engine, representations.layers().get(state), device)
                        .values();
                return scope.keep(x.mul(1 / x.norm().item()));
            }
        }
    }
}

package org.layerwise.analysis.similarity;

import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;

/** Measure of canonical correlations, which are the singular values of {@code U_x^T U_y}. */
abstract class CcaMeasure implements SimilarityMeasure {

    private final TensorEngine engine;
    private final Measure measure;
    private final double share;

    /**
     * Creates the measure.
     *
     * @param share share of the variance that is kept, above 0 and at most 1
     * @throws org.layerwise.base.UserException if the share is outside this range
     */
    CcaMeasure(TensorEngine engine, Measure measure, double share) {
        CcaSide.requireShare(measure, share);
        this.engine = engine;
        this.measure = measure;
        this.share = share;
    }

    /** Returns the function that compares one hidden state with each hidden state of the other side. */
    abstract IntFunction<Similarity> row(int state, CcaSide own, CcaSide others);

    @Override
    public Measure measure() {
        return measure;
    }

    @Override
    public int fewestSamples() {
        return 3;
    }

    @Override
    public SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        MeasureMessages.requireSamples(this, representations.samples());
        try (Scope scope = engine.inference()) {
            CcaSide side = side(representations, device, progress.part(0, 0.5));
            return new PairLoop(engine)
                    .fill(
                            new PairLoop.Sides.Own(side.reasons(), measure.isSymmetric()),
                            i -> row(i, side, side),
                            progress.part(0.5, 1),
                            partial);
        }
    }

    @Override
    public SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        MeasureMessages.requireSameExamples(measure, first.samples(), second.samples());
        MeasureMessages.requireSamples(this, first.samples());
        try (Scope scope = engine.inference()) {
            CcaSide left = side(first, device, progress.part(0, 0.25));
            CcaSide right = side(second, device, progress.part(0.25, 0.5));
            return new PairLoop(engine)
                    .fill(
                            new PairLoop.Sides.Both(left.reasons(), right.reasons()),
                            i -> row(i, left, right),
                            progress.part(0.5, 1),
                            partial -> {});
        }
    }

    private CcaSide side(Representations representations, Device device, Progress progress) {
        return CcaSide.of(engine, representations, share, measure, device, progress);
    }
}

package org.layerwise.analysis.similarity;

import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;

/** Compares all pairs by a measure of canonical correlations, which are the singular values of {@code U_x^T U_y}. */
final class CcaPairs {

    private final TensorEngine engine;
    private final SimilarityMeasure measure;
    private final double share;
    private final Row row;

    CcaPairs(TensorEngine engine, SimilarityMeasure measure, double share, Row row) {
        CcaSide.requireShare(measure.measure(), share);
        this.engine = engine;
        this.measure = measure;
        this.share = share;
        this.row = row;
    }

    /** Makes, for one hidden state, the function that compares it with each hidden state of the other side. */
    @FunctionalInterface
    interface Row {
        IntFunction<Similarity> of(int state, CcaSide own, CcaSide others);
    }

    SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        MeasureMessages.requireSamples(measure, representations.samples());
        try (Scope scope = engine.inference()) {
            CcaSide side = side(representations, device, progress.part(0, 0.5));
            return new PairLoop(engine)
                    .fill(
                            new PairLoop.Sides.Own(
                                    side.reasons(), measure.measure().isSymmetric()),
                            i -> row.of(i, side, side),
                            progress.part(0.5, 1),
                            partial);
        }
    }

    SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        MeasureMessages.requireSameExamples(measure.measure(), first.samples(), second.samples());
        MeasureMessages.requireSamples(measure, first.samples());
        try (Scope scope = engine.inference()) {
            CcaSide left = side(first, device, progress.part(0, 0.25));
            CcaSide right = side(second, device, progress.part(0.25, 0.5));
            return new PairLoop(engine)
                    .fill(
                            new PairLoop.Sides.Both(left.reasons(), right.reasons()),
                            i -> row.of(i, left, right),
                            progress.part(0.5, 1),
                            partial -> {});
        }
    }

    private CcaSide side(Representations representations, Device device, Progress progress) {
        return CcaSide.of(engine, representations, share, measure.measure(), device, progress);
    }
}

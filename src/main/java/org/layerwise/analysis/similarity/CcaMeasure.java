package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.base.Decimals;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;

/** Measure of canonical correlations, which are the singular values of {@code U_x^T U_y}. */
abstract class CcaMeasure implements SimilarityMeasure {

    /** Predicate of a sentence on why a measure of directions cannot have an interval. */
    static final String NO_INTERVAL =
            " has no interval, since it does not follow from similarities of examples and copies"
                    + " of an example would make its directions fit too well.";

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
        if (!(share > 0 && share <= 1)) {
            throw new UserException("The share of the variance that %s keeps must be above 0 and at most 1, not %s."
                    .formatted(measure.noun(), share));
        }
        this.engine = engine;
        this.measure = measure;
        this.share = share;
    }

    /** Returns the words on the kept directions in a methods paragraph. */
    static String methods(MeasureOptions options) {
        return " on the directions with %s of the variance".formatted(Decimals.plain(options.svccaVariance()));
    }

    /**
     * Returns the function that compares one hidden state with each hidden state of the other side.
     *
     * @param own singular directions of all hidden states of a model
     * @param others those of the model on the other side, which may be the same
     */
    abstract IntFunction<Similarity> row(int state, List<Directions> own, List<Directions> others);

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
        return ofOne(
                states -> PairLoop.Sides.ofOne(states, measure.isSymmetric()),
                representations,
                device,
                progress,
                partial);
    }

    @Override
    public LayerImportance importance(Representations representations, Device device, Progress progress) {
        return LayerImportance.of(ofOne(PairLoop.Sides::consecutive, representations, device, progress, partial -> {}));
    }

    private SimilarityMatrix ofOne(
            Function<List<Similarity.@Nullable Undefined>, PairLoop.Sides> sides,
            Representations representations,
            Device device,
            Progress progress,
            Consumer<SimilarityMatrix> partial) {
        MeasureMessages.requireSamples(this, representations.samples());
        try (Scope scope = engine.inference()) {
            List<Directions> side = side(representations, device, progress.part(0, 0.5));
            return new PairLoop(engine)
                    .fill(sides.apply(reasons(side)), i -> row(i, side, side), progress.part(0.5, 1), partial);
        }
    }

    @Override
    public SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        MeasureMessages.requireSameExamples(measure, first.samples(), second.samples());
        MeasureMessages.requireSamples(this, first.samples());
        try (Scope scope = engine.inference()) {
            List<Directions> left = side(first, device, progress.part(0, 0.25));
            List<Directions> right = side(second, device, progress.part(0.25, 0.5));
            return new PairLoop(engine)
                    .fill(
                            PairLoop.Sides.ofTwo(reasons(left), reasons(right)),
                            i -> row(i, left, right),
                            progress.part(0.5, 1),
                            partial -> {});
        }
    }

    /** Factors every hidden state; the tensors belong to the current scope. */
    private List<Directions> side(Representations representations, Device device, Progress progress) {
        List<Directions> states = new ArrayList<>();
        for (Matrix layer : representations.layers()) {
            int state = states.size();
            progress.check();
            progress.report((double) state / representations.layers().size(), "Factoring hidden state " + state);
            states.add(Directions.of(engine, layer, state, representations.position(), share, measure, device));
        }
        return states;
    }

    private static List<Similarity.@Nullable Undefined> reasons(List<Directions> states) {
        List<Similarity.@Nullable Undefined> reasons = new ArrayList<>();
        states.forEach(directions -> reasons.add(directions.undefined()));
        return reasons;
    }
}

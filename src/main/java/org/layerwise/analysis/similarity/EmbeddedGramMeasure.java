package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Measure that computes a vector from each Gram and compares two vectors by their cosine
 * {@code <v, w> / (||v|| ||w||)}, or a function of it: all measures from inner products have this form.
 */
abstract class EmbeddedGramMeasure implements GramMeasure {

    private final TensorEngine engine;

    EmbeddedGramMeasure(TensorEngine engine) {
        this.engine = engine;
    }

    /**
     * Returns the vector of a Gram, or the reason why there is none.
     *
     * @param gram centred Gram, {@code [n, n]}; not changed
     * @param state index of its hidden state, for the reason
     */
    abstract Embedded embed(double[] gram, int samples, int state);

    /** Returns the similarity for the cosine of two vectors: the cosine itself by default. */
    double ofCosine(double cosine) {
        return cosine;
    }

    private Similarity ofCosine(Similarity cosine) {
        return cosine instanceof Similarity.Value known ? SimilarityCells.value(ofCosine(known.value())) : cosine;
    }

    /** Vector of a Gram, or one sentence on why the measure is undefined for it. */
    record Embedded(double[] vector, @Nullable String undefined) {
        static Embedded of(double[] vector) {
            return new Embedded(vector, null);
        }

        /** Returns a vector of zeros, which does not affect other values, with a reason. */
        static Embedded undefined(int length, String reason) {
            return new Embedded(new double[length], reason);
        }
    }

    @Override
    public boolean needsGrams() {
        return true;
    }

    @Override
    public SimilarityMatrix allPairs(
            Representations representations, Device device, Progress progress, Consumer<SimilarityMatrix> partial) {
        Grams grams = grams(representations, device, progress.part(0, 0.8));
        return allPairs(grams, progress.part(0.8, 1), partial);
    }

    @Override
    public SimilarityMatrix between(Representations first, Representations second, Device device, Progress progress) {
        MeasureMessages.requireSameExamples(measure(), first.samples(), second.samples());
        Grams left = grams(first, device, progress.part(0, 0.4));
        Grams right = grams(second, device, progress.part(0.4, 0.8));
        return between(left, right, progress.part(0.8, 1));
    }

    @Override
    public SimilarityMatrix allPairs(Grams grams, Progress progress, Consumer<SimilarityMatrix> partial) {
        MeasureMessages.requireSamples(this, grams.samples());
        Side side = embed(grams, progress.part(0, 0.5));
        double[][] inner = new InnerProducts(engine).of(side.vectors, side.vectors, progress.part(0.5, 1));
        SimilarityMatrix matrix = SimilarityCells.matrix(
                grams.size(),
                grams.size(),
                SimilarityCells.unless(
                        side.reasons::get, side.reasons::get, (i, j) -> ofCosine(SimilarityCells.cosine(inner, i, j))));
        progress.report(1, "Compared all hidden states");
        partial.accept(matrix);
        return matrix;
    }

    @Override
    public SimilarityMatrix between(Grams first, Grams second, Progress progress) {
        MeasureMessages.requireSameExamples(measure(), first.samples(), second.samples());
        MeasureMessages.requireSamples(this, first.samples());
        Side left = embed(first, progress.part(0, 0.3));
        Side right = embed(second, progress.part(0.3, 0.6));
        double[][] inner = new InnerProducts(engine).of(left.vectors, right.vectors, progress.part(0.6, 1));
        double[] leftNorms = norms(left.vectors);
        double[] rightNorms = norms(right.vectors);
        progress.report(1, "Compared all hidden states");
        return SimilarityCells.matrix(
                first.size(),
                second.size(),
                SimilarityCells.unless(
                        left.reasons::get,
                        right.reasons::get,
                        (i, j) -> ofCosine(SimilarityCells.value(inner[i][j] / (leftNorms[i] * rightNorms[j])))));
    }

    private Grams grams(Representations representations, Device device, Progress progress) {
        int n = representations.samples();
        MeasureMessages.requireSamples(this, n);
        GramComputation.require(measure(), n, representations.layers().size());
        return new GramComputation(engine).of(representations, device, progress);
    }

    private record Side(List<double[]> vectors, List<Similarity.@Nullable Undefined> reasons) {}

    private Side embed(Grams grams, Progress progress) {
        List<double[]> vectors = new ArrayList<>();
        List<Similarity.@Nullable Undefined> reasons = new ArrayList<>();
        for (int state = 0; state < grams.size(); state++) {
            progress.check();
            progress.report((double) state / grams.size(), "Preparing hidden state %s".formatted(state));
            Embedded embedded = embed(grams.of(state), grams.samples(), state);
            vectors.add(embedded.vector);
            reasons.add(reason(grams, state, embedded));
        }
        return new Side(vectors, reasons);
    }

    private Similarity.@Nullable Undefined reason(Grams grams, int state, Embedded embedded) {
        String lacking = grams.reason(state).orElse(null);
        if (lacking != null) {
            return MeasureMessages.undefined(lacking, measure());
        }
        return embedded.undefined == null ? null : new Similarity.Undefined(embedded.undefined);
    }

    private static double[] norms(List<double[]> vectors) {
        return vectors.stream().mapToDouble(Doubles::norm).toArray();
    }
}

package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Sums of the unbiased HSIC of all pairs over minibatches.
 *
 * @param hsic {@code [states, states]}
 * @param squares squared norms of the hidden states
 * @param centredSquares squared norms of the centred hidden states
 * @param gramSquares squared norms of the centred Grams, each over {@code n (n - 3)}
 */
record MinibatchSums(
        TensorEngine engine,
        Device device,
        double[][] hsic,
        double[] squares,
        double[] centredSquares,
        double[] gramSquares) {

    /** Threshold relative to the norm of a Gram, below which a centred Gram consists of rounding only. */
    private static final double ROUNDING = 1e-12;

    MinibatchSums(TensorEngine engine, Device device, int states) {
        this(engine, device, new double[states][states], new double[states], new double[states], new double[states]);
    }

    MinibatchSums copy() {
        double[][] rows = hsic.clone();
        for (int i = 0; i < rows.length; i++) {
            rows[i] = rows[i].clone();
        }
        return new MinibatchSums(engine, device, rows, squares.clone(), centredSquares.clone(), gramSquares.clone());
    }

    void add(Representations minibatch) {
        int n = minibatch.samples();
        List<double[]> vectors = new ArrayList<>();
        for (Matrix layer : minibatch.layers()) {
            int state = vectors.size();
            try (Scope scope = engine.inference()) {
                GramComputation.Centred centred = GramComputation.Centred.of(engine, layer, device);
                Tensor x = centred.values();
                double norm = x.norm().item();
                squares[state] += centred.norm() * centred.norm();
                centredSquares[state] += norm * norm;
                double[] gram = x.matmul(x.transpose()).doubles();
                double size = Doubles.norm(gram);
                gramSquares[state] += size * size / (n * (n - 3.0));
                vectors.add(UCentring.of(gram, n));
            }
        }
        double[][] products = new InnerProducts(engine).of(vectors, vectors, Progress.none());
        for (int i = 0; i < products.length; i++) {
            for (int j = 0; j < products.length; j++) {
                hsic[i][j] += products[i][j] / (n * (n - 3.0));
            }
        }
    }

    /**
     * Returns the similarities of some summed hidden states (rows) with others (columns).
     *
     * @param rows range of the hidden states in the rows
     * @param columns range of the hidden states in the columns
     */
    SimilarityMatrix matrix(Span rows, Span columns, @Nullable Position position) {
        return SimilarityCells.matrix(
                rows.length(),
                columns.length(),
                SimilarityCells.unless(
                        i -> reason(rows.begin + i, i, position),
                        j -> reason(columns.begin + j, j, position),
                        (i, j) -> SimilarityCells.cosine(hsic, rows.begin + i, columns.begin + j)));
    }

    /** Range of neighbouring hidden states. */
    record Span(int begin, int end) {
        int length() {
            return end - begin;
        }
    }

    private Similarity.@Nullable Undefined reason(int index, int state, @Nullable Position position) {
        String lacking =
                ConstantStates.lacking(state, position, Math.sqrt(squares[index]), Math.sqrt(centredSquares[index]));
        if (lacking != null) {
            return MeasureMessages.undefined(lacking, MinibatchCka.MEASURE);
        }
        return hsic[index][index] > ROUNDING * ROUNDING * gramSquares[index]
                ? null
                : new Similarity.Undefined(
                        "All examples in hidden state %s are alike to all others, so minibatch CKA is undefined."
                                .formatted(state));
    }
}

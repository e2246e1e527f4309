package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Computes {@linkplain MinibatchCka minibatch CKA} of examples that arrive in chunks, in memory that does not grow with
 * their number: one minibatch is stored, O(M b d), and sums. The value depends on the order of the examples and on the
 * size of the minibatch, not on the sizes of the chunks. The last examples form a smaller minibatch if there are at
 * least {@value #FEWEST_SAMPLES}, and are left out otherwise. This class is not thread-safe.
 */
public final class MinibatchAccumulator {

    /** Minimum number of examples in a minibatch for the unbiased estimator. */
    public static final int FEWEST_SAMPLES = 4;

    private final TensorEngine engine;
    private final Device device;
    private final int size;
    private @Nullable Minibatch minibatch;
    private @Nullable MinibatchSums sums;
    private long samples;

    /**
     * Creates an empty accumulator.
     *
     * @param size number of examples per minibatch
     * @throws UserException if the size is below {@value #FEWEST_SAMPLES}
     */
    public MinibatchAccumulator(TensorEngine engine, Device device, int size) {
        if (size < FEWEST_SAMPLES) {
            throw new UserException("A minibatch of minibatch CKA must have at least %s examples, not %s."
                    .formatted(FEWEST_SAMPLES, size));
        }
        this.engine = engine;
        this.device = device;
        this.size = size;
    }

    /** Minibatch that is being filled, with the values of each hidden state. */
    private static final class Minibatch {
        final @Nullable Position position;
        final int[] widths;
        final float[][] values;
        int filled;

        Minibatch(Representations like, int size) {
            position = like.position();
            widths = like.layers().stream().mapToInt(Matrix::columns).toArray();
            values = new float[widths.length][];
            for (int i = 0; i < widths.length; i++) {
                values[i] = new float[Math.multiplyExact(size, widths[i])];
            }
        }

        void take(Representations chunk, int begin, int rows) {
            for (int i = 0; i < widths.length; i++) {
                System.arraycopy(
                        chunk.layers().get(i).values(),
                        begin * widths[i],
                        values[i],
                        filled * widths[i],
                        rows * widths[i]);
            }
            filled += rows;
        }

        Representations content() {
            List<Matrix> layers = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                layers.add(
                        ExampleSelection.of(new Matrix(values[i].length / widths[i], widths[i], values[i]), 0, filled));
            }
            return new Representations(position, layers);
        }
    }

    /**
     * Adds the next examples.
     *
     * @param chunk any number of examples, of the same hidden states as in earlier chunks
     * @throws IllegalArgumentException if the hidden states are not those of the earlier chunks
     */
    public void add(Representations chunk) {
        int[] widths = chunk.layers().stream().mapToInt(Matrix::columns).toArray();
        if (minibatch == null || sums == null) {
            minibatch = new Minibatch(chunk, size);
            sums = new MinibatchSums(engine, device, widths.length);
        }
        if (!Arrays.equals(widths, minibatch.widths)) {
            throw new IllegalArgumentException("a chunk of other hidden states than those before");
        }
        int begin = 0;
        while (begin < chunk.samples()) {
            int rows = Math.min(chunk.samples() - begin, size - minibatch.filled);
            minibatch.take(chunk, begin, rows);
            begin += rows;
            if (minibatch.filled == size) {
                sums.add(minibatch.content());
                minibatch.filled = 0;
            }
        }
        samples += chunk.samples();
    }

    /** Returns the number of last examples that {@link #result()} leaves out: fewer than {@value #FEWEST_SAMPLES}. */
    public int leftOut() {
        return minibatch != null && minibatch.filled < FEWEST_SAMPLES ? minibatch.filled : 0;
    }

    /** Returns one sentence on the examples that are left out; empty if none are. */
    public Optional<String> note() {
        int rows = leftOut();
        return rows == 0
                ? Optional.empty()
                : Optional.of("Minibatch CKA leaves out the last %s: a minibatch needs at least %s."
                        .formatted(rows == 1 ? "example" : rows + " examples", FEWEST_SAMPLES));
    }

    /**
     * Returns the similarity of all pairs over the examples so far; more examples may follow.
     *
     * @throws UserException if there are fewer than {@value #FEWEST_SAMPLES} examples
     */
    public SimilarityMatrix result() {
        MinibatchSums.Span all = new MinibatchSums.Span(0, minibatch == null ? 0 : minibatch.widths.length);
        return result(all, all);
    }

    SimilarityMatrix result(MinibatchSums.Span rows, MinibatchSums.Span columns) {
        MeasureMessages.requireSamples(MinibatchCka.MEASURE, FEWEST_SAMPLES, samples);
        if (minibatch == null || sums == null) {
            throw new IllegalStateException("examples were counted that nobody added");
        }
        MinibatchSums total = sums;
        if (minibatch.filled >= FEWEST_SAMPLES) {
            total = sums.copy();
            total.add(minibatch.content());
        }
        return total.matrix(rows, columns, minibatch.position);
    }
}

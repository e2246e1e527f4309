package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.ByteSize;
import org.layerwise.base.UserException;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Computes exact linear CKA of examples that arrive in chunks, in memory that does not grow with their number: the
 * cross covariances {@code X_i^T X_j} are summed in float64. For accuracy the mean of the first rows is subtracted from
 * the examples, and the rest of the mean at the end. All pairs of hidden states are compared if their cross covariances
 * fit into memory; otherwise neighbouring states only (from which importance follows). This class is not thread-safe.
 */
public final class StreamedCka implements AutoCloseable {

    /** Maximum number of examples on the device at once. */
    private static final int ROWS = 512;

    /** Pairs of hidden states to compare. */
    public enum Pairs {
        /** All pairs. */
        ALL,
        /** Each hidden state and the next. */
        CONSECUTIVE;

        /** Returns the number of hidden states with which each is compared, itself included. */
        private int reach(int states) {
            return this == ALL ? states : 2;
        }

        /**
         * Returns the number of bytes of the cross covariances of hidden states of these widths, plus the largest piece
         * that is added.
         */
        long bytes(int[] widths) {
            long sum = 0;
            long largest = 0;
            for (int i = 0; i < widths.length; i++) {
                long row = 0;
                for (int j = i; j < Math.min(widths.length, i + reach(widths.length)); j++) {
                    row += (long) widths[i] * widths[j] * Double.BYTES;
                }
                sum += row;
                largest = Math.max(largest, row);
            }
            return sum + largest;
        }
    }

    private final TensorEngine engine;
    private final Device device;
    private final int[] widths;
    private final Pairs pairs;
    private final TensorOwner owner;
    /**
     * Cross covariances {@code [d_i, d_i + d_(i+1) + ..]} of each hidden state with itself and the states compared with
     * it.
     */
    private final List<Tensor> products = new ArrayList<>();

    private final List<Tensor> sums = new ArrayList<>();
    private final List<Tensor> shifts = new ArrayList<>();
    private final double[] squares;
    private final double[] shiftedSquares;
    private @Nullable Position position;
    private long samples;

    private StreamedCka(TensorEngine engine, Device device, int[] widths, Pairs pairs) {
        this.engine = engine;
        this.device = device;
        this.widths = widths;
        this.pairs = pairs;
        this.owner = engine.owner();
        squares = new double[widths.length];
        shiftedSquares = new double[widths.length];
        try (Scope scope = engine.inference()) {
            for (int i = 0; i < widths.length; i++) {
                products.add(owner.adopt(engine.zeros(DType.F64, device, widths[i], offset(i, end(i)))));
                sums.add(owner.adopt(engine.zeros(DType.F64, device, 1, widths[i])));
            }
        }
    }

    /**
     * Returns the largest set of pairs whose cross covariances fit; empty if even those of neighbouring states do not
     * fit.
     */
    public static Optional<Pairs> possible(List<Integer> widths, long bytes) {
        int[] all = widths.stream().mapToInt(Integer::intValue).toArray();
        return Arrays.stream(Pairs.values())
                .filter(pairs -> pairs.bytes(all) <= bytes)
                .findFirst();
    }

    /**
     * Creates an empty computation.
     *
     * @param widths width d of each hidden state
     * @param bytes maximum number of bytes of the cross covariances on the device
     * @throws UserException if even the cross covariances of neighbouring states do not fit
     */
    public static StreamedCka start(TensorEngine engine, Device device, List<Integer> widths, long bytes) {
        int[] all = widths.stream().mapToInt(Integer::intValue).toArray();
        Pairs pairs = possible(widths, bytes)
                .orElseThrow(() -> new UserException(
                        "Exact CKA of streamed examples takes %s for hidden states of this width, and there are %s for it; use %s."
                                .formatted(
                                        ByteSize.of(Pairs.CONSECUTIVE.bytes(all)),
                                        ByteSize.of(bytes),
                                        MinibatchCka.MEASURE.id())));
        return new StreamedCka(engine, device, all, pairs);
    }

    /** Returns the pairs of hidden states that are compared. */
    public Pairs pairs() {
        return pairs;
    }

    /** Returns the number of examples so far. */
    public long samples() {
        return samples;
    }

    /**
     * Adds the next examples.
     *
     * @throws IllegalArgumentException if the hidden states do not have the widths given at the start
     */
    public void add(Representations chunk) {
        if (!Arrays.equals(chunk.layers().stream().mapToInt(Matrix::columns).toArray(), widths)) {
            throw new IllegalArgumentException("a chunk of hidden states of other widths");
        }
        for (int begin = 0; begin < chunk.samples(); begin += ROWS) {
            addRows(chunk, begin, Math.min(chunk.samples(), begin + ROWS));
        }
    }

    private void addRows(Representations chunk, int begin, int end) {
        position = chunk.position();
        try (Scope scope = engine.inference()) {
            List<Tensor> shifted = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                Tensor x = ExampleSelection.onDevice(engine, chunk.layers().get(i), begin, end, device);
                if (samples == 0) {
                    shifts.add(owner.adopt(x.mean(0, true)));
                }
                Tensor less = x.sub(shifts.get(i));
                squares[i] += x.square().sum().item();
                shiftedSquares[i] += less.square().sum().item();
                sums.get(i).addInPlace(less.sum(0, true), 1);
                shifted.add(less);
            }
            Tensor all = engine.cat(shifted, 1);
            for (int i = 0; i < widths.length; i++) {
                try (Scope row = engine.scope()) {
                    Tensor right = all.slice(1, offset(0, i), offset(0, end(i)));
                    products.get(i).addInPlace(shifted.get(i).transpose().matmul(right), 1);
                }
            }
        }
        samples += end - begin;
    }

    /** Returns one more than the last hidden state with which state i is compared. */
    private int end(int i) {
        return Math.min(widths.length, i + pairs.reach(widths.length));
    }

    /** Returns the total width of some neighbouring hidden states. */
    private int offset(int begin, int end) {
        return IntStream.range(begin, end).map(i -> widths[i]).sum();
    }

    /**
     * Returns the similarity of the pairs over the examples so far; more examples may follow. Pairs that are not
     * compared are undefined.
     *
     * @throws UserException if there are too few examples
     */
    public SimilarityMatrix result() {
        MeasureMessages.requireSamples(LinearCka.MEASURE, LinearCka.FEWEST_SAMPLES, samples);
        double[][] inner = new double[widths.length][widths.length];
        for (int i = 0; i < widths.length; i++) {
            for (int j = i; j < end(i); j++) {
                inner[i][j] = squaredNorm(i, j);
            }
        }
        List<Similarity.@Nullable Undefined> reasons = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            reasons.add(reason(i));
        }
        return SimilarityCells.matrix(
                widths.length, widths.length, SimilarityCells.unless(reasons::get, reasons::get, (i, j) -> {
                    int low = Math.min(i, j);
                    int high = Math.max(i, j);
                    return high < end(low)
                            ? SimilarityCells.cosine(inner, low, high)
                            : new Similarity.Undefined(
                                    "Only neighbouring hidden states are compared: all pairs of so many examples would take %s."
                                            .formatted(ByteSize.of(Pairs.ALL.bytes(widths))));
                }));
    }

    /** Returns {@code ||X_i^T X_j||_F^2} of the centred representations. */
    private double squaredNorm(int i, int j) {
        try (Scope scope = engine.inference()) {
            int from = offset(i, j);
            Tensor product = products.get(i).slice(1, from, from + widths[j]);
            Tensor means = sums.get(i).transpose().matmul(sums.get(j)).mul(1.0 / samples);
            return product.sub(means).square().sum().item();
        }
    }

    private Similarity.@Nullable Undefined reason(int state) {
        double sum;
        try (Scope scope = engine.inference()) {
            sum = sums.get(state).square().sum().item();
        }
        double centred = Math.sqrt(Math.max(0, shiftedSquares[state] - sum / samples));
        String lacking = ConstantStates.lacking(state, position, Math.sqrt(squares[state]), centred);
        return lacking == null ? null : MeasureMessages.undefined(lacking, LinearCka.MEASURE);
    }

    /** Frees the sums. */
    @Override
    public void close() {
        owner.close();
    }
}

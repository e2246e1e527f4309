package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.ByteWords;
import org.layerwise.base.UserException;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Linear CKA, exactly, of examples that come a few at a time, in memory that does not grow with their number: the cross
 * covariances {@code X_i^T X_j} are summed up in float64, with the mean of the first chunk taken off for accuracy and the
 * rest of the mean at the end. Of all pairs of hidden states where these fit, of neighbours alone (which is what importance
 * follows from) where only those do. Not for use by several threads.
 */
public final class StreamedCka implements AutoCloseable {

    /** Examples on the device at once. */
    private static final int ROWS = 512;

    /** Which pairs are compared. */
    public enum Pairs {
        /** All of them. */
        ALL,
        /** Each hidden state and the next. */
        CONSECUTIVE;

        /** How many hidden states each is compared with from itself on. */
        private int reach(int states) {
            return this == ALL ? states : 2;
        }

        /** Bytes that the cross covariances of hidden states of these widths take, and the largest piece that is added. */
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
    /** {@code [d_i, d_i + d_(i+1) + ..]} for each hidden state, as far as its pairs reach. */
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

    /** The pairs whose cross covariances fit; empty if not even those of neighbours do. */
    public static Optional<Pairs> possible(List<Integer> widths, long bytes) {
        int[] all = widths.stream().mapToInt(Integer::intValue).toArray();
        return Arrays.stream(Pairs.values())
                .filter(pairs -> pairs.bytes(all) <= bytes)
                .findFirst();
    }

    /**
     * Starts.
     *
     * @param widths d of each hidden state
     * @param bytes how much memory the cross covariances may take on the device
     * @throws UserException if not even those of neighbours fit
     */
    public static StreamedCka start(TensorEngine engine, Device device, List<Integer> widths, long bytes) {
        int[] all = widths.stream().mapToInt(Integer::intValue).toArray();
        Pairs pairs = possible(widths, bytes)
                .orElseThrow(() -> new UserException(
                        "Exact CKA of streamed examples takes %s for hidden states of this width, and there are %s for it; use %s."
                                .formatted(
                                        ByteWords.of(Pairs.CONSECUTIVE.bytes(all)),
                                        ByteWords.of(bytes),
                                        Measure.MINIBATCH_CKA.id())));
        return new StreamedCka(engine, device, all, pairs);
    }

    /** Which pairs are compared. */
    public Pairs pairs() {
        return pairs;
    }

    /** The number of examples so far. */
    public long samples() {
        return samples;
    }

    /**
     * Takes the next examples.
     *
     * @throws IllegalArgumentException if the hidden states are not of the widths given at the start
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
                Tensor x = Rows.onDevice(engine, chunk.layers().get(i), begin, end, device);
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

    /** One after the last hidden state that i is compared with. */
    private int end(int i) {
        return Math.min(widths.length, i + pairs.reach(widths.length));
    }

    /** The widths of some neighbouring hidden states together. */
    private int offset(int begin, int end) {
        return IntStream.range(begin, end).map(i -> widths[i]).sum();
    }

    /**
     * The similarity of the pairs over the examples so far; more may follow. Pairs that are not compared are undefined.
     *
     * @throws UserException if there are too few examples
     */
    public SimilarityMatrix result() {
        Wording.requireSamples(Measure.LINEAR_CKA, LinearCka.FEWEST_SAMPLES, samples);
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
        return Cells.matrix(widths.length, widths.length, Cells.unless(reasons::get, reasons::get, (i, j) -> {
            int low = Math.min(i, j);
            int high = Math.max(i, j);
            return high < end(low)
                    ? Cells.cosine(inner, low, high)
                    : new Similarity.Undefined(
                            "Only neighbouring hidden states are compared: all pairs of so many examples would take %s."
                                    .formatted(ByteWords.of(Pairs.ALL.bytes(widths))));
        }));
    }

    /** {@code ||X_i^T X_j||_F^2} of the centred. */
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
        String lacking = Variation.lacking(state, position, Math.sqrt(squares[state]), centred);
        return lacking == null ? null : Wording.undefined(lacking, Measure.LINEAR_CKA);
    }

    /** Frees the sums. */
    @Override
    public void close() {
        owner.close();
    }
}

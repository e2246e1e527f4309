package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.ByteSize;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Computes the {@link Grams} of representations in float64, each once. One hidden state at a time is on the device, so
 * that the memory is O(n d + n^2) on the device and O(M n^2) on the host.
 */
public final class GramComputation {

    /** Maximum memory of the Grams in bytes; they may also take at most a quarter of the Java heap. */
    private static final long BYTES = 2L << 30;

    private final TensorEngine engine;

    public GramComputation(TensorEngine engine) {
        this.engine = engine;
    }

    /** Returns true if the Grams of this many examples and hidden states fit into memory. */
    public static boolean fits(int samples, int states) {
        return Grams.bytes(samples, states) <= budget();
    }

    private static long budget() {
        return Math.min(BYTES, Runtime.getRuntime().maxMemory() / 4);
    }

    /**
     * Refuses a computation that does not fit into memory, for a measure without an alternative to Grams.
     *
     * @throws UserException if the Grams of this many examples and hidden states do not fit into memory
     */
    static void require(Measure measure, int samples, int states) {
        if (!fits(samples, states)) {
            throw new UserException(
                    "%s compares every example with every other, which takes %s for %s examples and more than the %s there are for it; use fewer samples or %s."
                            .formatted(
                                    MeasureMessages.atTheStart(measure),
                                    ByteSize.of(Grams.bytes(samples, states)),
                                    samples,
                                    ByteSize.of(budget()),
                                    MinibatchCka.MEASURE.id()));
        }
    }

    /**
     * Computes the Grams. A hidden state that does not vary or holds numbers that are not finite has zeros and the
     * reason.
     *
     * @param device device on which to compute
     */
    public Grams of(Representations representations, Device device, Progress progress) {
        int n = representations.samples();
        List<double[]> states = new ArrayList<>();
        List<@Nullable String> lacking = new ArrayList<>();
        for (Matrix layer : representations.layers()) {
            int state = states.size();
            int last = representations.layers().size() - 1;
            progress.check();
            progress.report(
                    (double) state / (last + 1),
                    "Comparing the examples in hidden state %s of %s".formatted(state, last));
            try (Scope scope = engine.inference()) {
                Centred centred = Centred.of(engine, layer, device);
                String reason = centred.lacking(state, representations.position());
                lacking.add(reason);
                states.add(reason == null ? gram(centred.values()).doubles() : new double[Math.multiplyExact(n, n)]);
            }
        }
        progress.report(1, "Compared the examples in all hidden states");
        return new Grams(n, states, lacking);
    }

    private static Tensor gram(Tensor centred) {
        return centred.matmul(centred.transpose());
    }

    /** Representation on the device in float64, with centred columns, and its Frobenius norm before centring. */
    record Centred(Tensor values, double norm) {

        static Centred of(TensorEngine engine, Matrix matrix, Device device) {
            try (Scope scope = engine.scope()) {
                Tensor x = ExampleSelection.onDevice(engine, matrix, 0, matrix.rows(), device);
                double norm = x.norm().item();
                return new Centred(scope.keep(x.sub(x.mean(0, true))), norm);
            }
        }

        @Nullable
        String lacking(int state, @Nullable Position position) {
            return ConstantStates.lacking(state, position, norm, values.norm().item());
        }
    }
}

package org.layerwise.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gram matrices {@code X X^T} of all hidden states, with the columns of X centred, in double precision on the host.
 * Every measure that depends on inner products alone, and its uncertainty, follow from them.
 *
 * @param samples n
 * @param states {@code [n, n]} of each hidden state, row-major; not copied
 * @param undefined for each hidden state, one sentence on why its Gram matrix is undefined; null if the matrix is
 *     defined
 */
public record Grams(int samples, List<double[]> states, List<@Nullable String> undefined) {

    /** Threshold of variation: the share of the squared lengths of some examples' vectors that is left after their mean is subtracted. */
    private static final double CONSTANT = 1e-12;

    public Grams {
        states = List.copyOf(states);
        if (undefined.size() != states.size()
                || states.stream().anyMatch(gram -> gram.length != Math.multiplyExact(samples, samples))) {
            throw new IllegalArgumentException(
                    "a Gram matrix of n x n a hidden state is needed, and whether it counts");
        }
    }

    /** Returns the number of hidden states, M+1. */
    public int size() {
        return states.size();
    }

    /** Returns the Gram matrix of a hidden state. */
    public double[] of(int state) {
        return states.get(state);
    }

    /**
     * Returns the reason why a hidden state is undefined: it does not vary, or holds numbers that are not finite. Empty
     * if it is defined.
     */
    public Optional<String> reason(int state) {
        return Optional.ofNullable(undefined.get(state));
    }

    /**
     * Returns the Gram matrices of some examples, whose columns are centred over these examples alone, as if there were no others.
     * A hidden state that does not vary over them is undefined.
     *
     * @param chosen indices of the examples, each once
     */
    public Grams rows(int[] chosen) {
        List<double[]> grams = new ArrayList<>();
        List<@Nullable String> reasons = new ArrayList<>();
        for (int state = 0; state < size(); state++) {
            double[] gram = block(states.get(state), chosen);
            double before = trace(gram, chosen.length);
            centre(gram, chosen.length);
            boolean constant = !(trace(gram, chosen.length) > CONSTANT * before);
            String reason = undefined.get(state);
            reasons.add(
                    reason == null && constant
                            ? "Hidden state %s is the same for every example.".formatted(state)
                            : reason);
            grams.add(constant ? new double[gram.length] : gram);
        }
        return new Grams(chosen.length, grams, reasons);
    }

    private double[] block(double[] gram, int[] chosen) {
        double[] block = new double[chosen.length * chosen.length];
        for (int i = 0, at = 0; i < chosen.length; i++) {
            int row = chosen[i] * samples;
            for (int other : chosen) {
                block[at++] = gram[row + other];
            }
        }
        return block;
    }

    /** Subtracts the means of rows and columns of a symmetric matrix, and adds the mean of all its elements. */
    private static void centre(double[] gram, int n) {
        double[] means = new double[n];
        double all = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                means[i] += gram[i * n + j] / n;
            }
            all += means[i] / n;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                gram[i * n + j] += all - means[i] - means[j];
            }
        }
    }

    private static double trace(double[] gram, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += gram[i * n + i];
        }
        return sum;
    }

    /** Returns the number of bytes that the Gram matrices of this many examples and hidden states take. */
    public static long bytes(int samples, int states) {
        return (long) samples * samples * states * Double.BYTES;
    }
}

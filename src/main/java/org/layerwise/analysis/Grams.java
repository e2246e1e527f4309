package org.layerwise.analysis;

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

    /** Returns the number of bytes that the Gram matrices of this many examples and hidden states take. */
    public static long bytes(int samples, int states) {
        return (long) samples * samples * states * Double.BYTES;
    }
}

package org.layerwise.analysis;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Gram matrices {@code X X^T} of all hidden states, columns of X centred, in double on the host: what every measure
 * that depends on inner products alone, and its uncertainty, follow from.
 *
 * @param samples n
 * @param states {@code [n, n]} of each hidden state, row-major; not copied
 * @param undefined why a hidden state has none that means anything, in one sentence; null where it has one
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

    /** Number of hidden states, M+1. */
    public int size() {
        return states.size();
    }

    /** The Gram matrix of a hidden state. */
    public double[] of(int state) {
        return states.get(state);
    }

    /** Why a hidden state does not vary, or holds what is no number. */
    public Optional<String> reason(int state) {
        return Optional.ofNullable(undefined.get(state));
    }

    /** Bytes that so many take. */
    public static long bytes(int samples, int states) {
        return (long) samples * samples * states * Double.BYTES;
    }
}

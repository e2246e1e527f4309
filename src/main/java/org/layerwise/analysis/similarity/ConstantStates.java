package org.layerwise.analysis.similarity;

import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;

/** Checks that a hidden state varies over the examples (method.md, section 3). */
final class ConstantStates {

    /**
     * Threshold of variation: a representation is constant if its centred Frobenius norm is at most this share of the
     * uncentred one.
     */
    static final double DEGENERATE = 1e-6;

    private ConstantStates() {}

    /**
     * Returns one sentence on why a hidden state is undefined; null if it varies.
     *
     * @param norm Frobenius norm of the representation
     * @param centredNorm Frobenius norm of the representation minus its column means
     */
    static @Nullable String lacking(int state, @Nullable Position position, double norm, double centredNorm) {
        if (!Double.isFinite(norm)) {
            return "Hidden state %s holds numbers that are not finite.".formatted(state);
        }
        if (centredNorm > DEGENERATE * norm) {
            return null;
        }
        if (state == 0 && position == Position.FIRST) {
            return "Every example starts with the same token, so hidden state 0 does not vary.";
        }
        if (state == 0 && position == Position.LAST) {
            return "Every example ends with the same token, so hidden state 0 does not vary.";
        }
        return "Hidden state %s is the same for every example.".formatted(state);
    }
}

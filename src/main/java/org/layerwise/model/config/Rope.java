package org.layerwise.model.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding (Su et al., arXiv 2104.09864): pairs of elements of queries and keys are rotated by angles
 * {@code position * frequency}. Frequencies are {@code theta^(-2i / size)}, changed by a scaling for rows that are
 * longer than those seen in training.
 *
 * @param theta base of the frequencies
 * @param size number of elements of a head that are rotated, from the first; even
 * @param trained length of the rows in training ({@code max_position_embeddings})
 * @param interleaved true if neighbouring elements are a pair (GLM, Cohere); false if an element of the first half and
 *     one of the second are
 * @param growth growth of the queries with their position; null for none
 */
public record Rope(
        double theta, int size, int trained, Scaling scaling, boolean interleaved, @Nullable QueryGrowth growth) {

    /** Base of the original work, the default of most families. */
    public static final double USUAL_THETA = 10_000;

    /** Ways to extend rows beyond the trained length. */
    public sealed interface Scaling {

        /** Unscaled frequencies. */
        record None() implements Scaling {}

        /** Positions divided by a factor (Chen et al., arXiv 2306.15595). */
        record Linear(double factor) implements Scaling {}

        /**
         * Frequencies of which only the first are kept; the others are zero (Gemma 4).
         *
         * @param kept number of frequencies that are kept
         * @param factor divisor of the frequencies
         */
        record Proportional(int kept, double factor) implements Scaling {}

        /** Base that grows with the length beyond the trained length (NTK-aware scaling). */
        record Dynamic(double factor) implements Scaling {}

        /**
         * YaRN (Peng et al., arXiv 2309.00071).
         *
         * @param original trained length before the extension
         * @param attention factor of the rotated queries and keys
         * @param truncated true if the bounds of the ramp are rounded to whole dimensions
         */
        record Yarn(double factor, double betaFast, double betaSlow, int original, double attention, boolean truncated)
                implements Scaling {}

        /**
         * Scaling of Llama 3: low frequencies are divided by a factor, high frequencies are unchanged, with a ramp
         * between them.
         *
         * @param original trained length before the extension
         */
        record Llama3(double factor, double lowFrequency, double highFrequency, int original) implements Scaling {}

        /**
         * LongRoPE (Ding et al., arXiv 2402.13753): a divisor for each frequency, with one list for rows of up to
         * {@code original} tokens and one for longer rows.
         *
         * @param attention factor of the rotated queries and keys
         */
        record LongRope(List<Double> shorter, List<Double> longer, int original, double attention) implements Scaling {
            public LongRope {
                shorter = List.copyOf(shorter);
                longer = List.copyOf(longer);
            }
        }
    }

    /**
     * Growth of rotated queries with their position, which keeps attention sharp in long rows (Llama 4, Ministral 3):
     * {@code query (1 + beta log(1 + floor(position / original)))}.
     */
    public record QueryGrowth(double beta, int original) {}

    /** Returns rotary positions whose rotated queries grow with their position. */
    public Rope withGrowth(QueryGrowth of) {
        return new Rope(theta, size, trained, scaling, interleaved, of);
    }

    /** Returns rotary positions that rotate neighbouring elements. */
    public Rope withNeighbours() {
        return new Rope(theta, size, trained, scaling, true, growth);
    }

    /**
     * Returns the length above which the frequencies depend on the longest row of the batch; the largest int if they
     * never do.
     */
    public int fixedUpTo() {
        if (scaling instanceof Scaling.Dynamic) {
            return trained;
        }
        return scaling instanceof Scaling.LongRope longRope ? longRope.original() : Integer.MAX_VALUE;
    }

    /**
     * Returns true if rows of two lengths are rotated by the same angles; if not, results for the shorter row cannot be
     * reused.
     */
    public boolean sameFor(int shorter, int longer) {
        if (scaling instanceof Scaling.LongRope longRope) {
            return shorter > longRope.original() || longer <= longRope.original();
        }
        return longer <= fixedUpTo();
    }
}

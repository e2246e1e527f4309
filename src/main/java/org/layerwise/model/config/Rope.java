package org.layerwise.model.config;

import java.util.List;

/**
 * Rotary position embedding (Su et al., arXiv 2104.09864): pairs of numbers of queries and keys are turned by angles
 * {@code position * frequency}. Frequencies are {@code theta^(-2i / size)}, changed by a scaling for rows that are longer
 * than those trained on.
 *
 * @param theta the base of the frequencies
 * @param size how many numbers of a head are turned, the first ones; even
 * @param trained the length of the rows trained on ({@code max_position_embeddings})
 */
public record Rope(double theta, int size, int trained, Scaling scaling) {

    /** Ways to reach further than trained. */
    public sealed interface Scaling {

        /** None. */
        record None() implements Scaling {}

        /** Positions divided by a factor (Chen et al., arXiv 2306.15595). */
        record Linear(double factor) implements Scaling {}

        /** A base that grows with the length beyond the trained one (NTK-aware scaling). */
        record Dynamic(double factor) implements Scaling {}

        /**
         * YaRN (Peng et al., arXiv 2309.00071).
         *
         * @param original length trained on before the extension
         * @param attention what the turned queries and keys are multiplied with
         * @param truncated whether the bounds of the ramp are rounded to whole dimensions
         */
        record Yarn(double factor, double betaFast, double betaSlow, int original, double attention, boolean truncated)
                implements Scaling {}

        /**
         * Llama 3's: low frequencies divided by a factor, high ones left, a ramp between.
         *
         * @param original length trained on before the extension
         */
        record Llama3(double factor, double lowFrequency, double highFrequency, int original) implements Scaling {}

        /**
         * LongRoPE (Ding et al., arXiv 2402.13753): a divisor for each frequency, one list for rows of up to
         * {@code original} tokens, one for longer rows.
         *
         * @param attention what the turned queries and keys are multiplied with
         */
        record LongRope(List<Double> shorter, List<Double> longer, int original, double attention) implements Scaling {
            public LongRope {
                shorter = List.copyOf(shorter);
                longer = List.copyOf(longer);
            }
        }
    }

    /** Frequencies as they were trained. */
    public static Rope unscaled(double theta, int size, int trained) {
        return new Rope(theta, size, trained, new Scaling.None());
    }

    /** The length above which the frequencies depend on the longest row of the batch; the largest int if they never do. */
    public int fixedUpTo() {
        if (scaling instanceof Scaling.Dynamic) {
            return trained;
        }
        return scaling instanceof Scaling.LongRope longRope ? longRope.original() : Integer.MAX_VALUE;
    }

    /** Whether rows of two lengths are turned by the same angles; if not, what was computed of the shorter is of no use. */
    public boolean sameFor(int shorter, int longer) {
        if (scaling instanceof Scaling.LongRope longRope) {
            return shorter > longRope.original() || longer <= longRope.original();
        }
        return longer <= fixedUpTo();
    }
}

package org.layerwise.model.input;

import org.layerwise.model.config.DisentangledConfig;

/**
 * Computes row indices into DeBERTa's table of relative positions for every pair of tokens: distances up to half of the
 * buckets have one bucket each, larger distances share buckets that grow with the logarithm (He et al., arXiv
 * 2111.09543; HuggingFace's {@code make_log_bucket_position}).
 */
final class RelativePositions {

    private RelativePositions() {}

    /**
     * Returns {@code clamp(bucket(query - key) + span)} for all pairs, row-major; if mirrored, with the sign of the
     * bucket reversed.
     */
    static long[] rows(DisentangledConfig positions, int length, boolean mirrored) {
        int span = positions.span();
        long[] byDistance = new long[2 * length - 1];
        for (int i = 0; i < byDistance.length; i++) {
            int bucket = bucket(positions, i - (length - 1));
            byDistance[i] = Math.min(2L * span - 1, Math.max(0, (mirrored ? -bucket : bucket) + span));
        }
        long[] rows = new long[Math.multiplyExact(length, length)];
        for (int query = 0; query < length; query++) {
            for (int key = 0; key < length; key++) {
                rows[query * length + key] = byDistance[query - key + length - 1];
            }
        }
        return rows;
    }

    private static int bucket(DisentangledConfig positions, int distance) {
        if (positions.buckets() == 0) {
            return distance;
        }
        int middle = positions.buckets() / 2;
        if (Math.abs(distance) <= middle) {
            return distance;
        }
        // in float32, to round as the original does
        float far = (float) Math.log((float) Math.abs(distance) / middle);
        float farthest = (float) Math.log((float) ((positions.maxDistance() - 1.0) / middle));
        double steps = Math.ceil(far / farthest * (middle - 1));
        return (int) (Math.signum(distance) * (steps + middle));
    }
}

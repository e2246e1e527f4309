package org.layerwise.model;

/**
 * Scaled dot-product attention of several heads: Vaswani et al., Attention Is All You Need (arXiv 1706.03762), equation 1,
 * with groups of heads that share keys and values: Ainslie et al., GQA (arXiv 2305.13245).
 *
 * @param heads of queries
 * @param groups heads of keys and values
 * @param size of a head
 * @param scale factor on dot products
 * @param cap soft cap on scores, {@code cap · tanh(score / cap)}: Gemma 2 (arXiv 2408.00118); infinite for none
 * @param visible which tokens a token attends to
 */
record PlainAttention(int heads, int groups, int size, double scale, double cap, Visible visible) {

    /** Whether the token at {@code query} attends to the one at {@code key} of its row. */
    interface Visible {
        boolean at(int row, int query, int key);
    }

    /**
     * @param queries [rows, columns, heads, size]
     * @param keys, values [rows, columns, groups, size]
     * @return [rows, columns, heads, size]
     */
    double[] of(int rows, int columns, double[] queries, double[] keys, double[] values) {
        double[] out = new double[queries.length];
        for (int row = 0; row < rows; row++) {
            for (int query = 0; query < columns; query++) {
                for (int head = 0; head < heads; head++) {
                    int at = ((row * columns + query) * heads + head) * size;
                    attend(row, query, columns, head / (heads / groups), at, queries, keys, values, out);
                }
            }
        }
        return out;
    }

    private void attend(
            int row,
            int query,
            int columns,
            int group,
            int at,
            double[] queries,
            double[] keys,
            double[] values,
            double[] out) {
        double total = 0;
        for (int key = 0; key < columns; key++) {
            if (!visible.at(row, query, key)) {
                continue;
            }
            int other = ((row * columns + key) * groups + group) * size;
            double score = 0;
            for (int i = 0; i < size; i++) {
                score += queries[at + i] * keys[other + i];
            }
            score *= scale;
            double weight = Math.exp(Double.isInfinite(cap) ? score : cap * Math.tanh(score / cap));
            total += weight;
            for (int i = 0; i < size; i++) {
                out[at + i] += weight * values[other + i];
            }
        }
        // padding may see nothing; what becomes of it is of no account
        for (int i = 0; i < size && total > 0; i++) {
            out[at + i] /= total;
        }
    }
}

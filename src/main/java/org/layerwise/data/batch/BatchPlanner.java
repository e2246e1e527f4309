package org.layerwise.data.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.RowPadding;
import org.layerwise.tensor.DType;

/**
 * Divides rows that are sorted by length, the longest first, into the batches with the lowest total cost. A batch costs
 * {@code overhead + rows x longest} tokens: fewer batches need more padding, more batches have more overhead.
 *
 * @param overhead constant cost of a batch of any size, in tokens
 * @param most maximum number of tokens per batch, padding included; a batch of one row may have more
 * @param padding rule for the rows that may be in one batch
 */
record BatchPlanner(int overhead, int most, RowPadding padding) {

    private static final int WIDE = 1024;
    private static final int FEWEST_TOKENS = 128;
    private static final int LEAST_OVERHEAD = 16;

    /**
     * Returns the overhead and the maximum that were measured on two cores of a Xeon with AMX, with BERTs of 12 layers
     * ({@code src/bench}, {@code Budgets}). In float32, extraction takes least time with an overhead of 128 tokens at
     * width 384 (128 sentences of SST-2, 14 tokens each: 847 ms against 894 with 16 and 971 with 512; 64 questions of
     * GSM8K, 62 tokens each: 854 against 996 and 907), of 64 at width 768 (787 against 939 and 1007) and of 32 to 128
     * at width 1024. The overhead is a constant time, and so fewer tokens the wider the model is. In bfloat16, where a
     * token costs less, it is 256 to 512 at width 384 (sentences 289 against 504 with 16, questions 421 against 634).
     * Batches of more than 1024 tokens gain nothing in float32, of more than 2048 nothing in bfloat16.
     */
    static BatchPlanner onProcessor(ModelConfig config, DType type) {
        boolean small = type.bytes() == 2;
        int most = small ? 2048 : 1024;
        int overhead = Math.max(LEAST_OVERHEAD, (small ? 3 : 1) * 128 * 384 / config.hiddenSize());
        // a layer of a large model must not take long, since cancelling waits for its end
        int narrowed = config.hiddenSize() > WIDE ? Math.max(FEWEST_TOKENS, most * WIDE / config.hiddenSize()) : most;
        return new BatchPlanner(overhead, narrowed, config.rowPadding());
    }

    /**
     * Returns the rows of each batch.
     *
     * @param lengths lengths of the rows in {@code order}
     */
    List<int[]> of(int[] order, int[] lengths) {
        int rows = order.length;
        long[] cost = new long[rows + 1];
        int[] start = new int[rows + 1];
        for (int end = 1; end <= rows; end++) {
            cost[end] = Long.MAX_VALUE;
            // the first row of a batch is its longest, so batches only grow as the first row moves back
            for (int first = end - 1; first >= 0 && mayBegin(first, end, lengths); first--) {
                long with = cost[first] + overhead + (long) (end - first) * lengths[first];
                if (with < cost[end]) {
                    cost[end] = with;
                    start[end] = first;
                }
            }
        }
        List<int[]> groups = new ArrayList<>();
        for (int end = rows; end > 0; end = start[end]) {
            groups.add(Arrays.copyOfRange(order, start[end], end));
        }
        Collections.reverse(groups);
        return groups;
    }

    private boolean mayBegin(int first, int end, int[] lengths) {
        long tokens = (long) (end - first) * lengths[first];
        return end - first == 1 || tokens <= most && padding.joins(lengths[end - 1], lengths[first]);
    }
}

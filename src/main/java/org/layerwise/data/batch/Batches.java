package org.layerwise.data.batch;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.layerwise.base.Seeds;
import org.layerwise.data.SeededOrder;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.input.PixelBatch;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;

/**
 * Ways to divide a dataset into batches; every row is in exactly one batch. The lists are fixed, but a batch is padded,
 * and its images are decoded, only when it is read, so that a large dataset is not held in memory twice. A row is never
 * padded beyond what the {@link RowPadding} of its model allows.
 */
public final class Batches {

    // more rows make products faster and take memory; a layer of a wide model must not take long
    private static final int TOKENS_ON_CPU = 1024;
    // products in bfloat16 are so fast that a call's fixed costs count
    private static final int TOKENS_IN_BF16 = 2048;
    private static final int WIDE = 1024;
    private static final int LEAST_TOKENS = 512;

    private static final int TOKENS_ON_GPU = 16_384;
    private static final int TOKENS_WITH_STATES = 4096;

    /**
     * Limit of HuggingFace's mega-batches: at most this number of steps is sorted together, and there are at least
     * {@link #SORTED_PARTS} mega-batches.
     */
    private static final int STEPS_SORTED = 50;

    private static final int SORTED_PARTS = 4;

    private Batches() {}

    /**
     * Creates batches for measuring: rows sorted by length, the longest first, so that memory use is highest at the
     * start. A batch gets as many rows, at least one, as keep {@code rows x longest} within the budget.
     *
     * @param tokenBudget the maximum number of tokens per batch, padding included
     */
    public static List<Batch> byTokens(TokenizedDataset data, RowPadding padding, int tokenBudget) {
        requirePositive(tokenBudget);
        return new Padded(data, padding, withinBudget(data, longestFirst(data), tokenBudget, padding));
    }

    /**
     * Creates batches for measuring: rows sorted by length, in the batches with the lowest total cost. A batch costs
     * its own tokens, padding included, plus a constant overhead.
     *
     * @param overhead overhead of a batch, in tokens
     * @param tokenBudget the maximum number of tokens per batch
     */
    public static List<Batch> cheapest(TokenizedDataset data, RowPadding padding, int overhead, int tokenBudget) {
        requirePositive(tokenBudget);
        return new Padded(data, padding, cheapest(data, new BatchPlanner(overhead, tokenBudget, padding)));
    }

    /**
     * Creates batches for measuring: rows sorted by length, in batches that suit the device and the model. On a CPU,
     * {@link BatchPlanner} finds them with the costs that were measured on CPUs; a GPU gets many tokens at a time.
     *
     * @param type the type that the model computes in
     */
    public static List<Batch> forDevice(TokenizedDataset data, ModelConfig config, Device device, DType type) {
        return suited(data, config, device, type, TOKENS_ON_GPU);
    }

    /**
     * Creates batches for measurements that need the hidden states of all layers at once, such as gradients. They are
     * those of {@link #forDevice}, but have fewer tokens on a GPU, since the states take GPU memory.
     *
     * @param oneByOne true if each row is a batch
     */
    public static List<Batch> withAllStates(
            TokenizedDataset data, ModelConfig config, Device device, DType type, boolean oneByOne) {
        return oneByOne ? byRows(data, config.rowPadding(), 1) : suited(data, config, device, type, TOKENS_WITH_STATES);
    }

    private static List<Batch> suited(
            TokenizedDataset data, ModelConfig config, Device device, DType type, int tokensOnGpu) {
        List<int[]> groups;
        if (device.kind() == Device.Kind.CPU) {
            groups = cheapest(data, BatchPlanner.onProcessor(config, type));
        } else {
            groups = withinBudget(data, longestFirst(data), tokensOnGpu, config.rowPadding());
        }
        return new Padded(data, config.rowPadding(), groups);
    }

    /**
     * Divides the rows of a training step into pieces of rows of similar length. The step adds up the gradients of the
     * pieces, takes less memory, and pads no row that must not be padded.
     *
     * @param rows rows of the batch of a step
     * @param tokens the maximum number of tokens per piece, padding included; a longer row forms a piece of its own
     */
    public static List<Batch> pieces(int[] rows, TokenizedDataset data, RowPadding padding, int tokens) {
        return new Padded(data, padding, withinBudget(data, longestFirst(data, rows), tokens, padding));
    }

    /**
     * Returns the number of tokens that {@link #pieces} computes, padding included.
     *
     * @param rows rows of the batch of a step
     * @param tokens the maximum number of tokens per piece, padding included
     */
    public static long paddedTokens(int[] rows, TokenizedDataset data, RowPadding padding, int tokens) {
        return withinBudget(data, longestFirst(data, rows), tokens, padding).stream()
                .mapToLong(
                        group -> (long) group.length * data.rows().get(group[0]).length())
                .sum();
    }

    /**
     * Divides the rows of a training step into pieces without any padding: rows of unequal length lie side by side. A
     * piece is made when the stream reaches it.
     *
     * @param rows rows of the batch of a step
     * @param tokens the maximum number of tokens per piece; a longer row forms a piece of its own
     */
    public static Stream<Piece> packed(int[] rows, TokenizedDataset data, RowPadding padding, int tokens) {
        int[] order = longestFirst(data, rows);
        List<int[]> groups = new ArrayList<>();
        int start = 0;
        while (start < order.length) {
            long sum = data.rows().get(order[start]).length();
            int end = start + 1;
            while (end < order.length && sum + data.rows().get(order[end]).length() <= tokens) {
                sum += data.rows().get(order[end++]).length();
            }
            groups.add(Arrays.copyOfRange(order, start, end));
            start = end;
        }
        return groups.stream().map(group -> new Piece(new Padded(data, padding, byLength(data, group))));
    }

    private static List<int[]> byLength(TokenizedDataset data, int[] sorted) {
        List<int[]> parts = new ArrayList<>();
        int start = 0;
        for (int end = 1; end <= sorted.length; end++) {
            if (end == sorted.length
                    || data.rows().get(sorted[end]).length()
                            != data.rows().get(sorted[start]).length()) {
                parts.add(Arrays.copyOfRange(sorted, start, end));
                start = end;
            }
        }
        return parts;
    }

    /**
     * Creates batches as the code of the paper does, for comparison: rows in the order of the data, each padded to the
     * same length, even if all rows of the batch are shorter.
     *
     * @param rows batch size
     * @param length length of all batches except those with longer rows; batches are only padded as far as
     *     {@code padding} allows
     */
    public static List<Batch> padded(TokenizedDataset data, RowPadding padding, int rows, int length) {
        List<int[]> groups = chunks(IntStream.range(0, data.size()).toArray(), rows);
        return new Padded(data, padding, groups, length);
    }

    /** Creates batches of {@code rows} rows in the order of the data, each padded to its longest row. */
    public static List<Batch> inOrder(TokenizedDataset data, RowPadding padding, int rows) {
        return padded(data, padding, rows, 1);
    }

    /**
     * Creates batches for measuring: rows sorted by length, the longest first, in batches of {@code rows} rows; some
     * batches may be smaller.
     */
    public static List<Batch> byRows(TokenizedDataset data, RowPadding padding, int rows) {
        return new Padded(data, padding, chunks(longestFirst(data), rows));
    }

    /**
     * Returns all rows in a random order for training, in batches of {@code rows} rows. The order differs between
     * epochs and is the same for the same seed and epoch. The last batch may be smaller, as in HuggingFace's Trainer
     * with {@code dataloader_drop_last=False}. The order and the rows of a batch depend only on the number of rows, the
     * seed and the epoch; {@link #pieces} pads the rows.
     *
     * @return the rows of each batch
     */
    public static List<int[]> shuffled(int all, int rows, long seed, int epoch) {
        return chunks(SeededOrder.permutation(all, Seeds.of(seed, epoch)), rows);
    }

    /**
     * Returns all rows for training as {@link #shuffled} does, but with rows of similar length together, as
     * HuggingFace's {@code group_by_length} has them, so that there is less padding. The random order is divided into
     * parts of at most 50 steps, each sorted with the longest row first. The longest row of all comes first, so that
     * memory use is highest at the start.
     *
     * @param rows batch size
     * @param accumulate batches per step
     * @return the rows of each batch
     */
    public static List<int[]> lengthGrouped(TokenizedDataset data, int rows, int accumulate, long seed, int epoch) {
        int[] order = SeededOrder.permutation(data.size(), Seeds.of(seed, epoch));
        int stepRows = (int) Math.max(1, Math.min(order.length, (long) rows * accumulate));
        int steps = Math.max(1, Math.min(STEPS_SORTED, order.length / (SORTED_PARTS * stepRows)));
        List<int[]> sorted = chunks(order, Math.multiplyExact(steps, stepRows)).stream()
                .map(part -> longestFirst(data, part))
                .toList();
        sorted.stream()
                .min(Comparator.comparingInt(part -> -data.rows().get(part[0]).length()))
                .ifPresent(longest -> {
                    int first = sorted.get(0)[0];
                    sorted.get(0)[0] = longest[0];
                    longest[0] = first;
                });
        return chunks(sorted.stream().flatMapToInt(Arrays::stream).toArray(), rows);
    }

    /**
     * Returns the maximum number of tokens that {@link #pieces} should put into a piece on a device.
     *
     * @param type the type that the model computes in
     */
    public static int tokensPerPiece(ModelConfig config, Device device, DType type) {
        if (device.kind() != Device.Kind.CPU) {
            return TOKENS_ON_GPU;
        }
        int most = type == DType.BF16 ? TOKENS_IN_BF16 : TOKENS_ON_CPU;
        return Math.max(LEAST_TOKENS, most * WIDE / Math.max(WIDE, config.hiddenSize()));
    }

    private static List<int[]> withinBudget(TokenizedDataset data, int[] order, int tokenBudget, RowPadding padding) {
        List<int[]> groups = new ArrayList<>();
        int start = 0;
        while (start < order.length) {
            int longest = data.rows().get(order[start]).length();
            int end = Math.min(order.length, start + Math.max(1, tokenBudget / longest));
            while (!padding.joins(data.rows().get(order[end - 1]).length(), longest)) {
                end--;
            }
            groups.add(Arrays.copyOfRange(order, start, end));
            start = end;
        }
        return groups;
    }

    private static List<int[]> cheapest(TokenizedDataset data, BatchPlanner cuts) {
        int[] order = longestFirst(data);
        int[] lengths =
                Arrays.stream(order).map(row -> data.rows().get(row).length()).toArray();
        return cuts.of(order, lengths);
    }

    private static int[] longestFirst(TokenizedDataset data) {
        return longestFirst(data, IntStream.range(0, data.size()).toArray());
    }

    private static int[] longestFirst(TokenizedDataset data, int[] rows) {
        return Arrays.stream(rows)
                .boxed()
                .sorted(Comparator.comparingInt(row -> -data.rows().get(row).length()))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Divides numbers into arrays of {@code rows} elements, in their order; the last array may be shorter. */
    public static List<int[]> chunks(int[] order, int rows) {
        requirePositive(rows);
        List<int[]> chunks = new ArrayList<>();
        for (int start = 0; start < order.length; start += rows) {
            chunks.add(Arrays.copyOfRange(order, start, Math.min(order.length, start + rows)));
        }
        return chunks;
    }

    /**
     * Returns the number of batches that rows make.
     *
     * @param size batch size, 1 to the largest int; the last batch may have fewer rows
     */
    public static int count(int rows, int size) {
        requirePositive(size);
        return rows / size + (rows % size == 0 ? 0 : 1);
    }

    private static void requirePositive(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("the size of a batch must be at least 1, not " + size);
        }
    }

    /**
     * Batches that are padded when they are read. Every list of batches is made by this class, so that none can ignore
     * the {@link RowPadding}: groups of rows that must not be padded together are split.
     */
    private static final class Padded extends AbstractList<Batch> implements RandomAccess {

        private final TokenizedDataset data;
        private final RowPadding padding;
        private final List<int[]> groups;
        private final int shortest;

        Padded(TokenizedDataset data, RowPadding padding, List<int[]> groups) {
            this(data, padding, groups, 1);
        }

        /**
         * Creates batches with a minimum length.
         *
         * @param shortest minimum length that a batch is padded to, as far as the padding allows
         */
        Padded(TokenizedDataset data, RowPadding padding, List<int[]> groups, int shortest) {
            this.data = data;
            this.padding = padding;
            this.groups =
                    groups.stream().flatMap(group -> split(group).stream()).toList();
            this.shortest = Math.min(shortest, padding.upTo());
        }

        /**
         * Splits a group into the rows that may be padded together and the rows of each greater length, in the order of
         * the group.
         */
        private Collection<int[]> split(int[] group) {
            Map<Integer, List<Integer>> parts = new LinkedHashMap<>();
            for (int row : group) {
                int length = data.rows().get(row).length();
                parts.computeIfAbsent(length <= padding.upTo() ? 0 : length, any -> new ArrayList<>())
                        .add(row);
            }
            return parts.values().stream()
                    .map(part -> part.stream().mapToInt(Integer::intValue).toArray())
                    .toList();
        }

        @Override
        public Batch get(int index) {
            int[] rows = groups.get(index);
            int length = shortest;
            for (int row : rows) {
                length = Math.max(length, data.rows().get(row).length());
            }
            int cells = Math.multiplyExact(rows.length, length);
            long[] ids = new long[cells];
            long[] typeIds = new long[cells];
            long[] mask = new long[cells];
            boolean hidesTokens = false;
            Arrays.fill(ids, padding.id());
            for (int i = 0; i < rows.length; i++) {
                TokenRow row = data.rows().get(rows[i]);
                row.copyTo(ids, typeIds, mask, i * length);
                hidesTokens |= row.attended() < row.length();
            }
            PixelBatch pixels = data.images() == null ? null : data.images().batch(rows);
            return new Batch(rows, new TokenBatch(rows.length, length, ids, typeIds, mask, hidesTokens, pixels));
        }

        @Override
        public int size() {
            return groups.size();
        }
    }
}

package org.layerwise.data;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.RandomAccess;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Seeds;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.PixelBatch;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;

/**
 * Ways to cut a dataset into batches; every row is in exactly one of them. The lists are fixed, but a batch is padded only
 * when it is asked for, so that a large dataset is not held twice; its images are decoded then, too.
 */
public final class Batches {

    // narrow products reach a processor's speed with more rows only; with wide ones a piece would take seconds
    private static final int TOKENS_ON_CPU_NARROW = 1024;
    private static final int TOKENS_ON_CPU = 512;
    private static final int NARROW = 512;

    private static final int TOKENS_ON_GPU = 16_384;
    private static final int TOKENS_WITH_STATES = 4096;

    /** HuggingFace's mega-batches: at most so many steps are sorted together, and there are at least so many of them. */
    private static final int STEPS_SORTED = 50;

    private static final int SORTED_PARTS = 4;

    private Batches() {}

    /**
     * For measuring: rows sorted by length, the longest first, so that memory is at its highest at once; as many rows a batch
     * as keep rows x longest within the budget, at least one.
     *
     * @param padId token id of the padding
     * @param tokenBudget the most tokens a batch, padding included
     */
    public static List<Batch> byTokens(TokenizedDataset data, long padId, int tokenBudget) {
        requirePositive(tokenBudget);
        return new Padded(data, padId, withinBudget(data, longestFirst(data), tokenBudget));
    }

    /**
     * For measuring: rows sorted by length in the batches that together cost least, if each costs as much as so many tokens
     * beside its own, padding included.
     *
     * @param overhead of a batch, in tokens
     * @param tokenBudget the most tokens a batch
     */
    public static List<Batch> cheapest(TokenizedDataset data, long padId, int overhead, int tokenBudget) {
        requirePositive(tokenBudget);
        return new Padded(data, padId, cheapest(data, new CheapestCuts(overhead, tokenBudget, Integer.MAX_VALUE)));
    }

    /**
     * For measuring: rows sorted by length in batches that suit the device and the model. On a processor those that
     * {@link CheapestCuts} finds with the costs that were measured there; a GPU wants many tokens at a time. Rows whose hidden
     * states depend on what they are padded to stay among those of their own length.
     *
     * @param type that the model computes in
     */
    public static List<Batch> forDevice(TokenizedDataset data, ModelConfig config, Device device, DType type) {
        return suited(data, config, device, type, TOKENS_ON_GPU);
    }

    /**
     * For measuring what needs the hidden states of all layers at once, as gradients do: {@link #forDevice}, on a GPU with
     * fewer tokens, since they take its memory.
     *
     * @param oneByOne whether each row is a batch
     */
    public static List<Batch> withAllStates(
            TokenizedDataset data, ModelConfig config, Device device, DType type, boolean oneByOne) {
        return oneByOne ? byRows(data, config.padId(), 1) : suited(data, config, device, type, TOKENS_WITH_STATES);
    }

    private static List<Batch> suited(
            TokenizedDataset data, ModelConfig config, Device device, DType type, int tokensOnGpu) {
        List<int[]> groups;
        if (device.kind() == Device.Kind.CPU) {
            groups = cheapest(data, CheapestCuts.onProcessor(config, type));
        } else {
            groups = withinBudget(data, longestFirst(data), tokensOnGpu, config.paddableUpTo());
        }
        return new Padded(data, config.padId(), groups);
    }

    /**
     * A batch cut into pieces, rows of like length together: a training step adds up their gradients and takes less memory.
     * Its images were decoded with the batch.
     *
     * @param tokens the most a piece, padding included; a row that is longer stands alone
     */
    public static List<Batch> pieces(Batch batch, TokenizedDataset data, long padId, int tokens) {
        List<int[]> groups = withinBudget(data, longestFirst(data, batch.rows()), tokens);
        PixelBatch pixels = batch.tokens().pixels();
        return new Padded(
                data, padId, groups, rows -> pixels == null ? null : pixels.select(places(rows, batch.rows())));
    }

    /**
     * The way of the paper's code, to compare with: rows in the data's order, each padded to the same length, whatever its own
     * is.
     *
     * @param rows a batch
     * @param length of all batches but those with longer rows
     */
    public static List<Batch> padded(TokenizedDataset data, long padId, int rows, int length) {
        List<int[]> groups = chunks(IntStream.range(0, data.size()).toArray(), rows);
        return new Padded(data, padId, groups, Padded.imagesOf(data), length);
    }

    /** Rows in the data's order in batches of {@code rows}, each padded to the longest of its batch: the usual way. */
    public static List<Batch> inOrder(TokenizedDataset data, long padId, int rows) {
        return padded(data, padId, rows, 1);
    }

    /** For measuring: rows sorted by length, the longest first, in batches of {@code rows}; the last may be smaller. */
    public static List<Batch> byRows(TokenizedDataset data, long padId, int rows) {
        return new Padded(data, padId, chunks(longestFirst(data), rows));
    }

    /**
     * For training: all rows in a random order, another one each epoch and the same for the same seed and epoch, in batches
     * of {@code rows}; the last may be smaller, as with HuggingFace's Trainer and {@code dataloader_drop_last=False}.
     */
    public static List<Batch> shuffled(TokenizedDataset data, long padId, int rows, long seed, int epoch) {
        int[] order = SeededOrder.permutation(data.size(), Seeds.of(seed, epoch));
        return new Padded(data, padId, chunks(order, rows));
    }

    /**
     * For training: as {@link #shuffled}, with rows of like length together as HuggingFace's {@code group_by_length} has them,
     * so that there is less padding: the random order is cut into at most 50 steps' rows at a time, each sorted with the
     * longest first; the longest row of all comes at the very start, so that memory is at its highest at once.
     *
     * @param rows a batch
     * @param accumulate batches a step
     */
    public static List<Batch> lengthGrouped(
            TokenizedDataset data, long padId, int rows, int accumulate, long seed, int epoch) {
        int[] order = SeededOrder.permutation(data.size(), Seeds.of(seed, epoch));
        int stepRows = Math.multiplyExact(rows, accumulate);
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
        return new Padded(
                data, padId, chunks(sorted.stream().flatMapToInt(Arrays::stream).toArray(), rows));
    }

    private static int[] places(int[] rows, int[] among) {
        List<Integer> all = Arrays.stream(among).boxed().toList();
        return Arrays.stream(rows).map(all::indexOf).toArray();
    }

    /** How many tokens {@link #pieces} should put together to suit a device. */
    public static int tokensAPiece(ModelConfig config, Device device) {
        if (device.kind() != Device.Kind.CPU) {
            return TOKENS_ON_GPU;
        }
        return config.hiddenSize() <= NARROW ? TOKENS_ON_CPU_NARROW : TOKENS_ON_CPU;
    }

    private static List<int[]> withinBudget(TokenizedDataset data, int[] order, int tokenBudget) {
        return withinBudget(data, order, tokenBudget, Integer.MAX_VALUE);
    }

    private static List<int[]> withinBudget(TokenizedDataset data, int[] order, int tokenBudget, int paddableUpTo) {
        List<int[]> groups = new ArrayList<>();
        int start = 0;
        while (start < order.length) {
            int longest = data.rows().get(order[start]).length();
            int end = Math.min(order.length, start + Math.max(1, tokenBudget / longest));
            while (longest > paddableUpTo && data.rows().get(order[end - 1]).length() < longest) {
                end--;
            }
            groups.add(Arrays.copyOfRange(order, start, end));
            start = end;
        }
        return groups;
    }

    private static List<int[]> cheapest(TokenizedDataset data, CheapestCuts cuts) {
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

    /** Numbers in their order, so many at a time; the last may be fewer. */
    static List<int[]> chunks(int[] order, int rows) {
        requirePositive(rows);
        List<int[]> chunks = new ArrayList<>();
        for (int start = 0; start < order.length; start += rows) {
            chunks.add(Arrays.copyOfRange(order, start, Math.min(order.length, start + rows)));
        }
        return chunks;
    }

    private static void requirePositive(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("the size of a batch must be at least 1, not " + size);
        }
    }

    /** Gives the prepared images of some rows; null where there are none. */
    @FunctionalInterface
    private interface Images {
        @Nullable
        PixelBatch of(int[] rows);
    }

    private static final class Padded extends AbstractList<Batch> implements RandomAccess {

        private final TokenizedDataset data;
        private final long padId;
        private final List<int[]> groups;
        private final Images images;
        private final int shortest;

        Padded(TokenizedDataset data, long padId, List<int[]> groups) {
            this(data, padId, groups, imagesOf(data));
        }

        Padded(TokenizedDataset data, long padId, List<int[]> groups, Images images) {
            this(data, padId, groups, images, 1);
        }

        /** @param shortest length that a batch is padded to at least */
        Padded(TokenizedDataset data, long padId, List<int[]> groups, Images images, int shortest) {
            this.data = data;
            this.padId = padId;
            this.groups = List.copyOf(groups);
            this.images = images;
            this.shortest = shortest;
        }

        static Images imagesOf(TokenizedDataset data) {
            return rows -> data.images() == null ? null : data.images().batch(rows);
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
            Arrays.fill(ids, padId);
            for (int i = 0; i < rows.length; i++) {
                data.rows().get(rows[i]).copyTo(ids, typeIds, mask, i * length);
            }
            return new Batch(rows, new TokenBatch(rows.length, length, ids, typeIds, mask, images.of(rows)));
        }

        @Override
        public int size() {
            return groups.size();
        }
    }
}

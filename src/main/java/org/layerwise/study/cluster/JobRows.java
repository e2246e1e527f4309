package org.layerwise.study.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.image.ImagePreprocessor;
import org.layerwise.data.token.RowImages;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.config.RowPadding;
import org.layerwise.tensor.DType;
import org.layerwise.training.Objective;

/**
 * Rows as tensors of a job's {@code rows.safetensors}: the token ids of all rows, concatenated, and the start of each
 * row. The program on the cluster therefore needs no tokenizer and gets exactly the same tokens as this computer.
 *
 * <p>The tensors are {@code PREFIX.ids} I32 [tokens] and {@code PREFIX.starts} I64 [rows + 1]; {@code PREFIX.types} I32
 * and {@code PREFIX.mask} I32 [tokens] if some row has them; {@code PREFIX.labels}: I64 [rows] for classes, F64 [rows]
 * for numbers, or I64 [tokens] with one label per token, -100 for tokens that are not learned. With images, there are
 * {@code PREFIX.pixels} U8 [rows, 3, height, width], resized and cropped, and {@code PREFIX.pixel_values} F32 [3, 256],
 * the value of each level of a channel.
 */
final class JobRows {

    private JobRows() {}

    /**
     * Writes the padding of rows into a plan: {@code pad_id}, and {@code pad_up_to} if there is a limit. Without a
     * limit the plan is the same as in earlier versions, so that their jobs are still found.
     */
    static void putPadding(ObjectNode plan, RowPadding padding) {
        plan.put("pad_id", padding.id());
        if (padding.upTo() < Integer.MAX_VALUE) {
            plan.put("pad_up_to", padding.upTo());
        }
    }

    /**
     * Returns the padding token with which transformers' classifiers of decoders, which read the last token that is not
     * the padding token, read the last token of each row that is not masked: the masked token that ends rows, otherwise
     * the smallest token id that no row ends with.
     *
     * @throws UserException if there is no such token
     */
    static long paddingBehind(List<TokenizedDataset> all, int vocabularySize) {
        for (TokenizedDataset data : all) {
            for (TokenRow row : data.rows()) {
                if (lastSeen(row) < row.length() - 1) {
                    long end = row.ids()[row.length() - 1];
                    requireNotRead(end, all);
                    return end;
                }
            }
        }
        return endOfNoRow(all, vocabularySize);
    }

    private static int lastSeen(TokenRow row) {
        long[] mask = row.mask();
        int last = row.length() - 1;
        while (mask != null && mask[last] == 0) {
            last--;
        }
        return last;
    }

    /** Refuses a row of such tokens alone: they are not masked, since a row keeps something to attend to. */
    private static void requireNotRead(long end, List<TokenizedDataset> all) {
        for (TokenizedDataset data : all) {
            for (int row = 0; row < data.size(); row++) {
                TokenRow tokens = data.rows().get(row);
                int last = lastSeen(tokens);
                if (last > 0 && tokens.ids()[last] == end) {
                    throw new UserException(
                            "Row %s of %s holds nothing but end-of-sequence tokens (%s), of which a job on a cluster would read the first and not the last; take that row out."
                                    .formatted(row + 1, data.name(), end));
                }
            }
        }
    }

    private static long endOfNoRow(List<TokenizedDataset> all, int vocabularySize) {
        BitSet ends = new BitSet();
        for (TokenizedDataset data : all) {
            for (TokenRow row : data.rows()) {
                ends.set((int) row.ids()[row.length() - 1]);
            }
        }
        int free = ends.nextClearBit(0);
        if (free >= vocabularySize) {
            throw new UserException(
                    "Each token of the vocabulary ends some row, and the model names no padding token; write a pad_token_id into its config.json.");
        }
        return free;
    }

    /** Returns the tensors of {@link #tokens} and the labels. */
    static List<Named> of(String prefix, TokenizedDataset data, Objective objective) {
        List<Named> tensors = new ArrayList<>(tokens(prefix, data));
        int tokens = data.rows().stream().mapToInt(TokenRow::length).sum();
        tensors.add(labels(prefix + ".labels", tokens, data.rows(), objective));
        return tensors;
    }

    /**
     * Returns the tensors of rows without labels.
     *
     * @throws UserException if an image cannot be read, or the preprocessed images have different sizes; some of these
     *     errors are thrown only when the tensors are written
     */
    static List<Named> tokens(String prefix, TokenizedDataset data) {
        List<TokenRow> rows = data.rows();
        long[] starts = new long[rows.size() + 1];
        boolean types = false;
        boolean masks = false;
        for (int row = 0; row < rows.size(); row++) {
            starts[row + 1] = starts[row] + rows.get(row).length();
            types |= rows.get(row).typeIds() != null;
            masks |= rows.get(row).mask() != null;
        }
        int tokens = Math.toIntExact(starts[rows.size()]);
        List<Named> tensors = new ArrayList<>();
        tensors.add(longs(prefix + ".starts", starts));
        tensors.add(ints(prefix + ".ids", tokens, rows, TokenRow::ids, 0));
        if (types) {
            tensors.add(ints(prefix + ".types", tokens, rows, TokenRow::typeIds, 0));
        }
        if (masks) {
            tensors.add(ints(prefix + ".mask", tokens, rows, TokenRow::mask, 1));
        }
        if (data.images() != null) {
            tensors.addAll(images(prefix, data.images()));
        }
        return tensors;
    }

    /** Returns the tensors of images. Only one image at a time is in memory. */
    private static List<Named> images(String prefix, RowImages images) {
        ImagePreprocessor.Levels first = images.levels(0);
        int count = images.sources().size();
        long[] shape = {count, first.levels().length / (first.height() * first.width()), first.height(), first.width()};
        Named levels = new Named(prefix + ".pixels", DType.U8, shape, () -> IntStream.range(0, count)
                .mapToObj(row -> ByteBuffer.wrap(
                        images.levels(row, first.height(), first.width()).levels()))
                .iterator());
        float[][] values = images.preprocessor().values();
        int each = values[0].length;
        float[] flat = new float[values.length * each];
        for (int channel = 0; channel < values.length; channel++) {
            System.arraycopy(values[channel], 0, flat, channel * each, each);
        }
        return List.of(levels, Named.of(prefix + ".pixel_values", flat, values.length, each));
    }

    /** Returns a tensor of whole numbers, such as the rows of all steps. */
    static Named longs(String name, long[] values) {
        return Named.lazy(name, DType.I64, new long[] {values.length}, () -> {
            ByteBuffer bytes = buffer(values.length, Long.BYTES);
            bytes.asLongBuffer().put(values);
            return bytes;
        });
    }

    private interface Part {
        long @Nullable [] of(TokenRow row);
    }

    private static Named ints(String name, int tokens, List<TokenRow> rows, Part part, int otherwise) {
        return Named.lazy(name, DType.I32, new long[] {tokens}, () -> {
            ByteBuffer bytes = buffer(tokens, Integer.BYTES);
            for (TokenRow row : rows) {
                long[] values = part.of(row);
                for (int i = 0; i < row.length(); i++) {
                    bytes.putInt(values == null ? otherwise : Math.toIntExact(values[i]));
                }
            }
            return bytes.flip();
        });
    }

    private static Named labels(String name, int tokens, List<TokenRow> rows, Objective objective) {
        if (objective instanceof Objective.Classification classes) {
            long[] values = new long[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = classes.labels().of(row);
            }
            return longs(name, values);
        }
        if (objective instanceof Objective.Regression numbers) {
            double[] values = numbers.labels().values();
            return Named.lazy(name, DType.F64, new long[] {values.length}, () -> {
                ByteBuffer bytes = buffer(values.length, Double.BYTES);
                bytes.asDoubleBuffer().put(values);
                return bytes;
            });
        }
        Labels.TokenLabels all = ((Objective.NextTokens) objective).labels();
        return Named.lazy(name, DType.I64, new long[] {tokens}, () -> {
            ByteBuffer bytes = buffer(tokens, Long.BYTES);
            for (int row = 0; row < rows.size(); row++) {
                for (long label : all.padded(new int[] {row}, rows.get(row).length())) {
                    bytes.putLong(label);
                }
            }
            return bytes.flip();
        });
    }

    private static ByteBuffer buffer(int count, int bytes) {
        return ByteBuffer.allocate(Math.multiplyExact(count, bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }
}

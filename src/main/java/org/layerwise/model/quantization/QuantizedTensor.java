package org.layerwise.model.quantization;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Tensor that a checkpoint holds in quantised form.
 *
 * @param name name that the tensor has in a checkpoint which is not quantised
 * @param shape its dimensions
 * @param type data type of the values that the codes stand for
 * @param format name of the format for users, such as {@code nf4}
 * @param parts stored tensors from which the values are computed
 * @param unread names of stored tensors that belong to this one and are not needed
 * @param decoder computes the values
 * @param host computes the same values on the processor in less time; null if there is none
 */
public record QuantizedTensor(
        String name,
        List<Long> shape,
        DType type,
        String format,
        List<Part> parts,
        Set<String> unread,
        Decoder decoder,
        @Nullable HostDecoder host) {

    QuantizedTensor(
            String name,
            List<Long> shape,
            DType type,
            String format,
            List<Part> parts,
            Set<String> unread,
            Decoder decoder) {
        this(name, shape, type, format, parts, unread, decoder, null);
    }

    /** Maximum number of values that are decoded together, unless one piece needs more: few enough for the processor's cache. */
    private static final long PIECE = 1 << 20;

    /** Bytes for each value while it is decoded: its index, and its value before and after it is scaled. */
    private static final long DECODING_BYTES = 12;

    /**
     * Stored tensor whose bytes are read as elements of a type.
     *
     * @param shape dimensions in elements of that type
     * @param rows its share of some rows; null if all of it belongs to each row
     */
    public record Part(TensorEntry entry, DType type, List<Long> shape, @Nullable Rows rows) {

        /** Returns a stored tensor as it is. */
        static Part of(TensorEntry entry) {
            return new Part(entry, entry.type(), shape(entry.shape()), null);
        }

        /** Returns the bytes of a stored tensor; the last axis counts bytes. */
        static Part bytes(TensorEntry entry) {
            long[] shape = entry.shape();
            if (shape.length > 0) {
                shape[shape.length - 1] *= entry.type().bytes();
            }
            return new Part(entry, DType.U8, shape(shape), null);
        }

        /** Returns this part with one element along an axis for each row. */
        Part rowsAlong(int axis) {
            return rowsAlong(axis, 1, 1);
        }

        /** Returns this part with some elements along an axis for some rows, which have to be decoded together. */
        Part rowsAlong(int axis, long together, long elements) {
            return new Part(entry, type, shape, new Rows(axis, together, elements));
        }

        /** Returns a copy of the dimensions. */
        public long[] dimensions() {
            return array(shape);
        }

        private static List<Long> shape(long[] dimensions) {
            return Arrays.stream(dimensions).boxed().toList();
        }
    }

    /**
     * Share of a part for some rows, that is for some steps along the first axis of the quantised tensor.
     *
     * @param axis axis of the part
     * @param together number of rows
     * @param elements number of elements along the axis for these rows
     */
    record Rows(int axis, long together, long elements) {

        Tensor of(Tensor part, long from, long to) {
            long end = Math.min(part.size(axis), StoredParts.blocks(to, together) * elements);
            return part.slice(axis, from / together * elements, end);
        }
    }

    /** Computes values from codes. */
    @FunctionalInterface
    public interface Decoder {

        /**
         * Returns the values in float32 in the innermost open scope; any shape with the elements in row-major order.
         *
         * @param parts tensors of {@link QuantizedTensor#parts} in their order, on one device, or their shares of some rows
         */
        Tensor decode(TensorEngine engine, List<Tensor> parts);
    }

    /** Computes values from codes in the memory of the processor. */
    @FunctionalInterface
    interface HostDecoder {

        /**
         * Decodes values one after the other.
         *
         * @param parts memory of {@link QuantizedTensor#parts} in their order, little-endian
         * @param from index of the first value, even
         * @param target buffer to fill from its position to its limit
         * @param compute type of the values in the buffer: float32 or bfloat16
         */
        void decode(List<ByteBuffer> parts, long from, ByteBuffer target, DType compute);

        /** Returns some values of a buffer to fill, little-endian. */
        static ByteBuffer part(ByteBuffer target, DType compute, int begin, int values) {
            return target.slice(target.position() + begin * compute.bytes(), values * compute.bytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Fills a buffer in parallel, some values at a time. */
        static void fill(ByteBuffer target, DType compute, int together, ValuesWriter writer) {
            int values = target.remaining() / compute.bytes();
            IntStream.rangeClosed(0, (values - 1) / together).parallel().forEach(number -> {
                int begin = number * together;
                int size = Math.min(together, values - begin);
                writer.write(begin, size, part(target, compute, begin, size));
            });
        }
    }

    /** Writes values into their part of a buffer. */
    @FunctionalInterface
    interface ValuesWriter {

        /** @param begin number of values before them in the whole buffer */
        void write(int begin, int size, ByteBuffer part);
    }

    /** Returns a copy of the dimensions. */
    public long[] dimensions() {
        return array(shape);
    }

    private static long[] array(List<Long> shape) {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** Returns the number of values. */
    public long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /** Returns the size of the stored tensors in bytes. */
    public long bytes() {
        return parts.stream().mapToLong(part -> part.entry().bytes()).sum();
    }

    /**
     * Returns the values in a type to compute with, in the innermost open scope, decoded some rows at a time. It is used inside
     * {@link TensorEngine#inference()}.
     *
     * @param tensors tensors of {@link #parts} in their order, on one device
     */
    public Tensor decode(TensorEngine engine, List<Tensor> tensors, DType compute) {
        return host != null && decodesOnHost(tensors, compute)
                ? onHost(host, engine, tensors, compute)
                : decode(engine, tensors, compute, PIECE);
    }

    private static boolean decodesOnHost(List<Tensor> tensors, DType compute) {
        return (compute == DType.F32 || compute == DType.BF16)
                && tensors.stream()
                        .allMatch(tensor -> tensor.device().kind() == Device.Kind.CPU
                                && tensor.elements() * tensor.dtype().bytes() <= Integer.MAX_VALUE);
    }

    private Tensor onHost(HostDecoder decodes, TensorEngine engine, List<Tensor> tensors, DType compute) {
        List<ByteBuffer> memory = tensors.stream().map(Tensor::memory).toList();
        return engine.filled(
                compute,
                compute,
                Device.CPU,
                (piece, offset) -> decodes.decode(memory, offset / compute.bytes(), piece, compute),
                dimensions());
    }

    Tensor decode(TensorEngine engine, List<Tensor> tensors, DType compute, long piece) {
        long rows = shape.get(0);
        long together = rowsTogether();
        long most = Math.max(1, piece * rows / elements() / together) * together;
        if (most >= rows) {
            return converted(engine, tensors, compute).reshape(dimensions());
        }
        Tensor all = engine.empty(compute, tensors.get(0).device(), dimensions());
        for (long from = 0; from < rows; from += most) {
            long to = Math.min(rows, from + most);
            try (Scope scope = engine.scope()) {
                Tensor some = all.slice(0, from, to);
                some.assign(
                        converted(engine, shares(tensors, from, to), compute).reshape(some.shape()));
            }
        }
        return all;
    }

    /**
     * Returns the shares of some rows in the parts, in the innermost open scope.
     *
     * @param from first row, a multiple of {@link #rowsTogether}
     */
    public List<Tensor> shares(List<Tensor> tensors, long from, long to) {
        return IntStream.range(0, parts.size())
                .mapToObj(part -> {
                    Rows rows = parts.get(part).rows();
                    return rows == null ? tensors.get(part) : rows.of(tensors.get(part), from, to);
                })
                .toList();
    }

    /** Returns the values of some rows alone; see {@link #shares}. */
    public Tensor decodeShares(TensorEngine engine, List<Tensor> shares, DType compute, long... rowsShape) {
        return converted(engine, shares, compute).reshape(rowsShape);
    }

    /** Returns the memory in bytes that the decoding takes beside the codes and the decoded values. */
    public long decodingBytes() {
        if (host != null) {
            return 0; // it writes the decoded values alone
        }
        long row = elements() / shape.get(0);
        return DECODING_BYTES * Math.min(elements(), Math.max(PIECE, rowsTogether() * row));
    }

    /** Returns the number of rows that have to be decoded together. */
    public long rowsTogether() {
        return parts.stream()
                .map(Part::rows)
                .filter(Objects::nonNull)
                .mapToLong(Rows::together)
                .reduce(
                        1,
                        (a, b) -> a
                                / BigInteger.valueOf(a)
                                        .gcd(BigInteger.valueOf(b))
                                        .longValueExact()
                                * b);
    }

    private Tensor converted(TensorEngine engine, List<Tensor> tensors, DType compute) {
        return decoder.decode(engine, tensors).cast(type).cast(compute);
    }
}

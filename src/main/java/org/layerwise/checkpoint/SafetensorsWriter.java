package org.layerwise.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Json;
import org.layerwise.tensor.DType;

/**
 * Writes complete safetensors files or none, one tensor after the other; the same content gives the same bytes. The
 * data start at a multiple of 8. Tensors with wider elements come first, otherwise in the given order, so that each
 * tensor starts at a multiple of its element size, as PyTorch's reader requires.
 */
public final class SafetensorsWriter {

    private static final int CHUNK = 1 << 20;

    private SafetensorsWriter() {}

    /**
     * Tensor to write.
     *
     * @param name its name in the file
     * @param type the type of its elements
     * @param shape its dimensions, row-major; empty for a scalar
     * @param data its bytes, little-endian, in pieces from position to limit of each; iterated once, when the tensor is
     *     written
     */
    public record Named(String name, DType type, long[] shape, Iterable<ByteBuffer> data) {

        public Named {
            shape = shape.clone();
        }

        /** Creates a tensor from bytes in memory. */
        public static Named of(String name, DType type, long[] shape, ByteBuffer littleEndian) {
            return new Named(name, type, shape, List.of(littleEndian));
        }

        /**
         * Creates a tensor whose bytes are supplied when it is written, so that not all tensors are in memory at once.
         */
        public static Named lazy(String name, DType type, long[] shape, Supplier<ByteBuffer> littleEndian) {
            return new Named(name, type, shape, () -> Collections.singleton(littleEndian.get())
                    .iterator());
        }

        /** Creates a tensor of 32-bit floats; the values are read when it is written. */
        public static Named of(String name, float[] values, long... shape) {
            return lazy(name, DType.F32, shape, () -> {
                ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                return bytes;
            });
        }

        /** Returns a copy of the dimensions. */
        @Override
        public long[] shape() {
            return shape.clone();
        }

        /** Returns the length in bytes that follows from type and shape. */
        public long bytes() {
            long bytes = type.bytes();
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw new IllegalArgumentException(name + " has the shape " + Arrays.toString(shape));
                }
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        }
    }

    /**
     * Writes a file.
     *
     * @param metadata texts for {@code __metadata__}: {@code format} = {@code pt} lets transformers read the file
     * @throws UserException if the file cannot be written
     * @throws IllegalArgumentException if two tensors have the same name, or the length of data does not fit type and
     *     shape
     */
    public static void write(Path target, List<Named> tensors, Map<String, String> metadata) {
        write(target, tensors, metadata, Progress.none());
    }

    /**
     * Writes a file, with progress.
     *
     * @throws UserException if the file cannot be written
     * @throws IllegalArgumentException if two tensors have the same name, or the length of data does not fit type and
     *     shape
     * @throws CancelledException if cancelled; no part of the file remains
     */
    public static void write(Path target, List<Named> tensors, Map<String, String> metadata, Progress progress) {
        List<Named> ordered = tensors.stream()
                .sorted(Comparator.comparingInt((Named tensor) -> tensor.type().bytes())
                        .reversed())
                .toList();
        byte[] header = header(ordered, metadata);
        long total = ordered.stream().mapToLong(Named::bytes).sum();
        String message = "Writing " + target.getFileName();
        AtomicFiles.write(target, beside -> {
            // not a channel, which an interrupt would close; only the progress cancels the writing
            try (OutputStream out = new FileOutputStream(beside.toFile())) {
                out.write(ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .array());
                out.write(header);
                byte[] chunk = new byte[CHUNK];
                long written = 0;
                for (Named tensor : ordered) {
                    written += writeData(out, tensor, chunk, progress);
                    progress.report(total == 0 ? 1 : (double) written / total, message);
                }
            }
        });
    }

    private static byte[] header(List<Named> tensors, Map<String, String> metadata) {
        ObjectNode root = Json.object();
        if (!metadata.isEmpty()) {
            root.set(SafetensorsHeader.METADATA, Json.tree(new TreeMap<>(metadata)));
        }
        Set<String> names = new HashSet<>(Set.of(SafetensorsHeader.METADATA));
        long offset = 0;
        for (Named tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("a second tensor of the name " + tensor.name());
            }
            long end = Math.addExact(offset, tensor.bytes());
            ObjectNode entry =
                    root.putObject(tensor.name()).put("dtype", tensor.type().fileName());
            entry.set("shape", Json.tree(tensor.shape()));
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = Json.line(root).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static long writeData(OutputStream out, Named tensor, byte[] chunk, Progress progress) throws IOException {
        long expected = tensor.bytes();
        long written = 0;
        for (ByteBuffer piece : tensor.data()) {
            ByteBuffer rest = piece.duplicate();
            while (rest.hasRemaining()) {
                progress.check();
                int length = Math.min(rest.remaining(), chunk.length);
                rest.get(chunk, 0, length);
                out.write(chunk, 0, length);
                written += length;
            }
        }
        if (written != expected) {
            throw new IllegalArgumentException("%s of type %s and shape %s takes %s bytes, but has %s"
                    .formatted(tensor.name(), tensor.type(), Arrays.toString(tensor.shape()), expected, written));
        }
        return written;
    }
}

package org.layerwise.training;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.UnfinishedFiles;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Store for hidden states of rows, one vector per token and none for padding, without any loss of precision: in the
 * memory of the processor up to a limit, beyond it in a private temporary file.
 */
final class HiddenStateStore implements AutoCloseable {

    private static final long MISSING = -1;

    private final TensorEngine engine;
    private final int[] lengths;
    private final long memoryBytes;
    private final Path folder;
    private final TensorOwner owner;
    /** Vectors of the rows that were stored together; null for rows in the file. */
    private final @Nullable Tensor[] held;
    /** Start of each row: the index of its first vector in memory, or of its first byte in the file. */
    private final long[] begin;

    private long inMemory;
    private long inFile;
    private @Nullable FileChannel file;
    private ByteBuffer read = ByteBuffer.allocateDirect(0);

    /**
     * Creates an empty store.
     *
     * @param lengths lengths of all rows, in tokens
     * @param memoryBytes maximum number of bytes held in memory
     * @param folder folder for the file
     */
    HiddenStateStore(TensorEngine engine, int[] lengths, long memoryBytes, Path folder) {
        this.engine = engine;
        this.lengths = lengths.clone();
        this.memoryBytes = memoryBytes;
        this.folder = folder;
        this.owner = engine.owner();
        this.held = new Tensor[lengths.length];
        this.begin = new long[lengths.length];
        Arrays.fill(begin, MISSING);
    }

    /** Returns true if the store holds a row. */
    boolean has(int row) {
        return begin[row] != MISSING;
    }

    /**
     * Stores a copy of rows that the store does not hold yet.
     *
     * @param hidden {@code [rows, longest, hidden]}
     * @throws UserException if the file cannot be written
     */
    void put(int[] rows, Tensor hidden) {
        long[] places = places(rows, hidden.size(1));
        Tensor vectors = hidden.reshape(-1, hidden.size(2))
                .indexSelect(0, engine.of(places, places.length).to(hidden.device()))
                .to(Device.CPU);
        long vectorBytes = hidden.size(2) * hidden.dtype().bytes();
        long bytes = places.length * vectorBytes;
        boolean fits = inMemory + bytes <= memoryBytes;
        long next = fits ? 0 : inFile;
        if (fits) {
            owner.adopt(vectors);
            inMemory += bytes;
        } else {
            write(vectors.bytes());
        }
        for (int row : rows) {
            held[row] = fits ? vectors : null;
            begin[row] = next;
            next += fits ? lengths[row] : lengths[row] * vectorBytes;
        }
    }

    /**
     * Returns stored rows, {@code [rows, length, hidden]}, with zeros as padding.
     *
     * @param type type of the stored hidden states
     * @param device device of the result
     * @param width width of the hidden states
     */
    Tensor padded(int[] rows, int length, DType type, Device device, int width) {
        List<Tensor> parts = new ArrayList<>();
        reserve(rows, width * type.bytes());
        for (int row : rows) {
            Tensor vectors = held[row];
            parts.add(
                    vectors == null
                            ? fromFile(row, type, width)
                            : vectors.slice(0, begin[row], begin[row] + lengths[row]));
        }
        long[] places = places(rows, length);
        Tensor all = engine.cat(parts, 0).to(device);
        long cells = (long) rows.length * length;
        Tensor filled = places.length == cells
                ? all
                : engine.zeros(type, device, cells, width)
                        .indexCopy(0, engine.of(places, places.length).to(device), all);
        return filled.reshape(rows.length, length, width);
    }

    /** Returns the indices of the tokens of some rows in a flattened padded batch. */
    private long[] places(int[] rows, long length) {
        long[] places = new long[Arrays.stream(rows).map(row -> lengths[row]).sum()];
        int next = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int token = 0; token < lengths[rows[i]]; token++) {
                places[next++] = i * length + token;
            }
        }
        return places;
    }

    private void write(ByteBuffer bytes) {
        try {
            if (file == null) {
                file = UnfinishedFiles.openTemporary(folder, "prefix-cache");
            }
            while (bytes.hasRemaining()) {
                inFile += file.write(bytes, inFile);
            }
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write the prefix cache into %s: %s; give it more memory with --prefix-cache, or none at all."
                            .formatted(folder, FileErrors.reason(e)),
                    e);
        }
    }

    /** Reserves a buffer for the rows of a batch; tensors use the buffer until they are copied into the batch. */
    private void reserve(int[] rows, int vectorBytes) {
        long needed = 0;
        for (int row : rows) {
            needed += held[row] == null ? (long) lengths[row] * vectorBytes : 0;
        }
        if (needed > read.capacity()) {
            read = ByteBuffer.allocateDirect(Math.toIntExact(needed));
        }
        read.clear();
    }

    private Tensor fromFile(int row, DType type, int width) {
        int size = lengths[row] * width * type.bytes();
        ByteBuffer bytes = read.slice(read.position(), size);
        read.position(read.position() + size);
        try {
            FileChannel from = file;
            if (from == null) {
                throw new IllegalStateException("row %s was never put in".formatted(row));
            }
            while (bytes.hasRemaining()) {
                if (from.read(bytes, begin[row] + bytes.position()) < 0) {
                    throw new EOFException("it is shorter than what was written");
                }
            }
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read the prefix cache in %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
        return engine.ofBytes(bytes.flip(), type, Device.CPU, lengths[row], width);
    }

    @Override
    public void close() {
        owner.close();
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UserException(
                        "Cannot delete the prefix cache in %s: %s.".formatted(folder, FileErrors.reason(e)), e);
            }
        }
    }
}

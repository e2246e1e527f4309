package org.layerwise.analysis.extraction;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.layerwise.base.CancelledException;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/** Buffer for the hidden states of all batches between two layers, on the host. */
interface HiddenStateBuffer extends AutoCloseable {

    /** Stores the state of a batch and discards its earlier state. */
    void put(int batch, Tensor state);

    /**
     * Returns the state of a batch on a device, in the innermost open scope; it is valid until the next {@link #put}.
     */
    Tensor get(int batch, Device device);

    @Override
    void close();

    static HiddenStateBuffer inMemory(TensorEngine engine) {
        return new InMemory(engine);
    }

    /**
     * Returns a buffer in a temporary file, which is deleted on closing.
     *
     * @param folder folder of the file
     * @param width width of the widest state
     * @throws UserException if the file cannot be created
     */
    static HiddenStateBuffer inFile(TensorEngine engine, Path folder, int width) {
        return new InFile(engine, folder, width);
    }

    /** Buffer in memory, as tensors on the processor. */
    final class InMemory implements HiddenStateBuffer {

        private record Kept(TensorOwner owner, Tensor state) {}

        private final TensorEngine engine;
        private final Map<Integer, Kept> kept = new HashMap<>();

        private InMemory(TensorEngine engine) {
            this.engine = engine;
        }

        @Override
        public void put(int batch, Tensor state) {
            TensorOwner owner = engine.owner();
            Kept before = kept.put(batch, new Kept(owner, owner.adopt(state.to(Device.CPU))));
            if (before != null) {
                before.owner().close();
            }
        }

        @Override
        public Tensor get(int batch, Device device) {
            return Objects.requireNonNull(kept.get(batch)).state().to(device);
        }

        @Override
        public void close() {
            kept.values().forEach(state -> state.owner().close());
            kept.clear();
        }
    }

    /** Buffer in a file, with a separate position for each batch. */
    final class InFile implements HiddenStateBuffer {

        private record Place(long offset, long bytes, DType type, long[] shape) {}

        private final TensorEngine engine;
        private final Path folder;
        private final FileChannel channel;
        private final int width;
        private final Map<Integer, Place> places = new HashMap<>();
        private long end;

        private InFile(TensorEngine engine, Path folder, int width) {
            this.engine = engine;
            this.folder = folder;
            this.width = width;
            this.channel = attempt(() -> {
                Files.createDirectories(folder);
                return FileChannel.open(
                        Files.createTempFile(folder, "hidden-states", ".bin"),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
            });
        }

        @Override
        public void put(int batch, Tensor state) {
            ByteBuffer bytes = state.bytes();
            Place before = places.get(batch);
            long offset = before == null ? end : before.offset();
            if (before == null) {
                end += bytes.remaining() / state.size(-1) * width;
            }
            places.put(batch, new Place(offset, bytes.remaining(), state.dtype(), state.shape()));
            attempt(() -> {
                long at = offset;
                while (bytes.hasRemaining()) {
                    at += channel.write(bytes, at);
                }
                return at;
            });
        }

        @Override
        public Tensor get(int batch, Device device) {
            Place place = Objects.requireNonNull(places.get(batch));
            ByteBuffer bytes = attempt(() -> channel.map(FileChannel.MapMode.READ_ONLY, place.offset(), place.bytes()));
            return engine.ofBytes(bytes, place.type(), device, place.shape());
        }

        @Override
        public void close() {
            attempt(() -> {
                channel.close();
                return places;
            });
        }

        @FunctionalInterface
        private interface Access<T> {
            T run() throws IOException;
        }

        private <T> T attempt(Access<T> access) {
            try {
                return access.run();
            } catch (ClosedByInterruptException e) {
                throw new CancelledException();
            } catch (IOException e) {
                throw new UserException(
                        "Cannot keep hidden states in a temporary file in %s: %s; free some space there or use fewer samples."
                                .formatted(folder, FileErrors.reason(e)),
                        e);
            }
        }
    }
}

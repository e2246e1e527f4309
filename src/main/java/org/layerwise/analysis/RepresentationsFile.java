package org.layerwise.analysis;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.tensor.DType;

/** Representations as a safetensors file: tensors {@code hidden_states.0 .. hidden_states.M}, F32 {@code [n, d]}. */
public final class RepresentationsFile {

    private static final String PREFIX = "hidden_states.";
    private static final String POSITION = "position";
    private static final String ADAPTER = "adapter";

    private RepresentationsFile() {}

    /**
     * Writes a file whole.
     *
     * @param model the name of the model, for the reader
     * @param data the name of the data, for the reader
     * @param adapter the adapter that the model had, for the reader; null for none
     */
    public static void write(
            Path file, Representations representations, String model, String data, @Nullable String adapter) {
        List<SafetensorsWriter.Named> tensors = new ArrayList<>();
        for (int i = 0; i < representations.layers().size(); i++) {
            Matrix layer = representations.layers().get(i);
            tensors.add(SafetensorsWriter.Named.of(PREFIX + i, layer.values(), layer.rows(), layer.columns()));
        }
        Map<String, String> metadata = new HashMap<>(Map.of("model", model, "data", data));
        if (representations.position() != null) {
            metadata.put(POSITION, representations.position().id());
        }
        if (adapter != null) {
            metadata.put(ADAPTER, adapter);
        }
        SafetensorsWriter.write(file, tensors, metadata);
    }

    /** What a file holds: the representations, and the names of model, data and adapter where it gives them. */
    public record Content(
            Representations representations, Optional<String> model, Optional<String> data, Optional<String> adapter) {}

    /**
     * Reads a file.
     *
     * @throws UserException if it is broken, has no hidden states, or they are not F32 {@code [n, d]} of one n
     */
    public static Content read(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            List<Matrix> layers = new ArrayList<>();
            while (file.has(PREFIX + layers.size())) {
                layers.add(matrix(file, PREFIX + layers.size()));
            }
            if (layers.size() < 2) {
                throw new UserException(
                        "%s has no tensors hidden_states.0, hidden_states.1, …; write such a file with extract."
                                .formatted(path));
            }
            if (layers.stream().anyMatch(layer -> layer.rows() != layers.get(0).rows())) {
                throw new UserException("The hidden states in %s have different numbers of examples.".formatted(path));
            }
            return new Content(
                    new Representations(position(file).orElse(null), layers),
                    Optional.ofNullable(file.metadata().get("model")),
                    Optional.ofNullable(file.metadata().get("data")),
                    Optional.ofNullable(file.metadata().get(ADAPTER)));
        }
    }

    private static Optional<Position> position(SafetensorsFile file) {
        String id = file.metadata().get(POSITION);
        for (Position position : Position.values()) {
            if (position.id().equals(id)) {
                return Optional.of(position);
            }
        }
        return Optional.empty();
    }

    private static Matrix matrix(SafetensorsFile file, String name) {
        TensorEntry entry = file.entry(name);
        if (entry.type() != DType.F32 || entry.shape().length != 2) {
            throw new UserException("%s holds %s as %s with %d axes; F32 [n, d] is expected."
                    .formatted(file.path(), name, entry.type().fileName(), entry.shape().length));
        }
        float[] values = new float[(int) entry.elements()];
        ByteBuffer bytes = file.bytes(name);
        FloatBuffer floats = bytes.asFloatBuffer();
        floats.get(values);
        return new Matrix((int) entry.shape()[0], (int) entry.shape()[1], values);
    }
}

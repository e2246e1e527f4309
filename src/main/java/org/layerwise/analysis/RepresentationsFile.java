package org.layerwise.analysis;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.tensor.DType;

/**
 * Reads and writes representations as a safetensors file with the tensors {@code hidden_states.0 .. hidden_states.M},
 * F32 {@code [n, d]}.
 */
public final class RepresentationsFile {

    private static final int MOST_VALUES = Integer.MAX_VALUE - 8;
    private static final String PREFIX = "hidden_states.";
    private static final String POSITION = "position";
    private static final String ADAPTER = "adapter";

    private RepresentationsFile() {}

    /**
     * Writes a file atomically.
     *
     * @param model name of the model, for readers of the file
     * @param data name of the data, for readers of the file
     * @param adapter name of the model's adapter, for readers of the file; null for none
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

    /** Content of a file: the representations, and the names of model, data and adapter if the file states them. */
    public record Content(
            Representations representations, Optional<String> model, Optional<String> data, Optional<String> adapter) {}

    /**
     * Reads a file.
     *
     * @throws UserException if the file is broken, has no hidden states, lacks one before the last, or they are not F32
     *     {@code [n, d]} of equal n
     */
    public static Content read(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return content(file);
        }
    }

    /**
     * Reads an open file.
     *
     * @throws UserException as {@link #read} does, and if the file was changed or replaced since it was opened
     */
    static Content content(SafetensorsFile file) {
        List<Matrix> layers = new ArrayList<>();
        int states = states(file);
        for (int state = 0; state < states; state++) {
            layers.add(matrix(file, PREFIX + state));
        }
        if (states < 2) {
            throw new UserException(
                    "%s has no tensors hidden_states.0, hidden_states.1, …; write such a file with extract."
                            .formatted(file.path()));
        }
        if (layers.stream().anyMatch(layer -> layer.rows() != layers.get(0).rows())) {
            throw new UserException(
                    "The hidden states in %s have different numbers of examples.".formatted(file.path()));
        }
        return new Content(
                new Representations(position(file).orElse(null), layers),
                Optional.ofNullable(file.metadata().get("model")),
                Optional.ofNullable(file.metadata().get("data")),
                Optional.ofNullable(file.metadata().get(ADAPTER)));
    }

    /**
     * Returns the width of each hidden state in a file, as its header gives it; no values are read.
     *
     * @throws UserException if the file is broken, or its hidden states are not numbered from 0 or not F32
     *     {@code [n, d]}
     */
    public static List<Long> widths(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return IntStream.range(0, states(file))
                    .mapToObj(state -> matrixEntry(file, PREFIX + state).shape()[1])
                    .toList();
        }
    }

    /**
     * Joins the parts of several workers: files with {@code hidden_states.0 .. M}, F32 {@code [k, d]}, and
     * {@code rows}, I64 {@code [k]}, the indices of the rows. Takes memory for all rows by the width that the parts
     * give, so check {@link #widths} first.
     *
     * @param rows total number of rows
     * @throws UserException if a part is broken, or a row is in no part or in two
     */
    public static Representations together(List<Path> parts, int rows, Position position) {
        List<Matrix> whole = new ArrayList<>();
        BitSet there = new BitSet(rows);
        OptionalInt states = OptionalInt.empty();
        for (Path path : parts) {
            try (SafetensorsFile file = SafetensorsFile.open(path)) {
                long[] numbers = numbers(file);
                for (long number : numbers) {
                    if (number < 0 || number >= rows || there.get((int) number)) {
                        throw new UserException(
                                "%s has the row %s, which is another worker's or none.".formatted(path, number));
                    }
                    there.set((int) number);
                }
                int count = states(file);
                for (int state = 0; state < count; state++) {
                    Matrix part = matrix(file, PREFIX + state);
                    if (whole.size() == state) {
                        whole.add(new Matrix(rows, part.columns(), new float[values(rows, part.columns(), path)]));
                    }
                    place(part, numbers, whole.get(state), path);
                }
                if (count == 0 || states.isPresent() && states.getAsInt() != count) {
                    throw new UserException(
                            "%s has %s hidden states, another number than the other parts; compute them again."
                                    .formatted(path, count));
                }
                states = OptionalInt.of(count);
            }
        }
        if (there.cardinality() != rows) {
            throw new UserException(
                    "The workers have left %s of %s rows; compute them again.".formatted(there.cardinality(), rows));
        }
        return new Representations(position, whole);
    }

    /**
     * Returns the number of hidden states, which are numbered from 0.
     *
     * @throws UserException if a number is missing before a higher one, or the name of a hidden state does not end in a
     *     number
     */
    private static int states(SafetensorsFile file) {
        List<String> names = file.names().stream()
                .filter(name -> name.startsWith(PREFIX))
                .sorted(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
                .toList();
        for (int state = 0; state < names.size(); state++) {
            if (!names.get(state).equals(PREFIX + state)) {
                throw new UserException("%s holds %s but no %s; number the hidden states 0, 1, 2, … without a gap."
                        .formatted(file.path(), names.get(state), PREFIX + state));
            }
        }
        return names.size();
    }

    private static long[] numbers(SafetensorsFile file) {
        TensorEntry entry = file.entry("rows");
        if (entry.type() != DType.I64 || entry.shape().length != 1) {
            throw new UserException("%s does not say which rows it has.".formatted(file.path()));
        }
        long[] numbers = new long[values(entry.elements(), 1, file.path())];
        LongBuffer filled = LongBuffer.wrap(numbers);
        file.pieces("rows").forEach(piece -> filled.put(piece.asLongBuffer()));
        return numbers;
    }

    /**
     * Returns the number of values of a matrix.
     *
     * @throws UserException if the values do not fit into an array
     */
    private static int values(long rows, long columns, Path path) {
        if (rows > 0 && columns > MOST_VALUES / rows || columns > MOST_VALUES) {
            throw new UserException("%s holds a table of %s x %s values, more than Layerwise can take; use fewer rows."
                    .formatted(path, rows, columns));
        }
        return (int) (rows * columns);
    }

    private static void place(Matrix part, long[] numbers, Matrix whole, Path path) {
        if (part.rows() != numbers.length || part.columns() != whole.columns()) {
            throw new UserException(
                    "%s has hidden states of another size than the other parts; compute them again.".formatted(path));
        }
        int width = part.columns();
        for (int row = 0; row < numbers.length; row++) {
            System.arraycopy(part.values(), row * width, whole.values(), (int) numbers[row] * width, width);
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

    private static TensorEntry matrixEntry(SafetensorsFile file, String name) {
        TensorEntry entry = file.entry(name);
        if (entry.type() != DType.F32 || entry.shape().length != 2) {
            throw new UserException("%s holds %s as %s with %s axes; F32 [n, d] is expected."
                    .formatted(file.path(), name, entry.type().fileName(), entry.shape().length));
        }
        return entry;
    }

    private static Matrix matrix(SafetensorsFile file, String name) {
        TensorEntry entry = matrixEntry(file, name);
        float[] values = new float[values(entry.shape()[0], entry.shape()[1], file.path())];
        FloatBuffer filled = FloatBuffer.wrap(values);
        file.pieces(name).forEach(piece -> filled.put(piece.asFloatBuffer()));
        return new Matrix((int) entry.shape()[0], (int) entry.shape()[1], values);
    }
}

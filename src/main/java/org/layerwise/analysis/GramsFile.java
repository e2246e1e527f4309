package org.layerwise.analysis;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.tensor.DType;

/**
 * Reads and writes Gram matrices as a safetensors file with the tensors {@code gram.0 .. gram.M}, F64 {@code [n, n]}.
 */
public final class GramsFile {

    private static final String PREFIX = "gram.";
    private static final String UNDEFINED = "undefined.";

    private GramsFile() {}

    /** Writes a file atomically. */
    public static void write(Path file, Grams grams) {
        int n = grams.samples();
        List<SafetensorsWriter.Named> tensors = new ArrayList<>();
        Map<String, String> metadata = new HashMap<>();
        for (int state = 0; state < grams.size(); state++) {
            double[] gram = grams.of(state);
            Supplier<ByteBuffer> bytes = () -> bytes(gram);
            tensors.add(SafetensorsWriter.Named.lazy(PREFIX + state, DType.F64, new long[] {n, n}, bytes));
            String key = UNDEFINED + state;
            grams.reason(state).ifPresent(reason -> metadata.put(key, reason));
        }
        SafetensorsWriter.write(file, tensors, metadata);
    }

    private static ByteBuffer bytes(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return bytes;
    }

    /**
     * Reads a file.
     *
     * @throws UserException if the file is broken, or does not hold Gram matrices of equal n
     */
    public static Grams read(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return grams(file);
        }
    }

    /**
     * Reads the Gram matrix of one hidden state, so that a comparison of many files holds few matrices at a time.
     *
     * @param state index of the hidden state
     * @return the Gram matrix of this hidden state alone, at index 0
     * @throws UserException as {@link #read} does, and if there is no such hidden state
     */
    public static Grams readState(Path path, int state) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            String name = PREFIX + state;
            if (!file.has(name)) {
                throw new UserException(
                        "%s has no tensor %s; run the analysis again to write it.".formatted(path, name));
            }
            long samples = samples(file, name);
            List<double[]> gram = List.of(matrix(file, name, samples));
            return new Grams(
                    (int) samples,
                    gram,
                    Collections.singletonList(file.metadata().get(UNDEFINED + state)));
        }
    }

    /**
     * Reads an open file.
     *
     * @throws UserException as {@link #read} does, and if the file was changed or replaced since it was opened
     */
    static Grams grams(SafetensorsFile file) {
        List<double[]> states = new ArrayList<>();
        List<@Nullable String> undefined = new ArrayList<>();
        long samples = file.has(PREFIX + 0) ? samples(file, PREFIX + 0) : 0;
        while (file.has(PREFIX + states.size())) {
            undefined.add(file.metadata().get(UNDEFINED + states.size()));
            states.add(matrix(file, PREFIX + states.size(), samples));
        }
        if (states.size() < 2) {
            throw new UserException("%s has no tensors gram.0, gram.1, …; run the analysis again to write them."
                    .formatted(file.path()));
        }
        return new Grams((int) samples, states, undefined);
    }

    private static long samples(SafetensorsFile file, String name) {
        long[] shape = file.entry(name).shape();
        return shape.length == 0 ? 0 : shape[0];
    }

    private static double[] matrix(SafetensorsFile file, String name, long samples) {
        TensorEntry entry = file.entry(name);
        long[] shape = entry.shape();
        if (entry.type() != DType.F64 || shape.length != 2 || shape[0] != samples || shape[1] != samples) {
            throw new UserException("%s holds %s in another form than F64 [%s, %s]; run the analysis again to write it."
                    .formatted(file.path(), name, samples, samples));
        }
        double[] values = new double[(int) entry.elements()];
        DoubleBuffer filled = DoubleBuffer.wrap(values);
        file.pieces(name).forEach(piece -> filled.put(piece.asDoubleBuffer()));
        return values;
    }
}

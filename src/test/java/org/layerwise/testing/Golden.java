package org.layerwise.testing;

import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.input.PixelBatch;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** What the Python implementations gave for the tiny checkpoints under {@code src/test/resources/golden}. */
public final class Golden {

    private Golden() {}

    /** The folder of a fixture, for example {@code bert}. */
    public static Path folder(String name) {
        try {
            return Path.of(Objects.requireNonNull(Golden.class.getResource("/golden/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A float tensor of a file as doubles. */
    public static double[] doubles(SafetensorsFile file, String name) {
        ByteBuffer bytes = file.bytes(name);
        double[] values = new double[(int) file.entry(name).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = file.entry(name).type() == DType.F64 ? bytes.getDouble() : bytes.getFloat();
        }
        return values;
    }

    /** An int64 tensor of a file. */
    public static long[] longs(SafetensorsFile file, String name) {
        ByteBuffer bytes = file.bytes(name);
        long[] values = new long[(int) file.entry(name).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getLong();
        }
        return values;
    }

    /** A tensor of a file, on the processor, in the innermost open scope. */
    public static Tensor tensor(TensorEngine engine, SafetensorsFile file, String name) {
        return engine.ofBytes(
                file.bytes(name),
                file.entry(name).type(),
                Engines.device(),
                file.entry(name).shape());
    }

    private static @Nullable PixelBatch pixels(SafetensorsFile file) {
        if (!file.has("pixel_values")) {
            return null;
        }
        long[] shape = file.entry("pixel_values").shape();
        double[] values = doubles(file, "pixel_values");
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return new PixelBatch((int) shape[0], (int) shape[1], (int) shape[2], (int) shape[3], floats);
    }

    /** The inputs of a fixture as one batch. */
    public static TokenBatch batch(SafetensorsFile file) {
        long[] shape = file.entry("input_ids").shape();
        long[] ids = longs(file, "input_ids");
        long[] types = file.has("token_type_ids") ? longs(file, "token_type_ids") : new long[ids.length];
        long[] mask = longs(file, "attention_mask");
        return new TokenBatch((int) shape[0], (int) shape[1], ids, types, mask, pixels(file));
    }
}

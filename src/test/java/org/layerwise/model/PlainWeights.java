package org.layerwise.model;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;

/**
 * Tensors of a checkpoint in float32, as doubles.
 *
 * @param body prefix of names that a checkpoint saved without a head lacks
 */
record PlainWeights(Checkpoint checkpoint, String body) {

    double[] get(String name) {
        TensorEntry entry = checkpoint.entry(stored(name));
        if (entry.bytes() != 4 * entry.elements()) {
            throw new IllegalArgumentException(entry + " is not in float32");
        }
        ByteBuffer bytes = checkpoint.bytes(entry.name());
        double[] values = new double[(int) entry.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getFloat();
        }
        return values;
    }

    double @Nullable [] getIfThere(String name) {
        return checkpoint.has(stored(name)) ? get(name) : null;
    }

    /** The linear map of this name, with its bias if it has one. */
    double[] linear(String name, double[] x, int in) {
        return PlainMath.linear(x, get(name + ".weight"), getIfThere(name + ".bias"), in);
    }

    double[] layerNorm(String name, double[] x, double epsilon) {
        return PlainMath.layerNorm(x, get(name + ".weight"), get(name + ".bias"), epsilon);
    }

    private String stored(String name) {
        return checkpoint.has(body + name) ? body + name : name;
    }
}

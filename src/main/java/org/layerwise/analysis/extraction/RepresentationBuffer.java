package org.layerwise.analysis.extraction;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;

/** Buffer for the vectors of all examples and hidden states, filled batch by batch. */
final class RepresentationBuffer {

    private final int samples;
    private final int width;
    private final float[][] states;

    RepresentationBuffer(int states, int samples, int width) {
        this.samples = samples;
        this.width = width;
        this.states = new float[states][Math.multiplyExact(samples, width)];
    }

    /**
     * Stores the vectors of a batch at the indices of its rows.
     *
     * @param from index of the first vector in {@code values}
     */
    void put(int state, int[] rows, float[] values, int from) {
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, from + i * width, states[state], rows[i] * width, width);
        }
    }

    Representations as(Position position) {
        List<Matrix> layers = new ArrayList<>();
        for (float[] values : states) {
            layers.add(new Matrix(samples, width, values));
        }
        return new Representations(position, layers);
    }
}

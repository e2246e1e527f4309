package org.layerwise.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Hidden states in which the vector of at least one example is NaN or infinite.
 *
 * @param states indices of these states in ascending order, at least one; 0 is the input of layer 0
 * @param row index of the first such example in the first of these states, from 0
 * @param layers number of the model's layers
 */
public record NonFiniteStates(List<Integer> states, int row, int layers) {

    public NonFiniteStates {
        states = List.copyOf(states);
    }

    /**
     * Finds such states; empty if all numbers are finite. The search takes one pass over numbers that are already on
     * the host.
     */
    public static Optional<NonFiniteStates> of(Representations representations) {
        List<Integer> states = new ArrayList<>();
        int row = 0;
        for (int state = 0; state < representations.layers().size(); state++) {
            Matrix matrix = representations.layers().get(state);
            int at = firstIn(matrix.values());
            if (at >= 0) {
                row = states.isEmpty() ? at / matrix.columns() : row;
                states.add(state);
            }
        }
        return states.isEmpty()
                ? Optional.empty()
                : Optional.of(new NonFiniteStates(
                        states, row, representations.layers().size() - 1));
    }

    private static int firstIn(float[] values) {
        float zeros = 0;
        for (float value : values) {
            zeros += value * 0; // NaN where the value is NaN or infinite
        }
        return zeros == 0
                ? -1
                : IntStream.range(0, values.length)
                        .filter(at -> !Float.isFinite(values[at]))
                        .findFirst()
                        .orElseThrow();
    }

    /** Returns the first of these states. */
    public int first() {
        return states.get(0);
    }

    /**
     * Returns a sentence for the reader of an analysis: the layers without importance, and the reason.
     *
     * @param data name of the rows
     * @param before number of rows before these rows
     * @param undefined treatment of such layers in the ranking
     */
    public String remark(String data, int before, UndefinedLayers undefined) {
        String named = states.stream()
                .flatMap(state -> IntStream.rangeClosed(state - 1, state).boxed())
                .filter(layer -> layer >= 0 && layer < layers)
                .distinct()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        return "Hidden state %s is NaN or infinite for row %s of %s, so the importance of layers %s is undefined%s; look for broken weights, or compute with --dtype f32."
                .formatted(
                        first(),
                        before + row + 1,
                        data,
                        named,
                        undefined == UndefinedLayers.EXCLUDE ? ", and the selection leaves them out" : "");
    }
}

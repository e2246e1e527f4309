package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.SimilarityMatrix;

/**
 * Hidden states as points of a plane, whose distances approach 1 minus their similarity by a measure that is a
 * {@linkplain Measure#isMetric metric}.
 *
 * @param points points of the hidden states that have a similarity, in their order
 * @param share share of the squared distances that two dimensions keep, 0 to 1, as {@link ClassicalScaling} says
 */
public record HiddenStateMap(List<Point> points, double share) {

    private static final int FEWEST = 3;

    /**
     * Point of a hidden state.
     *
     * @param state number of the hidden state, 0 for the embeddings
     */
    public record Point(int state, double x, double y) {}

    public HiddenStateMap {
        points = List.copyOf(points);
    }

    /**
     * Returns the map of a measure's matrix; empty if the measure is no metric, fewer than three hidden states have a similarity, or
     * two of them have none with each other.
     */
    public static Optional<HiddenStateMap> of(Measure measure, SimilarityMatrix matrix) {
        int[] states = IntStream.range(0, matrix.size())
                .filter(state -> matrix.value(state, state).isPresent())
                .toArray();
        if (!measure.isMetric() || states.length < FEWEST) {
            return Optional.empty();
        }
        double[][] distances = new double[states.length][states.length];
        for (int i = 0; i < states.length; i++) {
            for (int j = 0; j < i; j++) {
                OptionalDouble similarity = matrix.value(states[i], states[j]);
                if (similarity.isEmpty()) {
                    return Optional.empty();
                }
                distances[i][j] = Math.max(0, 1 - similarity.getAsDouble());
                distances[j][i] = distances[i][j];
            }
        }
        ClassicalScaling scaling = ClassicalScaling.of(distances);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < states.length; i++) {
            double[] at = scaling.points().get(i);
            points.add(new Point(states[i], at[0], at[1]));
        }
        return Optional.of(new HiddenStateMap(points, scaling.share()));
    }
}

package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.SimilarityMatrix;

/**
 * Hidden states of one model, or of two, as points of a plane, whose distances approach 1 minus their similarity by a
 * measure that is a {@linkplain Measure#isMetric metric}.
 *
 * @param points points of the hidden states that have a similarity, in their order, those of the first model first
 * @param share share of the squared distances that two dimensions keep, 0 to 1, as {@link ClassicalScaling} says
 */
public record HiddenStateMap(List<Point> points, double share) {

    private static final int FEWEST = 3;

    /**
     * Point of a hidden state.
     *
     * @param model index of the model, 0 for the first
     * @param state number of the hidden state, 0 for the embeddings
     */
    public record Point(int model, int state, double x, double y) {}

    public HiddenStateMap {
        points = List.copyOf(points);
    }

    /** Returns the number of models, 1 or 2. */
    public int models() {
        return 1 + points.stream().mapToInt(Point::model).max().orElse(0);
    }

    /** Returns the points of a model, in the order of its hidden states. */
    public List<Point> of(int model) {
        return points.stream().filter(point -> point.model() == model).toList();
    }

    /**
     * Returns the map of a measure's matrix; empty if the measure is no metric, fewer than three hidden states have a similarity, or
     * two of them have none with each other.
     */
    public static Optional<HiddenStateMap> of(Measure measure, SimilarityMatrix matrix) {
        return of(measure, states(0, matrix), (one, other) -> matrix.value(one.state(), other.state()));
    }

    /**
     * Returns the common map of two models; empty in the cases of {@link #of(Measure, SimilarityMatrix)}.
     *
     * @param first similarities of the hidden states of the first model to each other
     * @param second the same of the second model
     * @param between similarities of the first model's hidden states (rows) to the second one's (columns)
     */
    public static Optional<HiddenStateMap> of(
            Measure measure, SimilarityMatrix first, SimilarityMatrix second, SimilarityMatrix between) {
        List<State> all = Stream.of(states(0, first), states(1, second))
                .flatMap(List::stream)
                .toList();
        return of(measure, all, (one, other) -> {
            if (one.model() == other.model()) {
                return (one.model() == 0 ? first : second).value(one.state(), other.state());
            }
            // the later state is one of the second model
            return between.value(other.state(), one.state());
        });
    }

    /** Hidden state of one of the models. */
    private record State(int model, int state) {}

    /** Similarity of a hidden state to an earlier one of the list. */
    @FunctionalInterface
    private interface Similarities {
        OptionalDouble of(State one, State other);
    }

    private static List<State> states(int model, SimilarityMatrix matrix) {
        return IntStream.range(0, matrix.size())
                .filter(state -> matrix.value(state, state).isPresent())
                .mapToObj(state -> new State(model, state))
                .toList();
    }

    private static Optional<HiddenStateMap> of(Measure measure, List<State> states, Similarities similarities) {
        int size = states.size();
        if (!measure.isMetric() || size < FEWEST) {
            return Optional.empty();
        }
        double[][] distances = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                OptionalDouble similarity = similarities.of(states.get(i), states.get(j));
                if (similarity.isEmpty()) {
                    return Optional.empty();
                }
                distances[i][j] = Math.max(0, 1 - similarity.getAsDouble());
                distances[j][i] = distances[i][j];
            }
        }
        ClassicalScaling scaling = ClassicalScaling.of(distances);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            double[] at = scaling.points().get(i);
            points.add(new Point(states.get(i).model(), states.get(i).state(), at[0], at[1]));
        }
        return Optional.of(new HiddenStateMap(points, scaling.share()));
    }
}

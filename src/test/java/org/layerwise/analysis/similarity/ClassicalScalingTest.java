package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;

class ClassicalScalingTest {

    private static double[][] distances(double[][] points) {
        double[][] distances = new double[points.length][points.length];
        for (int i = 0; i < points.length; i++) {
            for (int j = 0; j < points.length; j++) {
                distances[i][j] = Plain.distance(points[i], points[j]);
            }
        }
        return distances;
    }

    @Test
    void distancesOfPointsInThePlaneAreRecovered() {
        Random random = new Random(5);
        double[][] plane = Layers.normal(random, 30, 2);
        double[][] given = distances(plane);

        ClassicalScaling scaling = ClassicalScaling.of(given);

        double[][] found = distances(scaling.points().toArray(double[][]::new));
        for (int i = 0; i < 30; i++) {
            for (int j = 0; j < 30; j++) {
                assertThat(found[i][j]).isCloseTo(given[i][j], within(1e-12));
            }
        }
        assertThat(scaling.share()).isCloseTo(1, within(1e-12));
        assertThat(scaling.points().get(29)[0])
                .isGreaterThanOrEqualTo(scaling.points().get(0)[0]);
    }

    /** A regular tetrahedron has three equal eigenvalues, of which two are kept; a line has one. */
    @Test
    void theShareFollowsFromTheEigenvalues() {
        double[][] tetrahedron = new double[4][4];
        double[][] line = new double[4][4];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                tetrahedron[i][j] = i == j ? 0 : 1;
                line[i][j] = Math.abs(i - j);
            }
        }
        assertThat(ClassicalScaling.of(tetrahedron).share()).isCloseTo(2.0 / 3, within(1e-12));
        ClassicalScaling alongOne = ClassicalScaling.of(line);
        assertThat(alongOne.share()).isCloseTo(1, within(1e-12));
        for (int i = 0; i < 4; i++) {
            assertThat(alongOne.points().get(i)[0]).isCloseTo(i - 1.5, within(1e-12));
            assertThat(alongOne.points().get(i)[1]).isCloseTo(0, within(1e-7));
        }
        assertThat(ClassicalScaling.of(new double[3][3]).share()).isEqualTo(1);
        assertThat(ClassicalScaling.of(new double[1][1]).points().get(0)).containsExactly(0, 0);
    }

    /** Angles between five states, with a negative eigenvalue; the numbers are numpy's {@code linalg.eigh}. */
    @Test
    void equalsNumpy() {
        double[][] given = {
            {0.0, 0.3, 0.5, 0.9, 0.7},
            {0.3, 0.0, 0.2, 0.6, 0.8},
            {0.5, 0.2, 0.0, 0.4, 0.6},
            {0.9, 0.6, 0.4, 0.0, 0.35},
            {0.7, 0.8, 0.6, 0.35, 0.0}
        };
        double[][] expected = {
            {-0.40600920860760015, 0.23532900738944273},
            {-0.2895942393017368, -0.18496977927996272},
            {-0.05245962887625716, -0.16490273947502262},
            {0.39439129604078627, -0.17637691830415225},
            {0.3536717807448077, 0.2909204296696946}
        };

        ClassicalScaling scaling = ClassicalScaling.of(given);

        for (int i = 0; i < 5; i++) {
            assertThat(scaling.points().get(i)).containsExactly(expected[i], within(1e-12));
        }
        assertThat(scaling.share()).isCloseTo(0.8842208452732342, within(1e-12));
    }

    @Test
    void refusesWhatIsNoDistance() {
        assertThatThrownBy(() -> ClassicalScaling.of(new double[][] {{0, 1}, {2, 0}}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClassicalScaling.of(new double[][] {{0, -1}, {-1, 0}}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClassicalScaling.of(new double[][] {{0, Double.NaN}, {Double.NaN, 0}}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMapHasTheStatesThatCanBeCompared() {
        Similarity none = new Similarity.Undefined("Constant.");
        SimilarityMatrix matrix = new SimilarityMatrix(List.of(
                List.of(none, none, none, none),
                List.of(none, one(1), one(0.8), one(0.6)),
                List.of(none, one(0.8), one(1), one(0.8)),
                List.of(none, one(0.6), one(0.8), one(1))));

        HiddenStateMap map =
                HiddenStateMap.of(AngularProcrustes.MEASURE, matrix).orElseThrow();

        assertThat(map.points()).extracting(HiddenStateMap.Point::state).containsExactly(1, 2, 3);
        assertThat(map.points().get(0).x()).isCloseTo(-0.2, within(1e-12));
        assertThat(map.points().get(2).x()).isCloseTo(0.2, within(1e-12));
        assertThat(HiddenStateMap.of(LinearCka.MEASURE, matrix)).as("no metric").isEmpty();
    }

    private static Similarity one(double value) {
        return new Similarity.Value(value);
    }

    /** Points of a plane, of which the first model has three and the second four. */
    @Test
    void twoModelsHaveACommonMap() {
        double[][] plane = Layers.normal(new Random(8), 7, 2);
        double[][] given = distances(plane);
        int[] first = {0, 1, 2};
        int[] second = {3, 4, 5, 6};

        HiddenStateMap map = HiddenStateMap.of(
                        AngularProcrustes.MEASURE,
                        similarities(given, first, first),
                        similarities(given, second, second),
                        similarities(given, first, second))
                .orElseThrow();

        assertThat(map.models()).isEqualTo(2);
        assertThat(map.of(0)).extracting(HiddenStateMap.Point::state).containsExactly(0, 1, 2);
        assertThat(map.of(1)).extracting(HiddenStateMap.Point::state).containsExactly(0, 1, 2, 3);
        double[][] found = distances(map.points().stream()
                .map(point -> new double[] {point.x(), point.y()})
                .toArray(double[][]::new));
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < 7; j++) {
                assertThat(found[i][j]).isCloseTo(given[i][j], within(1e-12));
            }
        }
    }

    private static SimilarityMatrix similarities(double[][] distances, int[] rows, int[] columns) {
        return new SimilarityMatrix(Arrays.stream(rows)
                .mapToObj(row -> Arrays.stream(columns)
                        .<Similarity>mapToObj(column -> new Similarity.Value(1 - distances[row][column]))
                        .toList())
                .toList());
    }
}

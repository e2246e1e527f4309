package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Engines;

/**
 * What each measure is blind to, and what not: the second of two representations is moved, and the similarity is the same
 * or differs. The maps are exact in float32.
 */
class InvarianceTest {

    private static final int SAMPLES = 24;
    /** A quarter of this turns by an orthogonal matrix twice the length. */
    private static final double[][] HADAMARD = {{1, 1, 1, 1}, {1, -1, 1, -1}, {1, 1, -1, -1}, {1, -1, -1, 1}};

    private static final double[][] INVERTIBLE = {{4, 0, 0, 0}, {1, 1, 0, 0}, {0, 2, 1, 0}, {3, 0, -1, 2}};
    private static final Set<Measure> ONLY_COSINE = Set.of(Cosine.MEASURE);
    private static final Set<Measure> UNCENTRED = Set.of(Cosine.MEASURE, NearestNeighbours.MEASURE);
    private static final Set<Measure> CANONICAL = Set.of(Svcca.MEASURE, Pwcca.MEASURE);
    private static final Set<Measure> OTHERS = Measures.ALL.stream()
            .filter(measure -> !CANONICAL.contains(measure))
            .collect(Collectors.toSet());

    @Provide
    Arbitrary<Measure> measures() {
        return Arbitraries.of(Measures.ALL).filter(Measure::fromRepresentations);
    }

    @Property(tries = 60, seed = "1")
    void rotation(@ForAll("measures") Measure measure, @ForAll Random random) {
        check(measure, random, y -> Plain.times(halved(HADAMARD), Plain.transposed(y)), true, ONLY_COSINE);
    }

    @Property(tries = 60, seed = "2")
    void scaling(@ForAll("measures") Measure measure, @ForAll Random random) {
        check(measure, random, y -> scaled(y, 8), false, Set.of());
    }

    @Property(tries = 60, seed = "3")
    void reflection(@ForAll("measures") Measure measure, @ForAll Random random) {
        check(measure, random, y -> scaled(y, -1), false, ONLY_COSINE);
    }

    @Property(tries = 60, seed = "4")
    void translation(@ForAll("measures") Measure measure, @ForAll Random random) {
        check(measure, random, InvarianceTest::moved, false, UNCENTRED);
    }

    @Property(tries = 60, seed = "5")
    void otherLinearMaps(@ForAll("measures") Measure measure, @ForAll Random random) {
        check(measure, random, y -> Plain.times(y, INVERTIBLE), false, OTHERS);
    }

    /** PWCCA weighs by the features of the first. */
    @Property(tries = 60, seed = "6")
    void otherLinearMapsOfTheFirst(@ForAll Random random) {
        double[][] x = Layers.normal(random, SAMPLES, 4);
        double[][] y = near(random, x);
        double before = of(Pwcca.MEASURE, x, y);
        assertThat(of(Svcca.MEASURE, Plain.times(x, INVERTIBLE), y)).isCloseTo(of(Svcca.MEASURE, x, y), within(1e-9));
        assertThat(Math.abs(of(Pwcca.MEASURE, Plain.times(x, INVERTIBLE), y) - before))
                .isGreaterThan(1e-6);
    }

    @Property(tries = 60, seed = "7")
    void orderOfTheExamples(@ForAll("measures") Measure measure, @ForAll Random random) {
        double[][] x = Layers.normal(random, SAMPLES, 4);
        double[][] y = near(random, x);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        double before = of(measure, x, y);
        assertThat(of(measure, ordered(x, order), ordered(y, order))).isCloseTo(before, within(1e-9));
        assertThat(Math.abs(of(measure, x, ordered(y, order)) - before))
                .describedAs("of one of two alone it matters")
                .isGreaterThan(1e-6);
    }

    @Property(tries = 20, seed = "8")
    void symmetry(@ForAll("measures") Measure measure, @ForAll Random random) {
        double[][] x = Layers.normal(random, SAMPLES, 4);
        double[][] y = near(random, x);
        double difference = Math.abs(of(measure, x, y) - of(measure, y, x));
        if (measure == Pwcca.MEASURE) {
            assertThat(difference).isGreaterThan(1e-9);
        } else {
            assertThat(difference).isLessThan(1e-12);
        }
    }

    private static void check(
            Measure measure, Random random, UnaryOperator<double[][]> map, boolean turned, Set<Measure> moved) {
        double[][] x = Layers.normal(random, SAMPLES, 4);
        double[][] y = near(random, x);
        double before = of(measure, x, y);
        double[][] mapped = turned ? Plain.transposed(map.apply(y)) : map.apply(y);
        double after = of(measure, x, mapped);
        if (moved.contains(measure)) {
            assertThat(Math.abs(after - before)).isGreaterThan(1e-6);
        } else {
            assertThat(after).isCloseTo(before, within(1e-9));
        }
    }

    private static double of(Measure measure, double[][] x, double[][] y) {
        // all of the variance, and one minibatch: else neither map of features nor order would leave these alone
        return measure.with(new MeasureOptions(1, 1, SAMPLES), Engines.shared())
                .between(Layers.of(x), Layers.of(y), Engines.device(), Progress.none())
                .value(0, 0)
                .orElseThrow();
    }

    /** Another representation, somewhat like x. */
    private static double[][] near(Random random, double[][] x) {
        double[][] y = Layers.normal(random, x.length, x[0].length);
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x[0].length; j++) {
                y[i][j] += x[i][j];
            }
        }
        return y;
    }

    private static double[][] halved(double[][] matrix) {
        return scaled(matrix, 0.5);
    }

    private static double[][] scaled(double[][] matrix, double factor) {
        double[][] result = new double[matrix.length][matrix[0].length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[0].length; j++) {
                result[i][j] = factor * matrix[i][j];
            }
        }
        return result;
    }

    private static double[][] moved(double[][] y) {
        double[][] result = scaled(y, 1);
        for (double[] row : result) {
            row[0] += 3;
            row[2] -= 17;
        }
        return result;
    }

    private static double[][] ordered(double[][] x, List<Integer> order) {
        return order.stream().map(row -> x[row]).toArray(double[][]::new);
    }
}

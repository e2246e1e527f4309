package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.CancelledProgress;

/** What holds for every measure. */
class MeasuresTest {

    static final MeasureOptions OPTIONS = new MeasureOptions(0.8, 0.8, 8);

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final Random random = new Random(17);

    private static final Map<Measure, ToDoubleBiFunction<double[][], double[][]>> PLAIN = Map.ofEntries(
            Map.entry(LinearCka.MEASURE, PlainCka::of),
            Map.entry(DebiasedCka.MEASURE, PlainHsic::debiasedCka),
            Map.entry(RbfCka.MEASURE, (x, y) -> PlainKernels.rbfCka(x, y, 0.8)),
            Map.entry(MinibatchCka.MEASURE, (x, y) -> PlainHsic.minibatchCka(x, y, 8)),
            Map.entry(Cosine.MEASURE, PlainDirections::cosine),
            Map.entry(Procrustes.MEASURE, PlainDirections::procrustes),
            Map.entry(AngularProcrustes.MEASURE, PlainDirections::angularProcrustes),
            Map.entry(Svcca.MEASURE, (x, y) -> PlainDirections.svcca(x, y, 0.8)),
            Map.entry(Pwcca.MEASURE, (x, y) -> PlainDirections.pwcca(x, y, 0.8)),
            Map.entry(Rsa.MEASURE, PlainKernels::rsa),
            Map.entry(DistanceCorrelation.MEASURE, PlainKernels::distanceCorrelation),
            Map.entry(NearestNeighbours.MEASURE, PlainNeighbours::overlap));

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    static Stream<Measure> measures() {
        return Measures.ALL.stream().filter(Measure::fromRepresentations);
    }

    private SimilarityMeasure of(Measure measure) {
        return measure.with(OPTIONS, engine);
    }

    private SimilarityMatrix allPairs(Measure measure, Representations representations) {
        return of(measure).allPairs(representations, Engines.device(), Progress.none(), partial -> {});
    }

    private SimilarityMatrix between(Measure measure, Representations first, Representations second) {
        return of(measure).between(first, second, Engines.device(), Progress.none());
    }

    static ToDoubleBiFunction<double[][], double[][]> plain(Measure measure) {
        ToDoubleBiFunction<double[][], double[][]> plain = PLAIN.get(measure);
        assertThat(plain).as("a plain computation of " + measure).isNotNull();
        return plain;
    }

    @ParameterizedTest
    @MethodSource("measures")
    void equalsItsDefinition(Measure measure) {
        // more examples than features, and fewer
        for (int width : new int[] {5, 30}) {
            double[][] x = Layers.normal(random, 24, width);
            double[][] y = Layers.normal(random, 24, width);
            double[][] z = Layers.normal(random, 24, width);
            for (int i = 0; i < 24; i++) {
                for (int j = 0; j < width; j++) {
                    z[i][j] += x[i][j] + y[i][(j + 1) % width] / 2;
                }
            }
            double[][][] layers = {x, y, z};
            SimilarityMatrix own = allPairs(measure, Layers.of(layers));
            SimilarityMatrix both = between(measure, Layers.of(x, y), Layers.of(layers));
            assertThat(both.rows()).isEqualTo(2);
            assertThat(both.columns()).isEqualTo(3);
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    double expected = plain(measure).applyAsDouble(layers[i], layers[j]);
                    assertThat(own.value(i, j).orElseThrow()).isCloseTo(expected, within(1e-9));
                    if (i < 2) {
                        assertThat(both.value(i, j).orElseThrow()).isCloseTo(expected, within(1e-9));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("measures")
    void theImportanceAloneIsThatOfAllPairs(Measure measure) {
        Representations representations =
                Layers.of(Layers.normal(random, 24, 5), Layers.normal(random, 24, 5), Layers.normal(random, 24, 5));
        assertThat(of(measure).importance(representations, Engines.device(), Progress.none()))
                .isEqualTo(LayerImportance.of(allPairs(measure, representations)));
    }

    @ParameterizedTest
    @MethodSource("measures")
    void reportsTheWholeMatrixLast(Measure measure) {
        List<SimilarityMatrix> seen = new ArrayList<>();
        SimilarityMatrix whole = of(measure)
                .allPairs(
                        Layers.of(Layers.normal(random, 12, 3), Layers.normal(random, 12, 3)),
                        Engines.device(),
                        Progress.none(),
                        seen::add);
        assertThat(seen.get(seen.size() - 1)).isEqualTo(whole);
    }

    @ParameterizedTest
    @MethodSource("measures")
    void whatIsNoNumberIsUndefinedAndDisturbsNoOther(Measure measure) {
        double[][] x = Layers.normal(random, 12, 3);
        double[][] y = Layers.normal(random, 12, 3);
        double[][] broken = Layers.normal(random, 12, 3);
        broken[4][1] = Double.NaN;
        double[][] infinite = Layers.normal(random, 12, 3);
        infinite[11][2] = Double.NEGATIVE_INFINITY;
        SimilarityMatrix matrix = allPairs(measure, Layers.of(x, broken, y, infinite));
        assertThat(reason(matrix, 0, 1))
                .isEqualTo("Hidden state 1 holds numbers that are not finite and %s is undefined."
                        .formatted(measure.noun()));
        assertThat(reason(matrix, 3, 0)).contains("Hidden state 3");
        assertThat(matrix.value(1, 1)).isEmpty();
        assertThat(matrix.value(0, 2).orElseThrow())
                .isCloseTo(allPairs(measure, Layers.of(x, y)).value(0, 1).orElseThrow(), within(1e-13));
        assertThat(reason(between(measure, Layers.of(x, y), Layers.of(broken)), 1, 0))
                .contains("Hidden state 0 holds numbers");
    }

    @ParameterizedTest
    @MethodSource("measures")
    void whatDoesNotVaryIsUndefinedButForTheCosine(Measure measure) {
        double[][] constant = new double[12][3];
        for (double[] row : constant) {
            row[0] = 1000;
            row[1] = 0.1;
        }
        constant[2][1] += 1e-5; // varies, but only by rounding
        SimilarityMatrix matrix =
                allPairs(measure, Layers.at(Position.FIRST, constant, Layers.normal(random, 12, 3), constant));
        if (measure == Cosine.MEASURE) {
            assertThat(matrix.value(0, 2).orElseThrow()).isCloseTo(1, within(1e-12));
            assertThat(matrix.value(0, 1)).isPresent();
            return;
        }
        assertThat(matrix.value(0, 0)).isEmpty();
        assertThat(reason(matrix, 0, 1))
                .isEqualTo(
                        "Every example starts with the same token, so hidden state 0 does not vary and %s is undefined."
                                .formatted(measure.noun()));
        assertThat(reason(matrix, 1, 2))
                .isEqualTo(
                        "Hidden state 2 is the same for every example and %s is undefined.".formatted(measure.noun()));
        assertThat(matrix.value(1, 1)).hasValue(1);
    }

    @ParameterizedTest
    @MethodSource("measures")
    void saysHowManyExamplesItNeeds(Measure measure) {
        SimilarityMeasure similarity = of(measure);
        int few = similarity.fewestSamples() - 1;
        if (few == 0) {
            return; // the cosine is defined for a single example
        }
        Representations representations = Layers.of(Layers.normal(random, few, 3), Layers.normal(random, few, 3));
        String message = "%s needs at least %s examples, but the data has %s; use more samples."
                .formatted(MeasureMessages.atTheStart(measure), few + 1, few);
        assertThatThrownBy(() -> allPairs(measure, representations))
                .isInstanceOf(UserException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> between(measure, representations, representations))
                .isInstanceOf(UserException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @MethodSource("measures")
    void refusesOtherExamples(Measure measure) {
        assertThatThrownBy(() -> between(
                        measure, Layers.of(Layers.normal(random, 12, 3)), Layers.of(Layers.normal(random, 13, 3))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("one side has 12 and the other 13");
    }

    @ParameterizedTest
    @MethodSource("measures")
    void comparesOtherWidthsButForTheCosine(Measure measure) {
        double[][] x = Layers.normal(random, 16, 3);
        double[][] y = Layers.normal(random, 16, 5);
        if (measure == Cosine.MEASURE) {
            assertThatThrownBy(() -> between(measure, Layers.of(x), Layers.of(y)))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("3 and 5 numbers");
        } else {
            assertThat(between(measure, Layers.of(x), Layers.of(y)).value(0, 0).orElseThrow())
                    .isCloseTo(plain(measure).applyAsDouble(x, y), within(1e-9));
        }
    }

    @ParameterizedTest
    @MethodSource("measures")
    void stopsWhenCancelled(Measure measure) {
        Progress cancelled = CancelledProgress.when(() -> true);
        Representations two = Layers.of(Layers.normal(random, 12, 3), Layers.normal(random, 12, 3));
        assertThatThrownBy(() -> of(measure).allPairs(two, Engines.device(), cancelled, partial -> {}))
                .isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> of(measure).between(two, two, Engines.device(), cancelled))
                .isInstanceOf(CancelledException.class);
    }

    @ParameterizedTest
    @MethodSource("measures")
    void fromGramsOnceComputedItIsTheSame(Measure measure) {
        if (!(of(measure) instanceof GramMeasure similarity)) {
            assertThat(measure).isNotIn(LinearCka.MEASURE, DebiasedCka.MEASURE, RbfCka.MEASURE, Rsa.MEASURE);
            return;
        }
        double[][] constant = new double[12][2];
        Representations first = Layers.of(constant, Layers.normal(random, 12, 40), Layers.normal(random, 12, 40));
        Representations second = Layers.of(Layers.normal(random, 12, 30));
        GramComputation computation = new GramComputation(engine);
        Grams grams = computation.of(first, Engines.device(), Progress.none());
        Grams others = computation.of(second, Engines.device(), Progress.none());
        assertThat(similarity.allPairs(grams, Progress.none(), partial -> {})).isEqualTo(allPairs(measure, first));
        assertThat(similarity.between(grams, others, Progress.none())).isEqualTo(between(measure, first, second));
    }

    @Test
    void gramsAreOfCentredRepresentations() {
        Grams grams = new GramComputation(engine)
                .of(
                        Layers.at(Position.LAST, Layers.column(7, 7, 7), Layers.column(1, 2, 6)),
                        Engines.device(),
                        Progress.none());
        assertThat(grams.of(1)).containsExactly(4, 2, -6, 2, 1, -3, -6, -3, 9); // (-2, -1, 3)
        assertThat(grams.of(0)).containsOnly(0);
        assertThat(grams.reason(0))
                .hasValue("Every example ends with the same token, so hidden state 0 does not vary.");
        assertThat(grams.reason(1)).isEmpty();
    }

    @Test
    void gramsThatDoNotFitAreRefusedByName() {
        assertThat(GramComputation.fits(512, 33)).isTrue();
        assertThat(GramComputation.fits(46_000, 33)).isFalse();
        assertThatThrownBy(() -> GramComputation.require(RbfCka.MEASURE, 46_000, 33))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("RBF CKA compares every example with every other, which takes 520 GiB")
                .hasMessageEndingWith("use fewer samples or minibatch-cka.");
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new RbfCka(engine, 0)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> new RbfCka(engine, Double.NaN)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> new MinibatchCka(engine, 3))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("at least 4");
        assertThatThrownBy(() -> new Svcca(engine, 1.01)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> new Pwcca(engine, 0)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> of(GradientScores.FISHER)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String reason(SimilarityMatrix matrix, int i, int j) {
        return ((Similarity.Undefined) matrix.at(i, j)).reason();
    }
}

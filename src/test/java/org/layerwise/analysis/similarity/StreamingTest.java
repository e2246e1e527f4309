package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;

class StreamingTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final Random random = new Random(5);

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    /** Far from the origin, so that a sum that takes the mean off at the end only loses digits. */
    private double[][] far(int rows, int columns) {
        double[][] x = Layers.normal(random, rows, columns);
        for (double[] row : x) {
            row[0] += 4096;
        }
        return x;
    }

    private static void inChunks(Representations whole, java.util.function.Consumer<Representations> add) {
        int[] sizes = {1, 7, 30, 2};
        int at = 0;
        for (int begin = 0; begin < whole.samples(); at++) {
            int end = Math.min(whole.samples(), begin + sizes[at % sizes.length]);
            add.accept(ExampleSelection.of(whole, begin, end));
            begin = end;
        }
    }

    private SimilarityMatrix whole(SimilarityMeasure measure, Representations representations) {
        return measure.allPairs(representations, Engines.device(), Progress.none(), partial -> {});
    }

    private static void assertAlike(SimilarityMatrix actual, SimilarityMatrix expected) {
        for (int i = 0; i < expected.size(); i++) {
            for (int j = 0; j < expected.size(); j++) {
                if (expected.value(i, j).isEmpty()) {
                    assertThat(actual.at(i, j)).isEqualTo(expected.at(i, j));
                } else {
                    assertThat(actual.value(i, j).orElseThrow())
                            .isCloseTo(expected.value(i, j).getAsDouble(), within(1e-9));
                }
            }
        }
    }

    @Test
    void exactCkaIsThatOfTheWhole() {
        double[][] broken = Layers.normal(random, 700, 3);
        broken[650][1] = Double.NaN;
        double[][] constant = new double[700][2];
        for (double[] row : constant) {
            row[1] = 0.3;
        }
        Representations all =
                Layers.at(Position.LAST, constant, far(700, 6), far(700, 4), broken, Layers.normal(random, 700, 5));
        try (StreamedCka streamed = StreamedCka.start(engine, Engines.device(), List.of(2, 6, 4, 3, 5), 1 << 20)) {
            assertThat(streamed.pairs()).isEqualTo(StreamedCka.Pairs.ALL);
            inChunks(all, streamed::add);
            assertThat(streamed.samples()).isEqualTo(700);
            assertAlike(streamed.result(), whole(new LinearCka(engine), all));
        }
        try (StreamedCka streamed = StreamedCka.start(engine, Engines.device(), List.of(2, 6, 4, 3, 5), 1 << 20)) {
            streamed.add(all); // more than one piece at once
            assertAlike(streamed.result(), whole(new LinearCka(engine), all));
        }
    }

    @Test
    void neighboursAloneWhereAllPairsDoNotFit() {
        Representations all = Layers.of(far(40, 10), far(40, 10), far(40, 10), far(40, 10));
        List<Integer> widths = List.of(10, 10, 10, 10);
        long bytes = StreamedCka.Pairs.ALL.bytes(new int[] {10, 10, 10, 10}) - 1;
        assertThat(bytes).isEqualTo((10 + 4) * 800 - 1);
        SimilarityMatrix expected = whole(new LinearCka(engine), all);
        try (StreamedCka streamed = StreamedCka.start(engine, Engines.device(), widths, bytes)) {
            assertThat(streamed.pairs()).isEqualTo(StreamedCka.Pairs.CONSECUTIVE);
            inChunks(all, streamed::add);
            SimilarityMatrix matrix = streamed.result();
            for (int i = 0; i + 1 < 4; i++) {
                assertThat(matrix.value(i, i + 1).orElseThrow())
                        .isCloseTo(expected.value(i, i + 1).orElseThrow(), within(1e-9));
                assertThat(matrix.at(i + 1, i)).isEqualTo(matrix.at(i, i + 1));
            }
            assertThat(((Similarity.Undefined) matrix.at(0, 2)).reason()).startsWith("Only neighbouring hidden states");
        }
        assertThat(StreamedCka.possible(widths, 7199)).isEmpty();
        assertThatThrownBy(() -> StreamedCka.start(engine, Engines.device(), widths, 7199))
                .isInstanceOf(UserException.class)
                .hasMessageEndingWith("use minibatch-cka.");
    }

    @Test
    void holdsNothingThatGrowsWithTheExamples() {
        MinibatchAccumulator minibatches = new MinibatchCka(engine, 8).accumulator(Engines.device());
        try (StreamedCka streamed = StreamedCka.start(engine, Engines.device(), List.of(3, 3), 1 << 20)) {
            Representations first = Layers.of(far(11, 3), far(11, 3));
            streamed.add(first);
            minibatches.add(first);
            int live = engine.liveTensors();
            for (int i = 0; i < 50; i++) {
                streamed.add(Layers.of(far(11, 3), far(11, 3)));
                minibatches.add(Layers.of(far(11, 3), far(11, 3)));
            }
            assertThat(engine.liveTensors()).isEqualTo(live);
        }
    }

    @Test
    void minibatchesDoNotDependOnTheChunks() {
        double[][] constant = new double[45][2];
        Representations all = Layers.of(constant, far(45, 6), far(45, 4));
        MinibatchCka measure = new MinibatchCka(engine, 8);
        MinibatchAccumulator accumulator = measure.accumulator(Engines.device());
        inChunks(all, accumulator::add);
        assertThat(accumulator.result()).isEqualTo(whole(measure, all)).isEqualTo(accumulator.result());
        assertThat(accumulator.leftOut()).isZero(); // 5 left: a smaller minibatch
        assertThat(accumulator.note()).isEmpty();
    }

    @Test
    void theLastFewExamplesAreLeftOutAndSaid() {
        Representations all = Layers.of(far(43, 6), far(43, 4));
        MinibatchCka measure = new MinibatchCka(engine, 8);
        MinibatchAccumulator accumulator = measure.accumulator(Engines.device());
        accumulator.add(all);
        assertThat(accumulator.leftOut()).isEqualTo(3);
        assertThat(accumulator.note())
                .hasValue("Minibatch CKA leaves out the last 3 examples: a minibatch needs at least 4.");
        assertThat(accumulator.result()).isEqualTo(whole(measure, ExampleSelection.of(all, 0, 40)));
    }

    @Test
    void oneMinibatchIsDebiasedCka() {
        Representations all = Layers.of(far(30, 6), far(30, 4));
        assertAlike(whole(new MinibatchCka(engine, 30), all), whole(new DebiasedCka(engine), all));
    }

    @Test
    void chunksOfOtherHiddenStatesAreRefused() {
        MinibatchAccumulator accumulator = new MinibatchCka(engine, 8).accumulator(Engines.device());
        accumulator.add(Layers.of(far(3, 2)));
        assertThatThrownBy(() -> accumulator.add(Layers.of(far(3, 3)))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(accumulator::result)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("at least 4 examples, but the data has 3");
        try (StreamedCka streamed = StreamedCka.start(engine, Engines.device(), List.of(2), 1 << 20)) {
            assertThatThrownBy(() -> streamed.add(Layers.of(far(3, 3)))).isInstanceOf(IllegalArgumentException.class);
            streamed.add(Layers.of(far(2, 2)));
            assertThatThrownBy(streamed::result)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("at least 3 examples, but the data has 2");
        }
    }
}

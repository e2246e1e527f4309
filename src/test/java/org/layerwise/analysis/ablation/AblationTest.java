package org.layerwise.analysis.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;
import org.layerwise.testing.GoldenData;

/** Losses with scaled layers against those of transformers in float64, from {@code ablation_golden.py}. */
class AblationTest {

    private final TensorEngine engine = Engines.shared();

    @ParameterizedTest
    @CsvSource({
        "llama, false",
        "gpt2, false",
        "gemma2, false",
        "v5/qwen3_v5, false",
        "v5/gemma4_e, false",
        "bert, true",
        "llama_seqcls, true"
    })
    void agreesWithTransformers(String fixture, boolean classes) {
        JsonNode expected = Json.read(Golden.folder("ablation.json")).path(fixture);
        int live = engine.liveTensors();
        try (TransformerModel model = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder(fixture)), Engines.device(), Progress.none());
                TensorOwner owner = engine.owner()) {
            agrees(model, classes ? labelled(fixture) : GoldenData.rows(fixture), owner, expected);
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    @Test
    void aModelWhoseWeightsStayInTheirFilesGivesTheSame() {
        JsonNode expected = Json.read(Golden.folder("ablation.json")).path("llama");
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("llama"));
                TransformerModel model = TransformerModel.loadMapped(
                        engine, ModelBlueprint.read(engine, checkpoint), Engines.device(), DType.F32, Progress.none());
                TensorOwner owner = engine.owner()) {
            agrees(model, GoldenData.rows("llama"), owner, expected);
        }
    }

    private static void agrees(TransformerModel model, TokenizedDataset data, TensorOwner owner, JsonNode expected) {
        AblationTask task = AblationTask.of(model, model.transformer(), data, Position.LAST, owner, 1, Progress.none());
        assertThat(task.remark()).isEmpty();
        for (String factor : List.of("0", "0.25")) {
            AblatedLosses losses = new Ablation(model, model.transformer())
                    .compute(task.data(), task.loss(), Double.parseDouble(factor), Progress.none());
            double[] whole = numbers(expected.path("whole"));
            assertThat(losses.whole()).containsExactly(whole, within(2e-4));
            double units = losses.tokens() == null
                    ? data.size()
                    : Arrays.stream(losses.tokens()).sum();
            assertThat(losses.loss()).isCloseTo(Arrays.stream(whole).sum() / units, within(1e-5));
            LayerImportance importance = losses.importance();
            assertThat(importance.layers()).isEqualTo(expected.path(factor).size());
            for (int layer = 0; layer < importance.layers(); layer++) {
                double[] ablated = numbers(expected.path(factor).path(layer));
                assertThat(losses.ablated()[layer]).containsExactly(ablated, within(2e-4));
                double difference = IntStream.range(0, whole.length)
                        .mapToDouble(row -> ablated[row] - whole[row])
                        .sum();
                assertThat(importance.of(layer).orElseThrow()).isCloseTo(difference / units, within(1e-5));
            }
        }
    }

    private static double[] numbers(JsonNode list) {
        return IntStream.range(0, list.size())
                .mapToDouble(i -> list.path(i).asDouble())
                .toArray();
    }

    private static TokenizedDataset labelled(String fixture) {
        TokenizedDataset rows = GoldenData.rows(fixture);
        try (SafetensorsFile golden =
                SafetensorsFile.open(Golden.folder(fixture).resolve("golden.safetensors"))) {
            int[] labels = Arrays.stream(Golden.longs(golden, "labels"))
                    .mapToInt(Math::toIntExact)
                    .toArray();
            return new TokenizedDataset(
                    fixture, rows.rows(), new Labels.Classes(labels, List.of()), 0, rows.maxLength());
        }
    }

    @Test
    void increasesAreMeansOfRowsWeightedByTokens() {
        AblatedLosses losses =
                new AblatedLosses(new double[] {2, 4}, new double[][] {{5, 4}, {1, 2}}, new double[] {1, 3});
        assertThat(losses.loss()).isEqualTo(6.0 / 4);
        assertThat(losses.importance().of(0)).hasValue(3.0 / 4);
        assertThat(losses.importance().of(1)).hasValue(-3.0 / 4);
        assertThat(losses.increases()).isDeepEqualTo(new double[][] {{3, -1}, {0, -2.0 / 3}});
    }

    @Test
    void aLayerWithoutWhichTheLossIsInfiniteIsUndefined() {
        LayerImportance importance = new AblatedLosses(
                        new double[] {1}, new double[][] {{Double.POSITIVE_INFINITY}, {2}}, null)
                .importance();
        assertThat(importance.of(0)).isEmpty();
        assertThat(importance.reason(0)).isPresent();
        assertThat(importance.ranking(UndefinedLayers.EXCLUDE)).containsExactly(1);
    }

    @Test
    void aHeadThatNobodyTrainedIsFittedToHalfOfTheRows() {
        int live = engine.liveTensors();
        try (TransformerModel model = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none());
                TensorOwner owner = engine.owner()) {
            TokenizedDataset data = many("llama", 40);
            AblationTask task =
                    AblationTask.of(model, model.transformer(), data, Position.MEAN, owner, 3, Progress.none());
            assertThat(task.data().size()).isEqualTo(20);
            assertThat(task.remark()).hasValueSatisfying(remark -> assertThat(remark)
                    .contains("no trained head", "mean over the tokens", "fitted to 20 rows", "other 20 rows"));
            AblatedLosses losses =
                    new Ablation(model, model.transformer()).compute(task.data(), task.loss(), 0, Progress.none());
            // the classes follow from the tokens of the rows, so that a linear map can tell them
            assertThat(losses.loss()).isLessThan(0.9 * Math.log(2));
            assertThat(losses.tokens()).isNull();
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    @Test
    void fewRowsFitNoHead() {
        try (TransformerModel model = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none());
                TensorOwner owner = engine.owner()) {
            assertThatThrownBy(() -> AblationTask.of(
                            model, model.transformer(), many("llama", 15), Position.LAST, owner, 3, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("15 rows are too few")
                    .hasMessageContaining("at least 16");
        }
    }

    /** Rows of 2 to 9 tokens whose class is that of their tokens: odd or even. */
    private static TokenizedDataset many(String fixture, int rows) {
        int[] classes = IntStream.range(0, rows).map(row -> row % 2).toArray();
        return new TokenizedDataset(
                fixture,
                IntStream.range(0, rows)
                        .mapToObj(row -> new TokenRow(
                                IntStream.range(0, 2 + row % 8)
                                        .mapToLong(at -> 10 + (at * 7L + row * 3L) % 20 * 2 + row % 2)
                                        .toArray(),
                                null))
                        .toList(),
                new Labels.Classes(classes, List.of()),
                0,
                20);
    }

    @Test
    void stopsBetweenTwoLayers() {
        try (TransformerModel model = GoldenBert.model(engine);
                TensorOwner owner = engine.owner()) {
            AblationTask task = AblationTask.of(
                    model, model.transformer(), GoldenBert.data(), Position.FIRST, owner, 1, Progress.none());
            AtomicInteger asked = new AtomicInteger();
            Progress cancelled = CancelledProgress.when(() -> asked.incrementAndGet() > 5);
            int live = engine.liveTensors();
            assertThatThrownBy(() ->
                            new Ablation(model, model.transformer()).compute(task.data(), task.loss(), 0, cancelled))
                    .isInstanceOf(CancelledException.class);
            assertThat(asked.get()).isEqualTo(6);
            assertThat(engine.liveTensors()).isEqualTo(live);
        }
    }
}

package org.layerwise.analysis.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenData;

/** Batches, a layer at a time, against one graph a row, for every kind of layer, head and loss. */
class GradientFamiliesTest {

    private enum Task {
        CLASSES,
        NUMBERS,
        ALL_TOKENS,
        SOME_TOKENS
    }

    private final TensorEngine engine = Engines.shared();

    @ParameterizedTest
    @CsvSource({
        "bert, CLASSES, 20",
        "bert, CLASSES, 5",
        "bert_regression, NUMBERS, 20",
        "distilbert, CLASSES, 7",
        "roberta, CLASSES, 20",
        "deberta_v3, CLASSES, 20",
        "deberta_v2_conv, CLASSES, 20",
        "modernbert_mean, CLASSES, 20",
        "llama, ALL_TOKENS, 20",
        "llama, SOME_TOKENS, 9",
        "llama, CLASSES, 20",
        "llama_seqcls, CLASSES, 20",
        "gemma2, ALL_TOKENS, 20",
        "gpt2, SOME_TOKENS, 20",
        "gpt2, ALL_TOKENS, 4",
        "phi3, ALL_TOKENS, 20",
        "qwen3, SOME_TOKENS, 20"
    })
    void agreesWithOneGraphARow(String fixture, Task kind, int longest) {
        int live = engine.liveTensors();
        try (TransformerModel model = open(fixture);
                TensorOwner owner = engine.owner()) {
            TokenizedDataset data = labelled(fixture, kind, longest, model);
            GradientTask task = GradientTask.of(model, data, owner, 3);
            List<Linear> targets = model.targets(model.allLayers(), model.defaultTargets());
            GradientScores actual = new GradientImportance(model)
                    .compute(
                            data,
                            task.loss(),
                            targets,
                            Set.of(GradientScores.GRADIENT_NORM, GradientScores.FISHER),
                            Long.MAX_VALUE,
                            Progress.none());
            PlainGradients.Result expected = PlainGradients.of(model, data, task.loss(), targets);
            for (int layer = 0; layer < model.config().layers(); layer++) {
                close(Objects.requireNonNull(actual.norms())[layer], expected.norms()[layer]);
                for (int row = 0; row < data.size(); row++) {
                    close(
                            Objects.requireNonNull(actual.squaredNorms())[row][layer],
                            expected.squaredNorms()[row][layer]);
                }
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    private static void close(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, within(1e-4 * expected + 1e-12));
        assertThat(expected).isPositive();
    }

    @Test
    void bfloat16GivesNearlyTheSame() {
        double[] exact = norms(DType.F32);
        double[] rough = norms(DType.BF16);
        for (int layer = 0; layer < exact.length; layer++) {
            assertThat(rough[layer]).isCloseTo(exact[layer], withinPercentage(5));
        }
    }

    private double[] norms(DType type) {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("llama"));
                TransformerModel model = TransformerModel.load(
                        engine, ModelBlueprint.read(engine, checkpoint), Engines.device(), type, Progress.none());
                TensorOwner owner = engine.owner()) {
            TokenizedDataset data = labelled("llama", Task.SOME_TOKENS, 20, model);
            GradientScores scores = new GradientImportance(model)
                    .compute(
                            data,
                            GradientTask.of(model, data, owner, 3).loss(),
                            model.targets(model.allLayers(), model.defaultTargets()),
                            Set.of(GradientScores.GRADIENT_NORM),
                            Long.MAX_VALUE,
                            Progress.none());
            return Objects.requireNonNull(scores.norms());
        }
    }

    @Test
    void aHeadThatTheCheckpointLacksIsSaid() {
        try (TransformerModel model = open("llama");
                TensorOwner owner = engine.owner()) {
            GradientTask task = GradientTask.of(model, labelled("llama", Task.CLASSES, 20, model), owner, 3);
            assertThat(task.remark())
                    .hasValueSatisfying(
                            remark -> assertThat(remark).contains("random").contains("seed 3"));
        }
    }

    @Test
    void anEncoderNeedsLabels() {
        try (TransformerModel model = open("bert");
                TensorOwner owner = engine.owner()) {
            assertThatThrownBy(() -> GradientTask.of(model, GoldenData.rows("bert"), owner, 3))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("name the column of the labels");
        }
    }

    @Test
    void aRowWhoseAnswerWasCutOffIsNamed() {
        try (TransformerModel model = open("llama");
                TensorOwner owner = engine.owner()) {
            TokenizedDataset rows = GoldenData.rows("llama");
            long[][] labels = rows.rows().stream().map(TokenRow::ids).toArray(long[][]::new);
            Arrays.fill(labels[2], Labels.IGNORED);
            TokenizedDataset data =
                    new TokenizedDataset("cut", rows.rows(), new Labels.TokenLabels(labels), 1, rows.maxLength());
            assertThatThrownBy(() -> GradientTask.of(model, data, owner, 3))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("Row 3 of cut");
        }
    }

    private TransformerModel open(String fixture) {
        return TransformerModel.load(
                engine, Checkpoint.open(Golden.folder(fixture)), Engines.device(), Progress.none());
    }

    private static TokenizedDataset labelled(String fixture, Task kind, int longest, TransformerModel model) {
        TokenizedDataset rows = GoldenData.rows(fixture);
        List<TokenRow> cut = rows.rows().stream().map(row -> cut(row, longest)).toList();
        return new TokenizedDataset(
                fixture, cut, labels(kind, cut, model.storedLabels().orElse(3)), 0, longest);
    }

    private static TokenRow cut(TokenRow row, int longest) {
        int length = Math.min(longest, row.length());
        long[] types = row.typeIds();
        return new TokenRow(Arrays.copyOf(row.ids(), length), types == null ? null : Arrays.copyOf(types, length));
    }

    private static Labels labels(Task kind, List<TokenRow> rows, int classes) {
        return switch (kind) {
            case CLASSES ->
                new Labels.Classes(
                        IntStream.range(0, rows.size())
                                .map(row -> row % classes)
                                .toArray(),
                        List.of());
            case NUMBERS ->
                new Labels.Numbers(IntStream.range(0, rows.size())
                        .mapToDouble(row -> row * 0.7)
                        .toArray());
            case ALL_TOKENS -> new Labels.None();
            case SOME_TOKENS ->
                new Labels.TokenLabels(rows.stream()
                        .map(row -> {
                            long[] labels = row.ids();
                            Arrays.fill(labels, 0, labels.length / 2, Labels.IGNORED);
                            return labels;
                        })
                        .toArray(long[][]::new));
        };
    }
}

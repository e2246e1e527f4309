package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.PlainLora;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.Engines;
import org.layerwise.testing.Golden;

/**
 * Rows of which some end in masked end-of-sequence tokens have the numbers of transformers 4.55.4 (eager attention,
 * float32, the same ids and attention mask), whatever rows share their batch.
 */
class MaskedEndsTest {

    private static final long END = 2;
    private static final long[][] IDS = {
        {7, 9, 11, END, END},
        {5, END, 8, 6, 4, 3, 10, 12},
        {6, 8, END},
        {9, 13, 4, END, END, END, END, END, END},
        {4, 12, 9, 7}
    };

    /** The classifier reads the last token that is not masked. */
    private static final float[][] BEFORE_THE_ENDS = {
        {1.195144f, 2.555045f, -0.787734f},
        {-0.992440f, 0.061780f, -0.975002f},
        {1.669708f, -0.238978f, -0.603265f},
        {0.673098f, 1.715585f, -0.332253f},
        {-0.092946f, 2.742641f, -2.550264f}
    };

    /** The classifier reads the last token, masked or not. */
    private static final float[][] AT_THE_ENDS = {
        {1.556285f, 0.987486f, 0.378303f},
        {-0.992440f, 0.061780f, -0.975002f},
        {1.005809f, -1.019748f, -2.714186f},
        {1.034898f, 1.633713f, 0.696623f},
        {-0.092946f, 2.742641f, -2.550264f}
    };

    @TempDir
    Path scratch;

    private static TokenizedDataset rows(Labels labels) {
        List<TokenRow> rows =
                Arrays.stream(IDS).map(ids -> new TokenRow(ids, null)).toList();
        return new TokenizedDataset("rows", rows, labels, 0, 9)
                .with(Set.of(ReferenceCompatibility.EOS_IS_PADDING), END);
    }

    private static Objective.Classification classes() {
        return new Objective.Classification(new Labels.Classes(new int[] {0, 1, 2, 1, 0}, List.of()), 3);
    }

    /** The fixture with another padding token in its configuration; null for none. */
    private TransformerModel classifier(String padding) throws IOException {
        Path folder = Golden.folder("llama_seqcls");
        String config = Files.readString(folder.resolve("config.json"));
        assertThat(config).contains("\"pad_token_id\": 0");
        Files.writeString(
                scratch.resolve("config.json"), config.replace("\"pad_token_id\": 0", "\"pad_token_id\": " + padding));
        Files.copy(folder.resolve("model.safetensors"), scratch.resolve("model.safetensors"));
        return model(scratch);
    }

    private static TransformerModel model(Path folder) {
        return TransformerModel.load(Engines.shared(), Checkpoint.open(folder), Engines.device(), Progress.none());
    }

    private static LoraConfig adapters(TransformerModel base) {
        return PlainLora.config(4, 8, 0, base.defaultTargets(), Set.of(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "2", "0"})
    void aClassifierReadsWhatTransformersReadsInBatchesOfAnySize(String padding) throws IOException {
        float[][] expected = padding.equals("0") ? AT_THE_ENDS : BEFORE_THE_ENDS;
        Objective.Classification objective = classes();
        TokenizedDataset data = rows(objective.labels());
        try (TransformerModel base = classifier(padding);
                AdaptedModel model = AdaptedModel.classifier(base, adapters(base), 3, 1)) {
            for (Integer size : new Integer[] {1, 2, 4, 9, null}) {
                float[][] logits = new Evaluator()
                        .evaluate(model, data, objective, size, Progress.none())
                        .logits();
                for (int row = 0; row < expected.length; row++) {
                    assertThat(logits[row])
                            .as("row %s in batches of %s", row, size)
                            .containsExactly(expected[row], within(1e-5f));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "2", "0"})
    void aTrainingIsTheSameInBatchesOfOneRow(String padding) throws IOException {
        try (TransformerModel base = classifier(padding)) {
            TinyTraining.Heard together = train(base, 5, 1);
            TinyTraining.Heard apart = train(base, 1, 5);
            for (int step = 0; step < 3; step++) {
                assertThat(together.losses.get(step)).isCloseTo(apart.losses.get(step), within(1e-6));
                assertThat(together.norms.get(step)).isCloseTo(apart.norms.get(step), within(1e-5));
            }
        }
    }

    private TinyTraining.Heard train(TransformerModel base, int rows, int accumulate) {
        TinyTraining.Heard heard = new TinyTraining.Heard();
        Objective.Classification objective = classes();
        TrainerSettings settings = TinyTraining.settings(
                3, new TrainerSettings.Grouping(rows, accumulate, false), 0, TrainerSettings.Memory.DEFAULTS);
        try (AdaptedModel model = AdaptedModel.classifier(base, adapters(base), 3, 1)) {
            new Trainer(model, rows(objective.labels()), objective, settings, scratch)
                    .train(null, new PauseSwitch(), Progress.none(), heard, new EpochListener(step -> {}));
        }
        return heard;
    }

    /** A masked token stands before the one that is learnt, in layers with and without a window or a cap. */
    @ParameterizedTest
    @CsvSource({
        "llama, 4.325793, 5.591868, 5.718624, 4.588597, 5.745697",
        "gemma2, 5.405930, 5.916310, 5.039266, 4.221813, 5.648633",
        "gpt2, 5.793838, 7.365758, 7.265700, 4.389662, 6.967374"
    })
    void aLanguageModelHasTheLossesOfTransformersInBatchesOfAnySize(
            String fixture, double first, double second, double third, double fourth, double fifth) {
        Labels.TokenLabels labels = new Labels.TokenLabels(IDS);
        TokenizedDataset data = rows(labels);
        try (TransformerModel base = model(Golden.folder(fixture));
                AdaptedModel model = AdaptedModel.languageModel(base, adapters(base), 1)) {
            for (Integer size : new Integer[] {1, 2, 4, 9, null}) {
                assertThat(new Evaluator()
                                .evaluate(model, data, new Objective.NextTokens(labels), size, Progress.none())
                                .rowLosses())
                        .as("batches of %s", size)
                        .containsExactly(new double[] {first, second, third, fourth, fifth}, within(1e-5));
            }
        }
    }
}

package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.batch.Piece;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.Parameter;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;
import org.layerwise.testing.Optimisers;

/** A training by HuggingFace PEFT, reproduced step by step from its initial adapter. */
class LoraGoldenTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final SafetensorsFile golden =
            SafetensorsFile.open(Golden.folder("lora_bert").resolve("lora_golden.safetensors"));
    private final TransformerModel base = GoldenBert.model(engine);
    private final TokenizedDataset data = GoldenBert.data();
    private final Objective objective = new Objective.Classification((Labels.Classes) data.labels(), 3);

    @AfterEach
    void close() {
        base.close();
        golden.close();
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private AdaptedModel start() {
        return AdaptedModel.load(
                base, PeftAdapter.read(Golden.folder("lora_bert").resolve("adapter_init"), engine), 0);
    }

    private static TrainerSettings settings(int batch, int accumulate) {
        return settings(6, batch, accumulate);
    }

    private static TrainerSettings settings(int steps, int batch, int accumulate) {
        return new TrainerSettings(
                Optimisers.of(0.005, 0.01, 0),
                new TrainerSettings.Schedule(
                        LearningRateScheduler.CONSTANT, 0, steps, LearningRateScheduler.Shape.DEFAULTS),
                new TrainerSettings.Grouping(batch, accumulate, false),
                0,
                ModelConfig.Dropout.NONE,
                TrainerSettings.Memory.DEFAULTS,
                42);
    }

    @Test
    void gradientsOfTheFirstStep() {
        try (AdaptedModel model = start()) {
            try (Scope scope = engine.training()) {
                Batch batch = Batches.byRows(data, model.base().config().rowPadding(), 16)
                        .get(0);
                ModelInput input = model.base().input(batch.tokens());
                Tensor hidden = model.training(ModelConfig.Dropout.NONE).forward(input);
                objective
                        .loss(model.head(), hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE)
                        .backward();
            }
            int compared = 0;
            for (Parameter parameter : model.parameters()) {
                double[] expected = Golden.doubles(golden, goldenName("grad0.", parameter.name()));
                double[] actual;
                try (Scope scope = engine.inference()) {
                    actual = parameter.value().gradient().doubles();
                }
                double difference = 0;
                double norm = 0;
                for (int i = 0; i < expected.length; i++) {
                    difference += Math.pow(actual[i] - expected[i], 2);
                    norm += Math.pow(expected[i], 2);
                }
                assertThat(Math.sqrt(difference))
                        .as(parameter.name())
                        .isLessThanOrEqualTo(1e-5 * Math.sqrt(norm) + 1e-8);
                compared++;
            }
            assertThat(compared).isEqualTo((int) golden.names().stream()
                    .filter(name -> name.startsWith("grad0."))
                    .count());
        }
    }

    /** In memory PEFT calls the adapter "default" and wraps saved modules; in its files it leaves that out. */
    private static String goldenName(String prefix, String name) {
        return prefix
                + name.replace(".lora_A.", ".lora_A.default.")
                        .replace(".lora_B.", ".lora_B.default.")
                        .replace("model.classifier.", "model.classifier.modules_to_save.default.");
    }

    @Test
    void lossesOfAllStepsAndTheModelAfterThem() {
        JsonNode expected = Json.read(Golden.folder("lora_bert").resolve("lora.json"));
        for (TrainerSettings settings : List.of(settings(16, 1), settings(5, 4))) {
            try (AdaptedModel model = start()) {
                assertThat(model.trainableParameters())
                        .isEqualTo(expected.path("trainable").asLong());
                List<Double> losses = new ArrayList<>();
                Trainer.Outcome outcome = new Trainer(model, data, objective, settings, TinyTraining.TEMPORARY)
                        .train(
                                null,
                                new PauseSwitch(),
                                Progress.none(),
                                new TrainingListener() {
                                    @Override
                                    public void step(StepRecord step) {
                                        losses.add(step.loss());
                                    }

                                    @Override
                                    public void evaluated(int step, Evaluation evaluation) {
                                        throw new AssertionError("nothing is evaluated here");
                                    }
                                },
                                new EpochListener(step -> {}));
                Evaluator.Outcome after = new Evaluator().evaluate(model, data, objective, null, Progress.none());
                losses.add(after.evaluation().loss());
                assertThat(outcome.steps()).isEqualTo(6);
                assertThat(losses).hasSize(expected.path("losses").size());
                for (int i = 0; i < losses.size(); i++) {
                    assertThat(losses.get(i))
                            .isCloseTo(expected.path("losses").path(i).asDouble(), within(1e-4));
                }
                double[] logits = Golden.doubles(golden, "logits_after");
                for (int row = 0; row < data.size(); row++) {
                    for (int label = 0; label < 3; label++) {
                        assertThat((double) after.logits()[row][label])
                                .isCloseTo(logits[row * 3 + label], within(1e-4));
                    }
                }
            }
        }
    }

    @Test
    void finalAdapterOfPeftGivesItsLogits() {
        try (AdaptedModel model = AdaptedModel.load(
                base, PeftAdapter.read(Golden.folder("lora_bert").resolve("adapter_final"), engine), 0)) {
            Evaluator.Outcome outcome = new Evaluator().evaluate(model, data, objective, 7, Progress.none());
            double[] logits = Golden.doubles(golden, "logits_after");
            for (int i = 0; i < logits.length; i++) {
                assertThat((double) outcome.logits()[i / 3][i % 3]).isCloseTo(logits[i], within(1e-4));
            }
        }
    }

    @Test
    void fiftyStepsLeaveNothingBehind() {
        try (AdaptedModel model = start()) {
            int before = engine.liveTensors();
            TrainerSettings fifty = new TrainerSettings(
                    Optimisers.of(1e-3, 0.01, 1),
                    new TrainerSettings.Schedule(
                            LearningRateScheduler.LINEAR, 3, 50, LearningRateScheduler.Shape.DEFAULTS),
                    new TrainerSettings.Grouping(4, 2, false),
                    0,
                    new ModelConfig.Dropout(0.1, 0.1, 0.1, 0, 0.1, 0, 0.1),
                    TrainerSettings.Memory.DEFAULTS,
                    42);
            new Trainer(model, data, objective, fifty, TinyTraining.TEMPORARY)
                    .train(
                            null,
                            new PauseSwitch(),
                            Progress.none(),
                            TrainingListener.none(),
                            new EpochListener(step -> {}));
            assertThat(engine.liveTensors()).isEqualTo(before);
        }
    }
}

package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.Parameter;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;
import org.layerwise.testing.Optimisers;

/**
 * A LoRA+ training in PyTorch and PEFT, with a linear schedule with warm-up and clipping, reproduced step by
 * step; and interrupted after every one of its steps.
 */
class LoraPlusTest {

    private static final JsonNode EXPECTED =
            Json.read(Golden.folder("lora_bert_loraplus").resolve("lora.json"));
    private static final int STEPS = EXPECTED.path("steps").asInt();

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final TransformerModel base = GoldenBert.model(engine);
    private final TokenizedDataset data = GoldenBert.data();
    private final Objective objective = new Objective.Classification((Labels.Classes) data.labels(), 3);

    @AfterEach
    void close() {
        base.close();
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private static final TrainerSettings SETTINGS = new TrainerSettings(
            Optimisers.of(0.001, 0.01, 1).with(OptimiserSettings.LORA_PLUS_RATIO, 16.0),
            new TrainerSettings.Schedule(LearningRateScheduler.LINEAR, 1, STEPS, LearningRateScheduler.Shape.DEFAULTS),
            new TrainerSettings.Grouping(16, 1, false),
            0,
            ModelConfig.Dropout.NONE,
            TrainerSettings.Memory.DEFAULTS,
            42);

    private AdaptedModel start() {
        return AdaptedModel.load(
                base, PeftAdapter.read(Golden.folder("lora_bert_loraplus").resolve("adapter_init"), engine), 0);
    }

    private TrainingStep.Taken take(TrainingStep steps, int step) {
        return steps.take(step, List.of(IntStream.range(0, data.size()).toArray()), Progress.none());
    }

    @Test
    void equalsPeftStepByStep() {
        try (AdaptedModel model = start();
                TrainingStep steps = new TrainingStep(model, data, objective, SETTINGS, TinyTraining.TEMPORARY);
                SafetensorsFile golden =
                        SafetensorsFile.open(Golden.folder("lora_bert_loraplus").resolve("lora_golden.safetensors"))) {
            assertThat(model.trainableParameters())
                    .isEqualTo(EXPECTED.path("trainable").asLong());
            for (int step = 0; step < STEPS; step++) {
                TrainingStep.Taken taken = take(steps, step);
                assertThat(taken.loss())
                        .isCloseTo(EXPECTED.path("losses").path(step).asDouble(), within(1e-5));
                assertThat(taken.gradNorm())
                        .isCloseTo(EXPECTED.path("grad_norms").path(step).asDouble(), within(1e-4));
                assertThat(taken.learningRate())
                        .isCloseTo(EXPECTED.path("learning_rates").path(step).asDouble(), within(1e-12));
            }
            Evaluator.Outcome after = new Evaluator().evaluate(model, data, objective, null, Progress.none());
            assertThat(after.evaluation().loss())
                    .isCloseTo(EXPECTED.path("losses").path(STEPS).asDouble(), within(1e-5));
            double[] logits = Golden.doubles(golden, "logits_after");
            for (int i = 0; i < logits.length; i++) {
                assertThat((double) after.logits()[i / 3][i % 3]).isCloseTo(logits[i], within(1e-4));
            }
        }
    }

    @Test
    void goesOnFromItsStateBitForBit() {
        List<Double> whole = new ArrayList<>();
        try (AdaptedModel model = start();
                TrainingStep steps = new TrainingStep(model, data, objective, SETTINGS, TinyTraining.TEMPORARY)) {
            for (int step = 0; step < STEPS; step++) {
                whole.add(take(steps, step).loss());
            }
        }
        List<Double> interrupted = new ArrayList<>();
        try (AdaptedModel model = start()) {
            OptimiserState state = null;
            for (int step = 0; step < STEPS; step++) {
                try (TrainingStep steps = new TrainingStep(model, data, objective, SETTINGS, TinyTraining.TEMPORARY)) {
                    if (state != null) {
                        steps.restore(state);
                    }
                    interrupted.add(take(steps, step).loss());
                    state = steps.state();
                }
            }
        }
        assertThat(interrupted).isEqualTo(whole);
    }

    @Test
    void onlyBLearnsFaster() {
        try (AdaptedModel model = start();
                TrainingStep steps = new TrainingStep(model, data, objective, SETTINGS, TinyTraining.TEMPORARY)) {
            take(steps, 0); // at rate 0
            List<double[]> before = values(model);
            take(steps, 1);
            List<double[]> after = values(model);
            for (int i = 0; i < before.size(); i++) {
                String name = model.parameters().get(i).name();
                double largest = 0;
                for (int k = 0; k < before.get(i).length; k++) {
                    largest = Math.max(largest, Math.abs(after.get(i)[k] - before.get(i)[k]));
                }
                // with one gradient seen twice, Adam moves by about the rate
                double rate = name.contains("lora_B") ? 0.016 : 0.001;
                assertThat(largest).as(name).isBetween(0.5 * rate, 1.1 * rate);
            }
        }
    }

    private List<double[]> values(AdaptedModel model) {
        try (Scope scope = engine.inference()) {
            return model.parameters().stream()
                    .map(Parameter::value)
                    .map(value -> value.doubles())
                    .toList();
        }
    }
}

package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.batch.Piece;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.AdvancedLoraConfig;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.Parameter;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Gradients of parts of a model are those of the whole, bit for bit, however little of it is kept. */
class MicroBatchGradientTest {

    private static final TrainerSettings.Memory CHECKPOINTING = new TrainerSettings.Memory(true, 0);

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    /** A loss and the gradient of every parameter. */
    private record Gradients(double loss, Map<String, float[]> values) {}

    private Gradients collected(AdaptedModel model, double loss) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (Scope scope = engine.inference()) {
            for (Parameter parameter : model.parameters()) {
                values.put(parameter.name(), parameter.value().gradient().floats());
                parameter.value().zeroGradient();
            }
        }
        return new Gradients(loss, values);
    }

    /** In one graph from the embeddings on, as it is done in books. */
    private Gradients whole(TinyTraining training, AdaptedModel model, Batch batch) {
        try (Scope scope = engine.training()) {
            ModelInput input = training.base.input(batch.tokens());
            Tensor hidden = model.trainingHead()
                    .feeding(model.training(ModelConfig.Dropout.NONE))
                    .forward(input);
            Tensor loss = training.objective.loss(
                    model.trainingHead(), hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE);
            loss.backward();
            return collected(model, loss.item());
        }
    }

    private Gradients inParts(
            TinyTraining training, AdaptedModel model, Batch batch, double dropout, TrainerSettings.Memory memory) {
        TrainerSettings settings =
                TinyTraining.settings(9, new TrainerSettings.Grouping(batch.rows().length, 1, false), dropout, memory);
        try (Scope scope = engine.inference();
                StepGradient gradient =
                        new StepGradient(model, training.data, training.objective, settings, TinyTraining.TEMPORARY)) {
            StepGradient.Unread unread = gradient.add(List.of(batch.rows()), 2, 1, Progress.none());
            return collected(model, unread.with(engine.items(unread.losses())).loss());
        }
    }

    private static void assertSame(Gradients actual, Gradients expected) {
        assertSame(actual, expected, 0);
    }

    private static void assertSame(Gradients actual, Gradients expected, float tolerance) {
        assertThat(actual.loss()).isEqualTo(expected.loss());
        assertThat(actual.values().keySet()).isEqualTo(expected.values().keySet());
        expected.values()
                .forEach((name, values) ->
                        assertThat(actual.values().get(name)).as(name).containsExactly(values, within(tolerance)));
        assertThat(expected.values().values()).anyMatch(values -> {
            double sum = 0;
            for (float value : values) {
                sum += Math.abs(value);
            }
            return sum > 1e-4;
        });
    }

    @ParameterizedTest
    @CsvSource({
        "bert, 2",
        "deberta_v3, 1",
        "deberta_v2_conv, 1",
        "modernbert, 2",
        "gpt2, 3",
        "llama, 0",
        "llama_seqcls, 1",
        "gemma2, 2",
        "mistral_window, 1",
        "llava, 2"
    })
    void partsGiveWhatTheWholeGives(String fixture, int lowest) {
        try (TinyTraining training = new TinyTraining(engine, fixture, DType.F32)) {
            int top = training.base.config().layers() - 1;
            Set<Integer> layers = new TreeSet<>(Set.of(lowest));
            layers.add(top);
            Batch batch = Batches.byRows(training.data, training.base.config().rowPadding(), 6)
                    .get(0);
            try (AdaptedModel model = training.adapted(0, layers)) {
                Gradients whole = whole(training, model, batch);
                assertSame(inParts(training, model, batch, 0, TrainerSettings.Memory.DEFAULTS), whole);
                assertSame(inParts(training, model, batch, 0, CHECKPOINTING), whole);
            }
            try (AdaptedModel model = training.adapted(0.2, layers)) {
                Gradients dropping = inParts(training, model, batch, 0.1, TrainerSettings.Memory.DEFAULTS);
                assertThat(dropping.loss())
                        .isNotEqualTo(whole(training, model, batch).loss());
                assertSame(inParts(training, model, batch, 0.1, CHECKPOINTING), dropping);
            }
        }
    }

    /** DeBERTa's layers share their table of positions, whose gradient is summed in another order. */
    @ParameterizedTest
    @CsvSource({"bert, 0", "deberta_v3, 1e-7"})
    void whatIsTrainedBelowTheLayersHasItsGradient(String fixture, float tolerance) {
        try (TinyTraining training = new TinyTraining(engine, fixture, DType.F32)) {
            LoraConfig config = new LoraConfig(
                    4,
                    8,
                    0.1,
                    training.base.defaultTargets(),
                    new TreeSet<>(Set.of(1, 2)),
                    LoraVariant.PLAIN,
                    Bias.ALL,
                    Map.of(),
                    Map.of(),
                    List.of(),
                    AdvancedLoraConfig.DEFAULTS);
            Batch batch = Batches.byRows(training.data, training.base.config().rowPadding(), 6)
                    .get(0);
            try (AdaptedModel model = training.adapted(config)) {
                Gradients usual = inParts(training, model, batch, 0.1, TrainerSettings.Memory.DEFAULTS);
                assertThat(usual.values().keySet()).anyMatch(name -> name.contains("embeddings"));
                assertSame(inParts(training, model, batch, 0.1, CHECKPOINTING), usual, tolerance);
            }
        }
    }

    @Test
    void frozenLayersRecordNothing() {
        try (TinyTraining training = new TinyTraining(engine, "bert", DType.F32);
                AdaptedModel model = training.adapted(0, Set.of(2, 3))) {
            FrozenPrefix prefix = new FrozenPrefix(
                    engine, model.training(ModelConfig.Dropout.NONE), model.lowestTrainedLayer(), training.data);
            Batch batch = Batches.byRows(training.data, training.base.config().rowPadding(), 4)
                    .get(0);
            try (Scope scope = engine.training()) {
                ModelInput input = training.base.input(batch.tokens());
                DropoutRandom draws = new DropoutRandom(engine, 4, 42, 0, 0);
                Tensor below = prefix.of(Piece.of(batch), input, draws, Progress.none());
                assertThat(prefix.lowest()).isEqualTo(2);
                assertThat(below.requiresGradient()).isFalse();
                assertThat(model.transformer().layer(2, below, input).requiresGradient())
                        .isTrue();
            }
        }
    }
}

package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.CancelledProgress;

/** What frozen layers give is kept without anybody noticing it in the losses. */
class PrefixCacheTest {

    private static final long MEMORY = 1 << 20;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    private static TrainerSettings settings(int steps, boolean checkpointing, long cacheBytes) {
        return TinyTraining.settings(
                steps,
                new TrainerSettings.Grouping(3, 2, false),
                0,
                new TrainerSettings.Memory(checkpointing, cacheBytes));
    }

    /** The bytes of half of the rows, so that the other half is in the file. */
    private static long half(TinyTraining training) {
        long tokens =
                training.data.rows().stream().mapToLong(row -> row.length()).sum();
        return tokens
                * training.base.config().hiddenSize()
                * training.base.transformer().type().bytes()
                / 2;
    }

    @ParameterizedTest
    @CsvSource({
        "bert, F32, 1e-6",
        "deberta_v3, F32, 1e-6",
        "modernbert, F32, 1e-6",
        "llama, F32, 1e-6",
        "llama_seqcls, F32, 1e-6",
        "gemma2, F32, 1e-6",
        "mistral_window, F32, 1e-6",
        "gpt2, F32, 1e-6",
        "llava, F32, 1e-6",
        "bert, BF16, 1e-3",
        "llama, BF16, 1e-3"
    })
    void lossesAreTheSame(String fixture, DType type, double tolerance) {
        try (TinyTraining training = new TinyTraining(engine, fixture, type)) {
            int perEpoch = settings(1, false, 0).batches().stepsPerEpoch(training.data.size());
            int steps = 3 * perEpoch + 1;
            Set<Integer> layers = Set.of(training.base.config().layers() - 1, 1);
            TinyTraining.Heard plain = training.train(settings(steps, false, 0), 0.1, layers, folder);
            assertThat(plain.losses).hasSize(steps);
            assertThat(plain.remarks).isEmpty();
            for (long bytes : new long[] {MEMORY, half(training), 1}) {
                TinyTraining.Heard cached = training.train(settings(steps, false, bytes), 0.1, layers, folder);
                assertThat(cached.remarks)
                        .singleElement()
                        .asString()
                        .startsWith("The outputs of the layers below layer 1 are kept");
                for (int i = 0; i < steps; i++) {
                    assertThat(cached.losses.get(i))
                            .as("step %d with %d bytes", i + 1, bytes)
                            .isCloseTo(plain.losses.get(i), within(i < perEpoch ? tolerance / 10 : tolerance));
                }
            }
        }
    }

    @Test
    void layersComputedAgainBeginAtTheCache() {
        try (TinyTraining training = new TinyTraining(engine, "bert", DType.F32)) {
            TinyTraining.Heard cached = training.train(settings(20, false, MEMORY), 0.1, Set.of(2, 3), folder);
            TinyTraining.Heard both = training.train(settings(20, true, MEMORY), 0.1, Set.of(2, 3), folder);
            assertThat(both.losses).isEqualTo(cached.losses);
            assertThat(both.norms).isEqualTo(cached.norms);
        }
    }

    /** Keeps the state after every step. */
    private static final class Kept implements TrainerCallback {

        private final List<TrainerState> states = new ArrayList<>();

        @Override
        public boolean after(Place place, Supplier<TrainerState> state) {
            states.add(state.get());
            return true;
        }

        @Override
        public void cancelled(Supplier<TrainerState> state) {
            throw new AssertionError("nobody cancels");
        }

        @Override
        public Optional<Path> lastCheckpoint() {
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @CsvSource({"bert, false", "bert, true", "gpt2, false"})
    void aResumedTrainingHasTheLossesThatItWouldHaveHad(String fixture, boolean byLength) {
        try (TinyTraining training = new TinyTraining(engine, fixture, DType.F32)) {
            TrainerSettings settings = TinyTraining.settings(
                    18,
                    new TrainerSettings.Grouping(3, 1, byLength),
                    0,
                    new TrainerSettings.Memory(false, half(training)));
            Kept kept = new Kept();
            TinyTraining.Heard whole = new TinyTraining.Heard();
            try (AdaptedModel model = training.adapted(0.1, Set.of(1, 2))) {
                new Trainer(model, training.data, training.objective, settings, folder)
                        .train(null, new PauseSwitch(), Progress.none(), whole, kept);
            }
            for (int from : new int[] {1, 5, 13}) {
                TinyTraining.Heard rest = new TinyTraining.Heard();
                try (AdaptedModel model = training.adapted(0.1, Set.of(1, 2))) {
                    new Trainer(model, training.data, training.objective, settings, folder)
                            .train(kept.states.get(from - 1), new PauseSwitch(), Progress.none(), rest, new Kept());
                }
                assertThat(rest.losses).isEqualTo(whole.losses.subList(from, 18));
                assertThat(rest.norms).isEqualTo(whole.norms.subList(from, 18));
            }
        }
    }

    @Test
    void rowsComeBackExactly() {
        int[] lengths = {3, 1, 4, 2};
        for (DType type : List.of(DType.F32, DType.BF16, DType.F16)) {
            // room for the first two rows only
            long bytes = 4L * 5 * type.bytes();
            try (HiddenStateStore store = new HiddenStateStore(engine, lengths, bytes, folder);
                    Scope scope = engine.inference()) {
                Tensor hidden = engine.of(numbers(4 * 4 * 5), 4, 4, 5).cast(type);
                store.put(new int[] {1, 0}, hidden.slice(0, 0, 2));
                assertThat(store.has(2)).isFalse();
                store.put(new int[] {3, 2}, hidden.slice(0, 2, 4));
                assertThat(store.has(2)).isTrue();
                float[] back = store.padded(new int[] {2, 1, 3, 0}, 6, type, Engines.device(), 5)
                        .floats();
                float[] all = hidden.floats();
                int[] placeOfRow = {1, 0, 3, 2};
                int[] asked = {2, 1, 3, 0};
                for (int i = 0; i < asked.length; i++) {
                    for (int token = 0; token < 6; token++) {
                        for (int k = 0; k < 5; k++) {
                            float expected =
                                    token < lengths[asked[i]] ? all[(placeOfRow[asked[i]] * 4 + token) * 5 + k] : 0;
                            assertThat(back[(i * 6 + token) * 5 + k]).isEqualTo(expected);
                        }
                    }
                }
            }
        }
    }

    private static float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = 1 + i / 7f;
        }
        return numbers;
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() {
        Path missing = folder.resolve("missing");
        try (HiddenStateStore store = new HiddenStateStore(engine, new int[] {2}, 0, missing);
                Scope scope = engine.inference()) {
            assertThatThrownBy(() -> store.put(new int[] {0}, engine.zeros(DType.F32, Engines.device(), 1, 2, 3)))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(missing.toString());
        }
    }

    @Test
    void itIsNotUsedWhereItWouldChangeLossesOrHelpNobody() {
        try (TinyTraining training = new TinyTraining(engine, "bert", DType.F32)) {
            assertThat(remark(training, settings(30, false, MEMORY), Set.of(0, 3)))
                    .isEqualTo(
                            "The prefix cache is not used, since there is no frozen layer below the lowest one that is"
                                    + " trained.");
            assertThat(remark(training, settings(2, false, MEMORY), Set.of(2)))
                    .isEqualTo("The prefix cache is not used, since no row is seen twice.");
            TrainerSettings dropping = TinyTraining.settings(
                    30, new TrainerSettings.Grouping(3, 2, false), 0.1, new TrainerSettings.Memory(false, MEMORY));
            assertThat(remark(training, dropping, Set.of(2)))
                    .isEqualTo(
                            "The prefix cache is not used, since the model's own dropout changes the layers from epoch"
                                    + " to epoch (--model-dropout 0 turns it off).");
        }
    }

    private String remark(TinyTraining training, TrainerSettings settings, Set<Integer> layers) {
        try (AdaptedModel model = training.adapted(0, layers);
                TrainingStep steps = new TrainingStep(model, training.data, training.objective, settings, folder)) {
            return steps.remark().orElseThrow();
        }
    }

    @Test
    void dropoutOfTheHeadIsNoMatter() {
        try (TinyTraining training = new TinyTraining(engine, "bert", DType.F32)) {
            TrainerSettings usual = settings(20, false, MEMORY);
            TrainerSettings dropping = new TrainerSettings(
                    usual.optimiser(),
                    usual.schedule(),
                    usual.batches(),
                    0,
                    new ModelConfig.Dropout(0, 0, 0, 0, 0, 0.1, 0.1),
                    usual.memory(),
                    42);
            assertThat(training.train(dropping, 0, Set.of(2), folder).remarks)
                    .singleElement()
                    .asString()
                    .startsWith("The outputs of the layers below layer 2 are kept");
        }
    }

    @Test
    void fillingItCanBeCancelled() {
        try (TinyTraining training = new TinyTraining(engine, "bert", DType.F32);
                AdaptedModel model = training.adapted(0, Set.of(2));
                TrainingStep steps = new TrainingStep(
                        model, training.data, training.objective, settings(20, false, MEMORY), folder)) {
            Progress cancelled = CancelledProgress.when(() -> true);
            assertThatThrownBy(() -> steps.take(0, steps.batches(0).subList(0, 2), cancelled))
                    .isInstanceOf(CancelledException.class);
            assertThat(steps.take(0, steps.batches(0).subList(0, 2), Progress.none())
                            .loss())
                    .isPositive();
        }
    }
}

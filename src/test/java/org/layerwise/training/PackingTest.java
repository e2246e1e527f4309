package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.batch.Piece;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.AdvancedLoraConfig;
import org.layerwise.lora.Bias;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.Parameter;
import org.layerwise.lora.PlainLora;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** Rows that lie side by side have the losses and gradients that they have in a padded batch. */
class PackingTest {

    /** Twelve rows of 4 to 14 tokens, more than the windows of the fixtures; some have one length, one hides a token. */
    private static final TokenizedDataset ROWS = rows();

    private static final Objective OBJECTIVE = new Objective.NextTokens((Labels.TokenLabels) ROWS.labels());

    private static final SortedSet<Integer> LAYERS = new TreeSet<>(Set.of(0, 1));

    @TempDir
    Path scratch;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private static TokenizedDataset rows() {
        long[][] ids = IntStream.range(0, 12)
                .mapToObj(row -> LongStream.range(0, 4 + row * 3 % 11 / 2 * 2)
                        .map(token -> (row * 7 + token * token * 5) % 40 + 3)
                        .toArray())
                .toArray(long[][]::new);
        List<TokenRow> rows = new ArrayList<>();
        Arrays.stream(ids).forEach(row -> rows.add(new TokenRow(row, null)));
        long[] shown = new long[ids[3].length];
        Arrays.fill(shown, 1);
        shown[2] = 0;
        rows.set(3, new TokenRow(ids[3], null, shown));
        return new TokenizedDataset("rows", rows, new Labels.TokenLabels(ids), 0, 14);
    }

    static Stream<String> decoders() {
        try (Stream<Path> files = Files.walk(Golden.folder("."), 3)) {
            return files
                    .filter(file -> file.endsWith("config.json"))
                    .filter(file -> Json.read(file)
                            .path("architectures")
                            .path(0)
                            .asText()
                            .matches(".*(CausalLM|LMHeadModel|ConditionalGeneration)"))
                    .map(file -> Golden.folder(".").relativize(file.getParent()).toString())
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TransformerModel model(String fixture, DType type) {
        return TransformerModel.load(
                engine,
                ModelBlueprint.read(engine, Checkpoint.open(Golden.folder(fixture))),
                Device.CPU,
                type,
                Progress.none());
    }

    /** Returns adapters that change the model, since A has no gradient where B is zero. */
    private AdaptedModel adapted(TransformerModel base, LoraConfig config) {
        AdaptedModel model = AdaptedModel.languageModel(base, config, 3);
        try (Scope scope = engine.inference()) {
            for (Parameter parameter : model.parameters()) {
                if (parameter.name().contains("lora_B")) {
                    Tensor value = parameter.value();
                    float[] values = new float[(int) value.elements()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (i * 37 % 19 - 9) / 100f;
                    }
                    value.addInPlace(engine.of(values, value.shape()).to(value.device()), 1);
                }
            }
        }
        return model;
    }

    private static LoraConfig lora(TransformerModel base) {
        return PlainLora.config(4, 8, 0, base.defaultTargets(), LAYERS);
    }

    private static TrainerSettings settings(int steps, double dropout, TrainerSettings.Memory memory, boolean packed) {
        return TinyTraining.settings(steps, new TrainerSettings.Grouping(6, 2, false, packed), dropout, memory);
    }

    private record Gradients(double loss, long tokens, Map<String, float[]> values) {}

    private Gradients step(AdaptedModel model, TokenizedDataset data, Objective objective, TrainerSettings settings) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (StepGradient gradient = new StepGradient(model, data, objective, settings, scratch);
                Scope scope = engine.inference()) {
            StepGradient.Unread unread = gradient.add(gradient.batches(0), 0, 1, Progress.none());
            StepGradient.Seen seen = unread.with(engine.items(unread.losses()));
            for (Parameter parameter : model.parameters()) {
                values.put(parameter.name(), parameter.value().gradient().floats());
                parameter.value().zeroGradient();
            }
            return new Gradients(seen.loss(), seen.tokens(), values);
        }
    }

    private void assertSame(AdaptedModel model, TrainerSettings.Memory memory, double tolerance) {
        assertSame(model, ROWS, OBJECTIVE, memory, tolerance);
    }

    private void assertSame(
            AdaptedModel model,
            TokenizedDataset data,
            Objective objective,
            TrainerSettings.Memory memory,
            double tolerance) {
        Gradients padded = step(model, data, objective, settings(9, 0, memory, false));
        Gradients packed = step(model, data, objective, settings(9, 0, memory, true));
        assertThat(packed.loss()).isCloseTo(padded.loss(), within(tolerance));
        assertThat(packed.tokens()).isEqualTo(padded.tokens());
        padded.values().forEach((name, values) -> {
            double largest = 0;
            for (float value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(packed.values().get(name)).as(name).containsExactly(values, within((float)
                    (10 * tolerance * Math.max(0.1, largest))));
        });
        assertThat(padded.values().entrySet())
                .anyMatch(entry -> entry.getKey().contains("lora_A") && entry.getValue()[0] != 0);
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void aStepIsThatOfPaddedRows(String fixture) {
        try (TransformerModel base = model(fixture, DType.F32);
                AdaptedModel model = adapted(base, lora(base))) {
            assertSame(model, TrainerSettings.Memory.DEFAULTS, 1e-5);
        }
    }

    static Stream<LoraVariant> variants() {
        return Stream.of(
                new LoraVariant(false, true, Initialisation.random()),
                new LoraVariant(true, false, Initialisation.random()));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void otherVariantsAndTrainedBiasesLearnTheSame(LoraVariant variant) {
        try (TransformerModel base = model("v5/starcoder2", DType.F32);
                AdaptedModel model = adapted(
                        base,
                        new LoraConfig(
                                4,
                                8,
                                0,
                                base.defaultTargets(),
                                LAYERS,
                                variant,
                                Bias.ALL,
                                Map.of(),
                                Map.of(),
                                List.of("lm_head"),
                                AdvancedLoraConfig.DEFAULTS))) {
            assertSame(model, TrainerSettings.Memory.DEFAULTS, 1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({"llama", "v5/gemma4_e"})
    void layersThatAreComputedAgainLearnTheSame(String fixture) {
        try (TransformerModel base = model(fixture, DType.F32);
                AdaptedModel model = adapted(base, lora(base))) {
            assertSame(model, new TrainerSettings.Memory(true, 0), 1e-5);
        }
    }

    @Test
    void expertsWithAdaptersLearnTheSame() {
        try (TransformerModel base = model("v5/mixtral", DType.F32);
                AdaptedModel model = adapted(
                        base,
                        new LoraConfig(
                                4,
                                8,
                                0,
                                base.defaultTargets(),
                                LAYERS,
                                LoraVariant.PLAIN,
                                Bias.NONE,
                                Map.of(),
                                Map.of(),
                                List.of(),
                                new AdvancedLoraConfig(
                                        false,
                                        List.of(),
                                        List.of(),
                                        false,
                                        List.of("experts.gate_up_proj", "experts.down_proj"))))) {
            assertThat(model.parameters())
                    .anyMatch(parameter -> parameter.name().contains("experts"));
            assertSame(model, TrainerSettings.Memory.DEFAULTS, 1e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({"llama", "gemma2", "gpt2"})
    void inBfloat16TheDifferenceIsRounding(String fixture) {
        try (TransformerModel base = model(fixture, DType.BF16);
                AdaptedModel model = adapted(base, lora(base))) {
            assertSame(model, TrainerSettings.Memory.DEFAULTS, 1e-2);
        }
    }

    @Test
    void eachRowSeesItsOwnImage() {
        try (TinyTraining training = new TinyTraining(engine, "llava", DType.F32);
                AdaptedModel model = adapted(training.base, lora(training.base))) {
            long rowsWithOneLength = training.data.rows().stream()
                    .map(TokenRow::length)
                    .distinct()
                    .count();
            assertThat(rowsWithOneLength).isGreaterThan(1);
            assertSame(model, training.data, training.objective, TrainerSettings.Memory.DEFAULTS, 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void noRowSeesAnother(String fixture) {
        try (TransformerModel base = model(fixture, DType.F32)) {
            TokenizedDataset data = rows();
            int[] all = IntStream.range(0, data.size()).toArray();
            Piece piece = Batches.packed(all, data, base.config().rowPadding(), 1000)
                    .findFirst()
                    .orElseThrow();
            List<TokenBatch> batches =
                    piece.batches().stream().map(Batch::tokens).toList();
            int changed = batches.size() / 2;
            List<TokenBatch> others = new ArrayList<>(batches);
            others.set(changed, withFirstRowChanged(batches.get(changed)));
            float[] before = states(base, batches);
            float[] after = states(base, others);
            int width = base.config().hiddenSize();
            int start = width
                    * batches.subList(0, changed).stream()
                            .mapToInt(batch -> batch.ids().length)
                            .sum();
            int end = start + width * batches.get(changed).length();
            // experts multiply the tokens that chose them, and their number decides the last bits
            assertThat(Arrays.copyOf(after, start)).containsExactly(Arrays.copyOf(before, start), within(2e-6f));
            assertThat(Arrays.copyOfRange(after, end, after.length))
                    .containsExactly(Arrays.copyOfRange(before, end, before.length), within(2e-6f));
            assertThat(Arrays.copyOfRange(after, start, end)).isNotEqualTo(Arrays.copyOfRange(before, start, end));
        }
    }

    private static TokenBatch withFirstRowChanged(TokenBatch batch) {
        long[] ids = batch.ids().clone();
        for (int token = 0; token < batch.length(); token++) {
            ids[token] = 3 + (ids[token] + 11) % 40;
        }
        return new TokenBatch(
                batch.size(), batch.length(), ids, batch.typeIds(), batch.mask(), batch.hidesTokens(), null);
    }

    private float[] states(TransformerModel base, List<TokenBatch> batches) {
        try (Scope scope = engine.inference()) {
            ModelInput input = base.sideBySide(batches);
            return base.transformer().forward(input).floats();
        }
    }

    private TinyTraining.Heard train(
            TransformerModel base, TrainerSettings settings, TrainerState from, TrainerCallback course) {
        TinyTraining.Heard heard = new TinyTraining.Heard();
        try (AdaptedModel model = adapted(base, PlainLora.config(4, 8, 0.1, base.defaultTargets(), Set.of(1)))) {
            new Trainer(model, ROWS, OBJECTIVE, settings, scratch)
                    .train(from, new PauseSwitch(), Progress.none(), heard, course);
        }
        return heard;
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0", "0, 1000000", "0, 100"})
    void aResumedTrainingGoesOnToTheLastBit(double dropout, long cache) {
        try (TransformerModel base = model("llama", DType.F32)) {
            TrainerSettings settings = settings(8, dropout, new TrainerSettings.Memory(false, cache), true);
            TinyTraining.Heard whole = train(base, settings, null, new EpochListener(step -> {}));
            AtomicReference<TrainerState> middle = new AtomicReference<>();
            List<Double> losses = new ArrayList<>(train(base, settings, null, new Interrupted(middle::set)).losses);
            losses.addAll(train(base, settings, middle.get(), new EpochListener(step -> {})).losses);
            assertThat(losses).hasSize(8).isEqualTo(whole.losses);
            assertThat(whole.remarks).anyMatch(remark -> remark.startsWith("Packing computes"));
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, 1000000", "llama, 100", "v5/gemma4_e, 1000000"})
    void keptOutputsOfFrozenLayersAreThoseOfPaddedRows(String fixture, long cache) {
        try (TransformerModel base = model(fixture, DType.F32);
                AdaptedModel model = adapted(base, PlainLora.config(4, 8, 0, base.defaultTargets(), Set.of(2, 3)))) {
            assertSame(model, new TrainerSettings.Memory(false, cache), 1e-5);
        }
    }

    private static TokenizedDataset ofLengths(int... lengths) {
        long[][] ids = Arrays.stream(lengths).mapToObj(long[]::new).toArray(long[][]::new);
        return new TokenizedDataset(
                "lengths",
                Arrays.stream(ids).map(row -> new TokenRow(row, null)).toList(),
                new Labels.TokenLabels(ids),
                0,
                20);
    }

    /** Of 20 tokens at most: rows of 10 and 9 (20 cells), of 4 and 3 (8 cells). */
    @Test
    void thePaddingThatIsSavedIsTold() {
        RowPadding padding = new RowPadding(0, Integer.MAX_VALUE);
        PackingGain gain = PackingGain.of(
                ofLengths(4, 10, 3, 9),
                TinyTraining.settings(
                        1, new TrainerSettings.Grouping(4, 1, false, true), 0, TrainerSettings.Memory.DEFAULTS),
                padding,
                20);
        assertThat(gain).isEqualTo(new PackingGain(26, 28));
        assertThat(gain.told())
                .isEqualTo("Packing computes 26 tokens a pass over the rows instead of 28, of which 7 % were padding.");
        assertThat(new PackingGain(3812, 5120).told())
                .isEqualTo(
                        "Packing computes 3,812 tokens a pass over the rows instead of 5,120, of which 26 % were padding.");
        assertThat(PackingGain.of(
                                ofLengths(5, 5, 5), settings(1, 0, TrainerSettings.Memory.DEFAULTS, true), padding, 20)
                        .told())
                .isEqualTo("Packing saves nothing: rows that are computed together have the same length.");
    }
}

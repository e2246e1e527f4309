package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;

/** LoRA-GA as PEFT 0.21.2 computes it with an exact decomposition. */
class LoraGaInitialisationTest {

    private static final long MEMORY = 1 << 30;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    /** Whether the gradients fit into the memory at once, or only those of one layer. */
    @ParameterizedTest
    @ValueSource(longs = {MEMORY, 1})
    void startsFromTheVectorsThatPeftFinds(long memory) {
        try (TransformerModel base = llama();
                AdaptedModel model = AdaptedModel.languageModel(base, llamaConfig("lora-ga", 4, 1, 3), 5)) {
            LoraGaInitialisation.assign(model, llamaRows(), memory, Progress.none());
            assertStart(model, "lora_llama_ga");
        }
    }

    @Test
    void startsAClassifierFromTheVectorsThatPeftFinds() {
        try (TransformerModel base = GoldenBert.model(engine);
                AdaptedModel model = AdaptedModel.classifier(base, bertConfig("rslora+lora-ga"), 3, 5)) {
            LoraGaInitialisation.assign(model, GoldenBert.data(), MEMORY, Progress.none());
            assertStart(model, "lora_bert_ga");
        }
    }

    private void assertStart(AdaptedModel model, String golden) {
        PeftAdapter expected = PeftAdapter.read(Golden.folder(golden).resolve("adapter_init"), engine);
        Map<String, PeftAdapter.HostTensor> actual = model.values();
        Map<String, PeftAdapter.HostTensor> taken =
                model.initial(new BaseModel("base", null)).orElseThrow().tensors();
        assertThat(actual.keySet()).isEqualTo(expected.tensors().keySet());
        expected.tensors().forEach((name, tensor) -> {
            assertThat(actual.get(name).values()).as(name).containsExactly(tensor.values(), within(1e-4f));
            assertThat(taken.get(name).values()).isEqualTo(actual.get(name).values());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora-ga", "rslora+lora-ga", "dora+lora-ga"})
    void theStartIsTheBase(String variant) {
        try (TransformerModel base = llama();
                AdaptedModel plain = AdaptedModel.languageModel(base, llamaConfig("lora", 4, 1, 3), 5);
                AdaptedModel model = AdaptedModel.languageModel(base, llamaConfig(variant, 4, 1, 3), 5)) {
            double[] before = logits(plain);
            assertNear(logits(model), before, 1e-5); // nothing is taken out yet
            LoraGaInitialisation.assign(model, llamaRows(), MEMORY, Progress.none());
            assertNear(logits(model), before, 1e-5);
        }
    }

    @Test
    void whatIsTrainedIsWrittenAsPeftConvertsIt() {
        for (String fixture : List.of("llama", "bert")) {
            Map<String, PeftAdapter.HostTensor> last =
                    read(fixture, "adapter_final").tensors();
            PeftAdapter expected = withHead(read(fixture, "adapter_plain"), last);
            try (TransformerModel base = fixture.equals("bert") ? GoldenBert.model(engine) : llama();
                    AdaptedModel model = AdaptedModel.fromTakenOut(
                            base, plain(read(fixture, "adapter_init")), new Initialisation.LoraGa(), 0)) {
                model.assign(last);
                PeftAdapter written = model.toPeft(new BaseModel("base", null));

                assertThat(written.config().rank()).isEqualTo(expected.config().rank());
                assertThat(written.config().alpha()).isCloseTo(expected.config().alpha(), within(1e-6));
                assertThat(written.config().variant())
                        .isEqualTo(expected.config().variant());
                assertThat(written.tensors().keySet())
                        .isEqualTo(expected.tensors().keySet());
                try (AdaptedModel read = AdaptedModel.load(base, written, 0);
                        AdaptedModel peft = AdaptedModel.load(base, expected, 0)) {
                    double[] trained = logits(model);
                    assertNear(logits(read), trained, 1e-5);
                    assertNear(logits(peft), trained, 1e-4);
                    assertNear(trained, golden(fixture, model), 1e-4);
                }
            }
        }
    }

    /** An adapter that PEFT saved without its start is read to be converted, and computed with in no other way. */
    @Test
    void aStartThatIsNotKnownIsAskedFor() {
        PeftAdapter trained = read("llama", "adapter_final");
        assertThat(trained.config().variant().id()).isEqualTo("lora-ga");
        try (TransformerModel base = llama()) {
            assertThatThrownBy(() -> AdaptedModel.load(base, trained, 0))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("was trained by LoRA-GA, whose start is not in its files")
                    .hasMessageContaining("convert-adapter --initial");
            PeftAdapter start = plain(read("llama", "adapter_init"));
            PeftAdapter converted = PlainLoraConversion.of(trained, start);
            try (AdaptedModel model = AdaptedModel.load(base, converted, 0)) {
                assertNear(logits(model), golden("llama", model), 1e-4);
            }
            assertThatThrownBy(() -> PlainLoraConversion.of(converted, start))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("is plain LoRA already, of twice the rank");
            assertThatThrownBy(() -> AdaptedModel.fromTakenOut(base, converted, new Initialisation.LoraGa(), 0))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("the rows of A would be orthonormal");
        }
    }

    @Test
    void whatPeftCannotStartIsRefused() {
        try (TransformerModel base = llama();
                AdaptedModel wide = AdaptedModel.languageModel(base, llamaConfig("lora-ga", 13, 1), 5)) {
            assertThatThrownBy(() -> LoraGaInitialisation.assign(wide, llamaRows(), MEMORY, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("LoRA-GA needs a rank of at most 12 for model.layers.1.self_attn.k_proj");
        }
        try (TransformerModel base = TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("gpt2")), Engines.device(), Progress.none())) {
            LoraConfig config = config("lora-ga", 2, List.of("c_attn"), 0);
            assertThatThrownBy(() -> AdaptedModel.languageModel(base, config, 5))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("PEFT scales LoRA-GA by their inputs");
        }
        try (TransformerModel base = llama();
                AdaptedModel head = AdaptedModel.languageModel(
                        base, config("lora-ga", 2, List.of("q_proj", "lm_head"), 0, 1, 2, 3), 5)) {
            assertThatThrownBy(() -> LoraGaInitialisation.assign(head, llamaRows(), MEMORY, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("lm_head is in none");
        }
        for (String words : List.of("lora-ga+pissa", "eva+lora-ga", "lora-ga+miss")) {
            assertThatThrownBy(() -> LoraVariant.of(words)).isInstanceOf(UserException.class);
        }
    }

    @Test
    void stopsWhereverItIsTold() {
        try (TransformerModel base = llama();
                AdaptedModel model = AdaptedModel.languageModel(base, llamaConfig("lora-ga", 4, 1, 3), 5)) {
            for (int times : new int[] {0, 1, 9, 40, 90}) {
                AtomicInteger left = new AtomicInteger(times);
                assertThatThrownBy(() -> LoraGaInitialisation.assign(
                                model, llamaRows(), MEMORY, CancelledProgress.when(() -> left.getAndDecrement() <= 0)))
                        .isInstanceOf(CancelledException.class);
            }
        }
    }

    private double[] logits(AdaptedModel model) {
        String inputs = model.labels().isPresent() ? "lora_inputs_bert" : "lora_inputs_llama";
        try (SafetensorsFile file = SafetensorsFile.open(Golden.folder(inputs + ".safetensors"));
                Scope scope = engine.inference()) {
            ModelInput input = model.base().input(Golden.batch(file));
            Tensor hidden = model.transformer().forward(input);
            Tensor logits = model.head() instanceof ClassificationHead classifier
                    ? classifier.logits(hidden, input, ModelConfig.Dropout.NONE)
                    : ((LanguageModelHead) model.head()).logits(hidden);
            return ofTokens(logits.contiguous().doubles(), Math.toIntExact(logits.size(-1)), file, model);
        }
    }

    /** Returns the logits of the tokens that are no padding; all of a classifier. */
    private static double[] ofTokens(double[] logits, int width, SafetensorsFile inputs, AdaptedModel model) {
        if (model.labels().isPresent()) {
            return logits;
        }
        long[] mask = Golden.longs(inputs, "attention_mask");
        return IntStream.range(0, logits.length)
                .filter(at -> mask[at / width] == 1)
                .mapToDouble(at -> logits[at])
                .toArray();
    }

    // AssertJ says all differences, of which there may be thousands
    private static void assertNear(double[] actual, double[] expected, double tolerance) {
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
        }
        assertThat(largest).isLessThan(tolerance);
    }

    /** Returns PEFT's logits of the first rows. */
    private static double[] golden(String fixture, AdaptedModel model) {
        Path file = Golden.folder("lora_%s_ga".formatted(fixture)).resolve("lora_golden.safetensors");
        Path inputs = Golden.folder("lora_inputs_%s.safetensors".formatted(fixture));
        try (SafetensorsFile golden = SafetensorsFile.open(file);
                SafetensorsFile rows = SafetensorsFile.open(inputs)) {
            long[] shape = golden.entry("logits_after").shape();
            return ofTokens(Golden.doubles(golden, "logits_after"), (int) shape[shape.length - 1], rows, model);
        }
    }

    private PeftAdapter read(String fixture, String name) {
        return PeftAdapter.read(Golden.folder("lora_%s_ga".formatted(fixture)).resolve(name), engine);
    }

    /** Returns what PEFT converted with the trained classifier, which its conversion loses. */
    private static PeftAdapter withHead(PeftAdapter converted, Map<String, PeftAdapter.HostTensor> trained) {
        Map<String, PeftAdapter.HostTensor> tensors = new HashMap<>(converted.tensors());
        trained.forEach((name, tensor) -> {
            if (name.contains(".classifier.")) {
                tensors.put(name, tensor);
            }
        });
        return new PeftAdapter(
                converted.origin(),
                converted.config(),
                converted.taskType(),
                converted.modulesToSave(),
                converted.base(),
                tensors);
    }

    /** Returns a start as it is kept: as plain LoRA. */
    private static PeftAdapter plain(PeftAdapter start) {
        return start.withVariant(start.config().variant().plainStart());
    }

    private static LoraConfig llamaConfig(String variant, int rank, Integer... layers) {
        return config(
                variant,
                rank,
                List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
                layers);
    }

    private static LoraConfig bertConfig(String variant) {
        return config(variant, 3, List.of("query", "value", "attention.output.dense", "intermediate.dense"), 0, 2);
    }

    private static LoraConfig config(String variant, int rank, List<String> targets, Integer... layers) {
        return new LoraConfig(
                rank,
                6,
                0,
                targets,
                new TreeSet<>(List.of(layers)),
                LoraVariant.of(variant),
                Bias.NONE,
                Map.of(),
                Map.of(),
                List.of(),
                AdvancedLoraConfig.DEFAULTS);
    }

    private TransformerModel llama() {
        return TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none());
    }

    /** Returns rows with the labels of the fixture, the first tokens of which count for nothing. */
    private static TokenizedDataset llamaRows() {
        try (SafetensorsFile inputs = SafetensorsFile.open(Golden.folder("lora_inputs_llama.safetensors"))) {
            TokenBatch batch = Golden.batch(inputs);
            long[] labels = Golden.longs(inputs, "labels");
            List<TokenRow> rows = new ArrayList<>();
            long[][] learnt = new long[batch.size()][];
            for (int row = 0; row < batch.size(); row++) {
                int start = row * batch.length();
                int length = (int) Arrays.stream(batch.mask(), start, start + batch.length())
                        .sum();
                rows.add(new TokenRow(Arrays.copyOfRange(batch.ids(), start, start + length), null, null));
                learnt[row] = Arrays.copyOfRange(labels, start, start + length);
            }
            return new TokenizedDataset("rows", rows, new Labels.TokenLabels(learnt), 0, batch.length());
        }
    }
}

package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** MiSS as PEFT 0.21.2 has it; its trainings are in {@code AdapterGoldenTest}. */
class MissTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void itsPlainLoraIsWhatPeftMakesOfIt() {
        PeftAdapter miss = read("llama");
        PeftAdapter plain = plain(miss, "llama");

        try (SafetensorsFile expected =
                SafetensorsFile.open(Golden.folder("lora_llama_miss").resolve("converted.safetensors"))) {
            assertThat(plain.tensors().keySet()).containsExactlyInAnyOrderElementsOf(expected.names());
            plain.tensors().forEach((name, tensor) -> {
                assertThat(tensor.shape())
                        .as(name)
                        .isEqualTo(expected.entry(name).shape());
                assertThat(Golden.doubles(expected, name)).as(name).containsExactly(doubles(tensor.values()));
            });
        }
        assertThat(plain.config().variant()).isEqualTo(LoraVariant.PLAIN);
        assertThat(plain.config().scale(4, plain.config().alpha())).isEqualTo(1);
        assertThat(plain.config().layers()).isEqualTo(miss.config().layers());
    }

    /** The rank of this adapter, 5, does not divide the widths of its inputs. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "llama"})
    void itsPlainLoraComputesTheSame(String fixture) {
        PeftAdapter miss = read(fixture);
        try (SafetensorsFile inputs =
                        SafetensorsFile.open(Golden.folder("lora_inputs_%s.safetensors".formatted(fixture)));
                TransformerModel base = base(fixture, DType.F32);
                AdaptedModel first = AdaptedModel.load(base, miss, 0);
                AdaptedModel second = AdaptedModel.load(base, plain(miss, fixture), 0)) {
            TokenBatch batch = Golden.batch(inputs);
            assertThat(hidden(second, batch)).containsExactly(hidden(first, batch), within(1e-5));
            assertThat(second.labels()).isEqualTo(first.labels());
        }
    }

    /** In 16 bits the shards are added up as libtorch adds, and the result is near that in 32 bits. */
    @Test
    void computesIn16Bits() {
        try (SafetensorsFile inputs = SafetensorsFile.open(Golden.folder("lora_inputs_bert.safetensors"));
                TransformerModel exact = base("bert", DType.F32);
                TransformerModel half = base("bert", DType.BF16);
                AdaptedModel one = AdaptedModel.load(exact, read("bert"), 0);
                AdaptedModel other = AdaptedModel.load(half, read("bert"), 0)) {
            TokenBatch batch = Golden.batch(inputs);
            double[] expected = hidden(one, batch);
            assertThat(hidden(other, batch)).containsExactly(expected, within(0.15));
            assertThat(other.parameters())
                    .allMatch(parameter -> parameter.value().dtype() == DType.F32);
        }
    }

    /** With the sum over each shard written out in float64. */
    @ParameterizedTest
    @CsvSource({"4, 12", "5, 12", "12, 12", "1, 7", "7, 9"})
    void addsTheProductOfTheSumOfTheShards(int rank, int in) {
        int out = 3;
        Random random = new Random(rank);
        float[] weight = floats(random, out * in);
        float[] block = floats(random, rank * out);
        float[] x = floats(random, 2 * in);
        double[] expected = new double[2 * out];
        for (int row = 0; row < 2; row++) {
            for (int o = 0; o < out; o++) {
                double[] sums = new double[rank];
                for (int i = 0; i < in; i++) {
                    expected[row * out + o] += (double) x[row * in + i] * weight[o * in + i];
                    sums[i % rank] += x[row * in + i];
                }
                for (int j = 0; j < rank; j++) {
                    expected[row * out + o] += sums[j] * block[j * out + o];
                }
            }
        }
        try (Scope scope = engine.inference()) {
            MissAdapter adapter = new MissAdapter(engine, engine.of(block, rank, out), 0);
            Tensor matrix = engine.of(weight, out, in);
            Linear map = new Linear("a", matrix, null, adapter);
            Tensor input = engine.of(x, 1, 2, in);
            assertThat(map.apply(input).doubles()).containsExactly(expected, within(1e-5));
            assertThat(input.linear(adapter.merged(matrix), null).doubles()).containsExactly(expected, within(1e-5));
        }
    }

    @Test
    void theFileIsWhatPeftWrites() {
        read("bert").write(folder);

        Map<String, JsonNode> written = keys(folder);
        Map<String, JsonNode> expected = keys(Golden.folder("lora_bert_miss").resolve("adapter_final"));
        assertThat(expected.remove("peft_version").asText()).isEqualTo("0.21.2");
        Set<String> targets = new TreeSet<>();
        expected.remove("target_modules").forEach(name -> targets.add(name.asText()));
        assertThat(written.remove("target_modules")).isEqualTo(Json.tree(targets));
        assertThat(written).isEqualTo(expected);
        assertThat(PeftAdapter.read(folder, engine).shapes().keySet())
                .isEqualTo(read("bert").shapes().keySet());
    }

    private static Map<String, JsonNode> keys(Path folder) {
        Map<String, JsonNode> keys = new HashMap<>();
        Json.read(folder.resolve(PeftAdapter.CONFIG))
                .properties()
                .forEach(entry -> keys.put(entry.getKey(), entry.getValue()));
        return keys;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"init_weights\": \"bat\"; has init_weights = \"bat\", a form of MiSS that Layerwise does not support",
                "\"init_weights\": \"mini\"; has init_weights = \"mini\", a form of MiSS that Layerwise does not"
                        + " support",
                "\"bias\": \"MiSS_only\"; has bias = \"MiSS_only\", but PEFT saves no biases with MiSS",
                "\"r\": 0; has r = 0; a whole number of at least 1 is expected",
                "\"miss_dropout\": 1; miss_dropout"
            })
    void otherFormsAreRefused(String key, String message) throws IOException {
        Path file = Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\": \"MISS\", \"target_modules\": [\"query\"], %s}".formatted(key));
        assertThatThrownBy(() -> PeftConfig.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anotherKindOfAdapterIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"VERA\"}");
        assertThatThrownBy(() -> PeftConfig.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("of type \"VERA\"; Layerwise reads LORA and MISS adapters");
    }

    @Test
    void weightsOfLoraAreRefusedWhereTheFileSaysMiss() throws IOException {
        Path lora = Golden.folder("lora_bert").resolve("adapter_final");
        Files.copy(lora.resolve(PeftAdapter.WEIGHTS), folder.resolve(PeftAdapter.WEIGHTS));
        Files.writeString(
                folder.resolve(PeftAdapter.CONFIG), "{\"peft_type\": \"MISS\", \"target_modules\": [\"query\"]}");
        assertThatThrownBy(() -> PeftAdapter.read(folder, engine))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("holds no MiSS weights (names that end in .miss_block)");
    }

    @Test
    void variantsOfLoraDoNotCombineWithIt() {
        for (String words : List.of("miss+rslora", "dora+miss", "miss+pissa")) {
            assertThatThrownBy(() -> LoraVariant.of(words))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("write miss alone");
        }
        assertThat(LoraVariant.of("miss")).isEqualTo(LoraVariant.MISS);
        assertThat(LoraVariant.MISS.id()).isEqualTo("miss");
        assertThat(LoraVariant.MISS.parameters(4, 10, 6)).isEqualTo(24);
        assertThat(LoraVariant.PLAIN.parameters(4, 10, 6)).isEqualTo(64);
    }

    @Test
    void settingsOfLoraAreRefused() {
        assertRefused(Map.of("query", 2), Map.of(), Bias.NONE, AdvancedLoraConfig.DEFAULTS, "one rank for all modules");
        assertRefused(Map.of(), Map.of("query", 2.0), Bias.NONE, AdvancedLoraConfig.DEFAULTS, "no alpha");
        assertRefused(Map.of(), Map.of(), Bias.ALL, AdvancedLoraConfig.DEFAULTS, "set bias to none");
        assertRefused(
                Map.of(),
                Map.of(),
                Bias.NONE,
                AdvancedLoraConfig.DEFAULTS.withTargetParameters(List.of("mlp.experts.down_proj")),
                "no MiSS on experts");
    }

    private static void assertRefused(
            Map<String, Integer> ranks,
            Map<String, Double> alphas,
            Bias bias,
            AdvancedLoraConfig details,
            String message) {
        assertThatThrownBy(() -> config(4, "query", ranks, alphas, bias, details))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
    }

    private static LoraConfig config(
            int rank,
            String target,
            Map<String, Integer> ranks,
            Map<String, Double> alphas,
            Bias bias,
            AdvancedLoraConfig details) {
        return new LoraConfig(
                rank,
                16,
                0,
                List.of(target),
                new TreeSet<>(Set.of(1)),
                LoraVariant.MISS,
                bias,
                ranks,
                alphas,
                List.of(),
                details);
    }

    @Test
    void aRankAboveTheInputAndModulesThatAreStoredTurnedAreRefused() {
        assertThatThrownBy(() -> adapt("bert", 49, "query"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "MiSS needs a rank of at most 48 for bert.encoder.layer.1.attention.self.query, not 49; lower"
                                + " it.");
        assertThatThrownBy(() -> adapt("gpt2", 4, "c_attn"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "gpt2 stores its linear modules turned, for which PEFT has no MiSS; choose --variant lora.");
    }

    private void adapt(String fixture, int rank, String target) {
        LoraConfig config = config(rank, target, Map.of(), Map.of(), Bias.NONE, AdvancedLoraConfig.DEFAULTS);
        try (TransformerModel base = base(fixture, DType.F32);
                AdaptedModel model = AdaptedModel.classifier(base, config, 3, 1)) {
            assertThat(model.adapterParameters()).isZero(); // not reached
        }
    }

    @Test
    void isNotConvertedForAnotherModel() {
        PeftAdapter miss = read("llama");
        assertThatThrownBy(() -> plain(miss, "bert"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("name the model that it was made for");
    }

    private PeftAdapter read(String fixture) {
        return PeftAdapter.read(Golden.folder("lora_%s_miss".formatted(fixture)).resolve("adapter_final"), engine);
    }

    private PeftAdapter plain(PeftAdapter miss, String fixture) {
        try (TransformerModel base = base(fixture, DType.F32)) {
            return PlainLoraConversion.ofMiss(miss, base.blueprint());
        }
    }

    private TransformerModel base(String fixture, DType type) {
        return TransformerModel.load(
                engine,
                ModelBlueprint.read(engine, Checkpoint.open(Golden.folder(fixture))),
                Engines.device(),
                type,
                Progress.none());
    }

    private double[] hidden(AdaptedModel model, TokenBatch batch) {
        try (Scope scope = engine.inference()) {
            return model.transformer().forward(model.base().input(batch)).doubles();
        }
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}

package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;

/** Adapters are read and written as PEFT does. */
class PeftAdapterTest {

    private static final Path STORED = Golden.folder("lora_bert").resolve("adapter_final");

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final TransformerModel base = GoldenBert.model(engine);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        base.close();
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void whatPeftWroteIsWrittenAgainTheSame() {
        PeftAdapter stored = PeftAdapter.read(STORED, engine);
        try (AdaptedModel model = AdaptedModel.load(base, stored, 0)) {
            model.toPeft(new BaseModel("golden/bert", null)).write(folder);
        }
        try (SafetensorsFile expected = SafetensorsFile.open(STORED.resolve(PeftAdapter.WEIGHTS));
                SafetensorsFile written = SafetensorsFile.open(folder.resolve(PeftAdapter.WEIGHTS))) {
            assertThat(written.names()).containsExactlyInAnyOrderElementsOf(expected.names());
            for (String name : expected.names()) {
                assertThat(Golden.doubles(written, name)).containsExactly(Golden.doubles(expected, name));
            }
            assertThat(written.metadata()).containsEntry("format", "pt");
        }
        JsonNode expected = Json.read(STORED.resolve(PeftAdapter.CONFIG));
        JsonNode written = Json.read(folder.resolve(PeftAdapter.CONFIG));
        // the keys of PEFT 0.17.1, which are more than those of the version that wrote the fixture
        JsonNode newest = Json.read(Golden.folder("lora_bert_dora").resolve("adapter_final/adapter_config.json"));
        assertThat(written.fieldNames()).toIterable().containsExactlyElementsOf(newest::fieldNames);
        expected.properties().forEach(entry -> {
            if (!entry.getKey().equals("target_modules")) {
                assertThat(written.path(entry.getKey())).as(entry.getKey()).isEqualTo(entry.getValue());
            }
        });
        assertThat(written.path("target_modules")).containsExactlyInAnyOrderElementsOf(expected.path("target_modules"));
    }

    @Test
    void newAdaptersStartAsTheBaseAndFollowTheirSeed() {
        LoraConfig config = PlainLora.config(4, 8, 0, List.of("query", "output.dense"), Set.of(1, 3));
        try (AdaptedModel model = AdaptedModel.classifier(base, config, 3, 7);
                AdaptedModel same = AdaptedModel.classifier(base, config, 3, 7);
                AdaptedModel other = AdaptedModel.classifier(base, config, 3, 8)) {
            // "output.dense" also means attention.output.dense, as with PEFT
            assertThat(model.adapterParameters()).isEqualTo(2 * 4 * ((48 + 48) + (48 + 48) + (96 + 48)));
            assertThat(model.trainableParameters()).isEqualTo(model.adapterParameters() + 3 * 49);
            for (int i = 0; i < model.parameters().size(); i++) {
                Parameter parameter = model.parameters().get(i);
                float[] values = parameter.value().floats();
                assertThat(same.parameters().get(i).value().floats()).containsExactly(values);
                if (parameter.name().endsWith(PeftNames.LORA_B)) {
                    assertThat(values).containsOnly(0);
                } else if (parameter.name().endsWith(PeftNames.LORA_A)) {
                    double bound = 1 / Math.sqrt(parameter.value().size(1));
                    assertThat(other.parameters().get(i).value().floats()).isNotEqualTo(values);
                    for (float value : values) {
                        assertThat(Math.abs(value)).isLessThanOrEqualTo((float) bound);
                    }
                }
            }
        }
    }

    @Test
    void cancelIsHeardAmongThePatternsOfOneModule() throws IOException {
        Files.copy(STORED.resolve(PeftAdapter.WEIGHTS), folder.resolve(PeftAdapter.WEIGHTS));
        ObjectNode config = (ObjectNode) Json.read(STORED.resolve(PeftAdapter.CONFIG));
        ObjectNode ranks = config.putObject("rank_pattern");
        IntStream.range(0, 2000).forEach(i -> ranks.put("no_module_" + i, 4));
        Json.write(folder.resolve(PeftAdapter.CONFIG), config);
        AtomicInteger asked = new AtomicInteger();
        Progress progress = new Progress() {

            @Override
            public void report(double fraction, String message) {}

            @Override
            public boolean cancelled() {
                return asked.incrementAndGet() > 1000;
            }
        };

        PeftAdapter adapter = PeftAdapter.read(folder, engine);

        assertThatThrownBy(() -> AdaptedModel.load(base, adapter, 0, progress)).isInstanceOf(CancelledException.class);
    }

    @Test
    void cancelIsHeardBetweenTwoTensorsOfAFile() {
        AtomicInteger asked = new AtomicInteger();

        assertThatThrownBy(() ->
                        PeftAdapter.read(STORED, engine, CancelledProgress.when(() -> asked.incrementAndGet() > 2)))
                .isInstanceOf(CancelledException.class);
        assertThat(asked).hasValue(3);
    }

    @ParameterizedTest
    @CsvSource({
        "use_qalora, true, QALoRA",
        "init_lora_weights, corda, 'open the base as it was changed and set init_lora_weights to true'",
        "init_lora_weights, loftq, loftq",
        "task_type, TOKEN_CLS, TOKEN_CLS",
        "bias, some, some",
        "peft_type, IA3, IA3",
        "r, 0, r = 0",
        "rank_pattern, some, rank_pattern",
        "trainable_token_indices, x, trainable_token_indices",
        "layer_replication, x, layer_replication",
        "megatron_config, x, megatron_config",
        "alora_invocation_tokens, x, alora_invocation_tokens",
        "ensure_weight_tying, true, ensure_weight_tying",
        "target_parameters, mlp.experts.down_proj, a list of names is expected",
        "kasa_config, x, kasa_config",
        "monteclora_config, x, monteclora_config",
    })
    void variantsThatAreNotSupportedAreRefusedByName(String key, String value, String mention) throws IOException {
        Files.copy(STORED.resolve(PeftAdapter.WEIGHTS), folder.resolve(PeftAdapter.WEIGHTS));
        ObjectNode config = (ObjectNode) Json.read(STORED.resolve(PeftAdapter.CONFIG));
        switch (value) {
            case "true" -> config.put(key, true);
            case "0" -> config.put(key, 0);
            case "x" -> config.putObject(key).put("query", 3);
            default -> config.put(key, value);
        }
        Json.write(folder.resolve(PeftAdapter.CONFIG), config);
        assertThatThrownBy(() -> PeftAdapter.read(folder, engine))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(mention);
    }

    /** PEFT ignores it, too. */
    @Test
    void settingsOfLoftqAreIgnoredWithAnotherInitialisation() throws IOException {
        Files.copy(STORED.resolve(PeftAdapter.WEIGHTS), folder.resolve(PeftAdapter.WEIGHTS));
        ObjectNode config = (ObjectNode) Json.read(STORED.resolve(PeftAdapter.CONFIG));
        config.putObject("loftq_config").put("loftq_bits", 4);
        Json.write(folder.resolve(PeftAdapter.CONFIG), config);

        assertThat(PeftAdapter.read(folder, engine).config())
                .isEqualTo(PeftAdapter.read(STORED, engine).config());
    }

    @Test
    void anAdapterThatDoesNotFitIsRefused() throws IOException {
        Files.copy(STORED.resolve(PeftAdapter.WEIGHTS), folder.resolve(PeftAdapter.WEIGHTS));
        ObjectNode config = (ObjectNode) Json.read(STORED.resolve(PeftAdapter.CONFIG));
        config.put("r", 5);
        Json.write(folder.resolve(PeftAdapter.CONFIG), config);
        assertThatThrownBy(() -> AdaptedModel.load(base, PeftAdapter.read(folder, engine), 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("lora_A")
                .hasMessageContaining("[5, 48]");

        config.put("r", 4);
        config.putArray("layers_to_transform").add(1);
        Json.write(folder.resolve(PeftAdapter.CONFIG), config);
        assertThatThrownBy(() -> AdaptedModel.load(base, PeftAdapter.read(folder, engine), 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("encoder.layer.3")
                .hasMessageContaining("belongs to no module");

        config.putArray("layers_to_transform").add(1).add(9);
        Json.write(folder.resolve(PeftAdapter.CONFIG), config);
        assertThatThrownBy(() -> AdaptedModel.load(base, PeftAdapter.read(folder, engine), 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("layer 9")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void aTargetThatMatchesNothingIsNamed() {
        LoraConfig config = PlainLora.config(4, 8, 0, List.of("query", "q_proj"), Set.of(1));
        assertThatThrownBy(() -> AdaptedModel.classifier(base, config, 3, 7))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("\"q_proj\"")
                .hasMessageContaining("attention.self.query");
    }

    @Test
    void theCheckpointsHeadDecidesTheNumberOfLabels() {
        LoraConfig config = PlainLora.config(4, 8, 0, List.of("query"), Set.of(1));
        assertThatThrownBy(() -> AdaptedModel.classifier(base, config, 5, 7))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("3 outputs")
                .hasMessageContaining("5 are needed");
    }

    @Test
    void targetsMayBeARegularExpression() throws IOException {
        Files.copy(STORED.resolve(PeftAdapter.WEIGHTS), folder.resolve(PeftAdapter.WEIGHTS));
        ObjectNode config = (ObjectNode) Json.read(STORED.resolve(PeftAdapter.CONFIG));
        config.put("target_modules", ".*layer\\.(1|3)\\..*(query|key|value|dense)");
        config.putNull("layers_to_transform");
        Json.write(folder.resolve(PeftAdapter.CONFIG), config);
        try (AdaptedModel model = AdaptedModel.load(base, PeftAdapter.read(folder, engine), 0)) {
            assertThat(model.config().layers()).containsExactly(1, 3);
            assertThat(model.trainableParameters()).isEqualTo(5523);
        }
    }

    @Test
    void loraOnTokenVectorsIsRefused() {
        PeftAdapter stored = PeftAdapter.read(STORED, engine);
        String module = "base_model.model.bert.embeddings.word_embeddings.lora_embedding_A";
        PeftAdapter.HostTensor tensor = new PeftAdapter.HostTensor(new float[4], new long[] {4, 1});
        for (Map<String, PeftAdapter.HostTensor> others :
                List.of(stored.tensors(), Map.<String, PeftAdapter.HostTensor>of())) {
            Map<String, PeftAdapter.HostTensor> tensors = new HashMap<>(others);
            tensors.put(module, tensor);
            new PeftAdapter("here", stored.config(), "SEQ_CLS", stored.modulesToSave(), null, tensors).write(folder);
            assertThatThrownBy(() -> PeftAdapter.read(folder, engine))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("LoRA on the token vectors")
                    .hasMessageContaining(module);
        }
    }

    @Test
    void aPoolerThatWasSavedIsLoadedAndTrained() {
        PeftAdapter stored = PeftAdapter.read(STORED, engine);
        Map<String, PeftAdapter.HostTensor> tensors = new HashMap<>(stored.tensors());
        tensors.put(
                "base_model.model.bert.pooler.dense.weight",
                new PeftAdapter.HostTensor(new float[48 * 48], new long[] {48, 48}));
        tensors.put(
                "base_model.model.bert.pooler.dense.bias", new PeftAdapter.HostTensor(new float[48], new long[] {48}));
        PeftAdapter withPooler =
                new PeftAdapter("here", stored.config(), "SEQ_CLS", List.of("classifier", "pooler"), null, tensors);
        try (AdaptedModel model = AdaptedModel.load(base, withPooler, 0)) {
            assertThat(model.trainableParameters()).isEqualTo(5523 + 48 * 49);
            assertThat(model.toPeft(new BaseModel("base", null)).modulesToSave())
                    .containsExactly("classifier", "pooler");
        }
        PeftAdapter unnamed = new PeftAdapter("here", stored.config(), "SEQ_CLS", List.of("classifier"), null, tensors);
        assertThatThrownBy(() -> AdaptedModel.load(base, unnamed, 0)).hasMessageContaining("pooler.dense");
    }

    @Test
    void aClassifierOfAnotherSizeReplacesTheCheckpoints() {
        PeftAdapter stored = PeftAdapter.read(STORED, engine);
        Map<String, PeftAdapter.HostTensor> tensors = new HashMap<>(stored.tensors());
        tensors.put(
                "base_model.model.classifier.weight",
                new PeftAdapter.HostTensor(new float[5 * 48], new long[] {5, 48}));
        tensors.put("base_model.model.classifier.bias", new PeftAdapter.HostTensor(new float[5], new long[] {5}));
        PeftAdapter five = new PeftAdapter("here", stored.config(), "SEQ_CLS", stored.modulesToSave(), null, tensors);
        try (AdaptedModel model = AdaptedModel.load(base, five, 0)) {
            assertThat(model.labels()).hasValue(5);
        }
    }
}

package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/**
 * Which modules get adapters, with which rank and scale, as {@code get_peft_model} of PEFT 0.17.1 decided it; and again from
 * the settings that PEFT and Layerwise save afterwards.
 */
class PeftTargetsTest {

    private static final int LABELS = 3;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    static Stream<Integer> cases() {
        return IntStream.range(0, Json.read(Golden.folder("peft_targets.json")).size())
                .boxed();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void asPeft(int index) {
        JsonNode one = Json.read(Golden.folder("peft_targets.json")).path(index);
        Map<String, double[]> expected = new TreeMap<>();
        one.path("modules")
                .properties()
                .forEach(entry -> expected.put(entry.getKey(), new double[] {
                    entry.getValue().path(0).asDouble(),
                    entry.getValue().path(1).asDouble()
                }));
        try (TransformerModel base = TransformerModel.load(
                engine,
                Checkpoint.open(Golden.folder(one.path("model").asText())),
                Engines.device(),
                Progress.none())) {
            PeftConfig config = config(one.path("config"));
            PeftAdapter made;
            try (AdaptedModel model = model(base, config, expected.keySet())) {
                assertSame(model, expected);
                made = model.toPeft(new BaseModel("base", null));
            }
            try (AdaptedModel model = AdaptedModel.load(base, made, 0)) {
                assertSame(model, expected);
            }
            PeftConfig saved = config(one.path("saved"));
            PeftAdapter theirs = new PeftAdapter(
                    "here",
                    saved.lora(List.copyOf(expected.keySet())),
                    saved.taskType(),
                    saved.modulesToSave(),
                    null,
                    made.tensors());
            try (AdaptedModel model = AdaptedModel.load(base, theirs, 0)) {
                assertSame(model, expected);
            }
        }
    }

    private PeftConfig config(JsonNode settings) {
        Path file = folder.resolve(PeftAdapter.CONFIG);
        Json.write(file, settings);
        return PeftConfig.read(file);
    }

    private static AdaptedModel model(TransformerModel base, PeftConfig config, Collection<String> adapted) {
        LoraConfig lora = config.lora(adapted);
        return PeftConfig.CLASSIFICATION_TASK.equals(config.taskType())
                ? AdaptedModel.classifier(base, lora, base.storedLabels().orElse(LABELS), 1)
                : AdaptedModel.languageModel(base, lora, 1);
    }

    private static void assertSame(AdaptedModel model, Map<String, double[]> expected) {
        Map<String, ModuleAdapter> adapters = model.parts().adapters();
        assertThat(adapters.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((module, sizes) -> {
            LoraAdapter lora = adapters.get(module).product().orElseThrow();
            assertThat(lora.trained().a().size(0)).as(module).isEqualTo((long) sizes[0]);
            assertThat(lora.scale()).as(module).isCloseTo(sizes[1], within(1e-9));
        });
    }
}

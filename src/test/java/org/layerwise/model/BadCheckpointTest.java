package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** What is wrong with a checkpoint is said by name, and nothing of it stays in memory. */
class BadCheckpointTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private void copyConfig(Consumer<ObjectNode> change) {
        ObjectNode config = (ObjectNode) Json.read(Golden.folder("bert").resolve("config.json"));
        change.accept(config);
        Json.write(folder.resolve("config.json"), config);
    }

    private void copyWeights() throws IOException {
        Files.copy(Golden.folder("bert").resolve("model.safetensors"), folder.resolve("model.safetensors"));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
        return assertThatThrownBy(() -> {
                    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                        TransformerModel.load(engine, checkpoint, Engines.device(), Progress.none())
                                .close();
                    }
                })
                .isInstanceOf(UserException.class)
                .hasMessageContaining(folder.toString());
    }

    @Test
    void unknownFamily() throws IOException {
        copyConfig(config -> config.put("model_type", "mamba"));
        copyWeights();
        assertRefused().hasMessageContaining("\"mamba\"").hasMessageContaining("bert");
    }

    @Test
    void noFamily() throws IOException {
        copyConfig(config -> config.remove("model_type"));
        copyWeights();
        assertRefused().hasMessageContaining("model_type");
    }

    @ParameterizedTest
    @CsvSource({
        "position_embedding_type, relative_key",
        "hidden_act, mish",
        "is_decoder, true",
        "num_attention_heads, 5",
        "hidden_size, -3",
        "quantization_config, x",
        "hidden_dropout_prob, 1.5",
    })
    void configThatCannotBeHonoured(String key, String value) throws IOException {
        copyConfig(config -> {
            if (value.matches("-?\\d+")) {
                config.put(key, Integer.parseInt(value));
            } else if (value.matches("[\\d.]+")) {
                config.put(key, Double.parseDouble(value));
            } else if (value.equals("true")) {
                config.put(key, true);
            } else {
                config.put(key, value);
            }
        });
        copyWeights();
        assertRefused().hasMessageContaining(key);
    }

    @Test
    void shapeThatIsNotWhatTheConfigSays() throws IOException {
        copyConfig(config -> config.put("intermediate_size", 100));
        copyWeights();
        assertRefused()
                .hasMessageContaining("bert.encoder.layer.0.intermediate.dense.weight")
                .hasMessageContaining("100")
                .hasMessageContaining("96");
    }

    @Test
    void missingTensor() {
        copyConfig(config -> {});
        try (SafetensorsFile file = SafetensorsFile.open(Golden.folder("bert").resolve("model.safetensors"))) {
            List<SafetensorsWriter.Named> kept = new ArrayList<>();
            for (String name : file.names()) {
                if (!name.equals("bert.encoder.layer.3.output.dense.bias")) {
                    kept.add(SafetensorsWriter.Named.of(
                            name, file.entry(name).type(), file.entry(name).shape(), file.bytes(name)));
                }
            }
            SafetensorsWriter.write(folder.resolve("model.safetensors"), kept, Map.of());
        }
        assertRefused().hasMessageContaining("bert.encoder.layer.3.output.dense.bias");
    }

    @Test
    void moreLayersThanThereAre() throws IOException {
        copyConfig(config -> config.put("num_hidden_layers", 5));
        copyWeights();
        assertRefused().hasMessageContaining("encoder.layer.4.");
    }
}

package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;

/** Which layers an adapter_config.json names. */
class PeftLayersTest {

    @TempDir
    Path folder;

    @Test
    void readsOneLayerOrNone() throws IOException {
        Path file = folder.resolve("adapter_config.json");
        Files.writeString(file, "{\"peft_type\":\"LORA\",\"layers_to_transform\":5}");
        assertThat(PeftConfig.readLayers(file))
                .hasValueSatisfying(layers -> assertThat(layers).containsExactly(5));
        Files.writeString(file, "{\"layers_to_transform\":null}");
        assertThat(PeftConfig.readLayers(file)).isEmpty();
        Files.writeString(file, "{\"r\":8}");
        assertThat(PeftConfig.readLayers(file)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"layers_to_transform\":\"1\"}",
                "{\"layers_to_transform\":[1,-2]}",
                "{\"layers_to_transform\":[1.5]}",
                "[]"
            })
    void saysWhatIsWrong(String json) throws IOException {
        Path file = folder.resolve("adapter_config.json");
        Files.writeString(file, json);

        assertThatThrownBy(() -> PeftConfig.readLayers(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
    }
}

package org.layerwise.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;

class PeftFragmentTest {

    @TempDir
    Path folder;

    @Test
    void writesWhatPeftReads() {
        Path file = folder.resolve("adapter_config.json");
        PeftFragment.of(LayerSelection.byHand(List.of(3, 1), 4), List.of("value", "query"), 8, 16, 0.05)
                .write(file);
        JsonNode json = Json.read(file);

        assertThat(json.get("peft_type").asText()).isEqualTo("LORA");
        assertThat(Json.line(json.get("layers_to_transform"))).isEqualTo("[1,3]");
        assertThat(Json.line(json.get("target_modules"))).isEqualTo("[\"query\",\"value\"]");
        assertThat(Json.line(json.get("r"))).isEqualTo("8");
        assertThat(Json.line(json.get("lora_alpha"))).isEqualTo("16");
        assertThat(json.get("lora_dropout").asDouble()).isEqualTo(0.05);
        assertThat(json.get("modules_to_save").isNull()).isTrue();
        assertThat(PeftFragment.readLayers(file))
                .hasValueSatisfying(layers -> assertThat(layers).containsExactly(1, 3));
    }

    @Test
    void keepsTaskHeadAndAnAlphaThatIsNotWhole() {
        JsonNode json = new PeftFragment(
                        "bert",
                        new TreeSet<>(List.of(0)),
                        List.of("query"),
                        8,
                        2.5,
                        0,
                        "SEQ_CLS",
                        List.of("score", "classifier"))
                .toJson();

        assertThat(Json.line(json.get("lora_alpha"))).isEqualTo("2.5");
        assertThat(json.get("task_type").asText()).isEqualTo("SEQ_CLS");
        assertThat(json.get("base_model_name_or_path").asText()).isEqualTo("bert");
        assertThat(Json.line(json.get("modules_to_save"))).isEqualTo("[\"classifier\",\"score\"]");
    }

    @Test
    void readsOneLayerOrNone() throws IOException {
        Path file = folder.resolve("adapter_config.json");
        Files.writeString(file, "{\"peft_type\":\"LORA\",\"layers_to_transform\":5}");
        assertThat(PeftFragment.readLayers(file))
                .hasValueSatisfying(layers -> assertThat(layers).containsExactly(5));
        Files.writeString(file, "{\"layers_to_transform\":null}");
        assertThat(PeftFragment.readLayers(file)).isEmpty();
        Files.writeString(file, "{\"r\":8}");
        assertThat(PeftFragment.readLayers(file)).isEmpty();
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

        assertThatThrownBy(() -> PeftFragment.readLayers(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
    }
}

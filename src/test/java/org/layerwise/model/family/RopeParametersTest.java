package org.layerwise.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.testing.Golden;

/** Rotary positions in the form of transformers 5 and in the one before, alone and both together. */
class RopeParametersTest {

    private static final Path FILE = Path.of("config.json");
    private static final String ROPE_KEYS =
            "rope_theta,rope_scaling,rope_parameters,partial_rotary_factor,global_rope_theta,local_rope_theta";

    private static ObjectNode config(String model, String changes) throws IOException {
        ObjectNode config = (ObjectNode) Json.read(Golden.folder(model).resolve("config.json"));
        config.remove(List.of(ROPE_KEYS.split(",")));
        config.setAll((ObjectNode) Json.parse("{" + changes.replace('\'', '"') + "}"));
        return config;
    }

    private static List<LayerConfig> layers(String model, String changes) throws IOException {
        return DescriptionReader.read(FILE, config(model, changes)).config().layerConfigs();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "llama | 'rope_theta': 5e5 | 'rope_parameters': {'rope_theta': 500000}",
                "llama | 'rope_theta': 5e5 | 'rope_theta': 5e5, 'rope_parameters': {'rope_type': 'default'}",
                "llama | 'rope_scaling': {'type': 'linear', 'factor': 2} | 'rope_parameters': {'type': 'linear', 'factor': 2}",
                "llama | 'rope_scaling': {'type': 'dynamic', 'factor': 2.5}, 'rope_theta': 7 | 'rope_parameters': {'rope_type': 'dynamic', 'factor': 2.5, 'rope_theta': 7}",
                "llama | 'rope_scaling': {'rope_type': 'llama3', 'factor': 8, 'low_freq_factor': 1, 'high_freq_factor': 4, 'original_max_position_embeddings': 16} | 'rope_parameters': {'rope_type': 'llama3', 'factor': 8, 'low_freq_factor': 1.0, 'high_freq_factor': 4, 'original_max_position_embeddings': 16}",
                "llama | 'rope_scaling': {'type': 'linear', 'factor': 2} | 'rope_theta': 10000, 'rope_scaling': {'type': 'linear', 'factor': 2}, 'rope_parameters': {'rope_type': 'linear', 'factor': 2.0, 'rope_theta': 1e4}",
                "llama | 'rope_scaling': {'type': 'linear', 'factor': 2} | 'rope_scaling': {'type': 'linear', 'factor': 2, 'attention_factor': null}, 'rope_parameters': {'type': 'linear', 'factor': 2, 'attention_factor': null, 'finetuned': true}",
                "phi3 | 'partial_rotary_factor': 0.5 | 'rope_parameters': {'partial_rotary_factor': 0.5}",
                "modernbert | 'global_rope_theta': 7, 'local_rope_theta': 5 | 'rope_parameters': {'full_attention': {'rope_theta': 7}, 'sliding_attention': {'rope_theta': 5, 'rope_type': 'default'}}",
                "modernbert | 'global_rope_theta': 7 | 'rope_parameters': {'full_attention': {'rope_theta': 7}, 'sliding_attention': null}"
            })
    void bothFormsAreTheSame(String model, String earlier, String current) throws IOException {
        assertThat(layers(model, current)).isEqualTo(layers(model, earlier));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "llama | 'rope_theta': 5e5, 'rope_parameters': {'rope_theta': 1e4} | rope_parameters.rope_theta = 10000.0 and rope_theta = 500000.0",
                "llama | 'rope_scaling': {'type': 'linear', 'factor': 2}, 'rope_parameters': {'rope_type': 'linear', 'factor': 4} | rope_scaling.factor = 2 and rope_parameters.factor = 4",
                "llama | 'rope_scaling': {'type': 'linear', 'factor': 2}, 'rope_parameters': {'rope_type': 'dynamic', 'factor': 2} | rope_scaling.type = \"linear\" and rope_parameters.rope_type = \"dynamic\"",
                "llama | 'rope_scaling': {'type': 'linear', 'factor': 2}, 'rope_parameters': {'rope_theta': 5} | rope_scaling",
                "phi3 | 'partial_rotary_factor': 0.5, 'rope_parameters': {'partial_rotary_factor': 0.25} | partial_rotary_factor = 0.25 and partial_rotary_factor = 0.5",
                "modernbert | 'local_rope_theta': 5, 'rope_parameters': {'sliding_attention': {'rope_theta': 7}} | rope_parameters.sliding_attention.rope_theta = 7 and local_rope_theta = 5"
            })
    void contradictionsAreRefusedWithBothValues(String model, String changes, String named) {
        assertThatThrownBy(() -> layers(model, changes))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(named);
    }
}

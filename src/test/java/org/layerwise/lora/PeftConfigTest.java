package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;

class PeftConfigTest {

    @TempDir
    private Path folder;

    private Path config(String more) throws IOException {
        return Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": 8, \"target_modules\": [\"query\"]%s}"
                        .formatted(more));
    }

    /** PEFT takes any text for a yes, and scales by the square root of the rank where it says "no". */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
            use_rslora; "yes"; true or false is expected
            use_rslora; 1; true or false is expected
            use_dora; "no"; true or false is expected
            fan_in_fan_out; []; true or false is expected
            modules_to_save; {"a": 1}; a list of names is expected
            modules_to_save; [1]; a list of names is expected
            layers_pattern; 7; a list of names is expected
            """)
    void aValueOfAnotherTypeIsRefused(String key, String value, String message) throws IOException {
        Path file = config(", \"%s\": %s".formatted(key, value));
        assertThatThrownBy(() -> PeftConfig.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("%s has %s = %s; %s".formatted(file, key, value.replace(": ", ":"), message));
    }

    @Test
    void nullIsAsIfNothingWereSaid() throws IOException {
        assertThat(PeftConfig.read(
                        config(", \"use_rslora\": null, \"modules_to_save\": null, \"layers_pattern\": null")))
                .isEqualTo(PeftConfig.read(config("")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"gaussian\"", "\"orthogonal\"", "\"eva\"", "\"mica\"", "true", "false"})
    void anInitialisationThatLeavesTheWeightsAloneIsPlain(String value) throws IOException {
        assertThat(PeftConfig.read(config(", \"init_lora_weights\": " + value))
                        .variant()
                        .initialisation())
                .isEqualTo(Initialisation.random());
    }
}

package org.layerwise.install.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.testing.EarlierFiles;

class ComputeSettingsTest {

    @TempDir
    Path config;

    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(ComputeSettings.read(config)).isEqualTo(ComputeSettings.usual());
        ComputeSettings settings = new ComputeSettings(
                Optional.of(new ComputeSettings.Gpu(config.resolve("venv"), "2.7.1+cu126", "00ff")), OptionalInt.of(3));

        settings.write(config);

        assertThat(ComputeSettings.read(config)).isEqualTo(settings);
        settings.with(Optional.empty()).write(config);
        assertThat(ComputeSettings.read(config).gpu()).isEmpty();
        assertThat(ComputeSettings.read(config).threads()).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "{\"threads\": 0}", "{\"threads\": \"many\"}", "{\"gpu\": 1}", "{\"gpu\": {}}", "{\"gpu"})
    void whatMakesNoSenseIsRefusedWithTheFile(String text) throws IOException {
        Files.writeString(config.resolve("compute.json"), text);

        assertThatThrownBy(() -> ComputeSettings.read(config))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("compute.json");
    }

    @Test
    void settingsOfVersion010AreRead() {
        EarlierFiles.copy(config);

        assertThat(ComputeSettings.read(config.resolve("config")))
                .isEqualTo(new ComputeSettings(Optional.empty(), OptionalInt.of(3)));
        assertThat(ComputeSettings.read(config.resolve("config-with-gpu")))
                .isEqualTo(new ComputeSettings(
                        Optional.of(new ComputeSettings.Gpu(config.resolve("libtorch"), "2.7.1+cu126", "0123abcd")),
                        OptionalInt.of(5)));
    }
}

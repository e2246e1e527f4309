package org.layerwise.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.testing.ChangedFile;

/** Files of representations that other programs wrote. */
class RepresentationsFileTest {

    private static Path file(Path folder, String... states) {
        List<SafetensorsWriter.Named> tensors = Arrays.stream(states)
                .map(state -> SafetensorsWriter.Named.of("hidden_states." + state, new float[] {1, 2, 3, 4}, 2, 2))
                .toList();
        Path file = folder.resolve("states.safetensors");
        SafetensorsWriter.write(file, tensors, Map.of());
        return file;
    }

    @Test
    void hiddenStatesInAnyOrder(@TempDir Path folder) {
        Path file = file(folder, "10", "2", "1", "0", "3", "9", "8", "7", "6", "5", "4");
        assertThat(RepresentationsFile.read(file).representations().layers()).hasSize(11);
    }

    /** Read up to the gap, the layers behind it would be left out of every ranking without a word. */
    @ParameterizedTest
    @CsvSource({
        "0 1 2 4 5, hidden_states.4, hidden_states.3",
        "1 2 3, hidden_states.1, hidden_states.0",
        "0 1 02, hidden_states.02, hidden_states.2",
        "0 1 last, hidden_states.last, hidden_states.2"
    })
    void refusesGapsBetweenHiddenStates(String states, String there, String missing, @TempDir Path folder) {
        Path file = file(folder, states.split(" "));
        assertThatThrownBy(() -> RepresentationsFile.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("holds " + there + " but no " + missing);
    }

    /** Half of each content would otherwise be one set of representations. */
    @Test
    void refusesAFileThatIsOverwrittenWhileItIsRead(@TempDir Path folder) {
        Path path = file(folder, "0", "1");
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            ChangedFile.overwriteEnd(path);
            assertThatThrownBy(() -> RepresentationsFile.content(file))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("was changed or replaced after it was opened");
        }
    }
}

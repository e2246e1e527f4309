package org.layerwise.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.testing.ChangedFile;

class GramsFileTest {

    @TempDir
    private Path folder;

    @Test
    void comesBackBitForBit() {
        Grams grams = new Grams(
                2,
                List.of(new double[] {1, -1 / 3.0, -1 / 3.0, 1e-300}, new double[4]),
                Arrays.asList(null, "It does not vary."));
        Path file = folder.resolve("grams.safetensors");
        GramsFile.write(file, grams);
        Grams read = GramsFile.read(file);
        assertThat(read.samples()).isEqualTo(2);
        assertThat(read.of(0)).containsExactly(1, -1 / 3.0, -1 / 3.0, 1e-300);
        assertThat(read.reason(0)).isEmpty();
        assertThat(read.reason(1)).hasValue("It does not vary.");
    }

    @Test
    void otherFilesAreRefusedInOneSentence() throws IOException {
        Path other = folder.resolve("other.safetensors");
        SafetensorsWriter.write(other, List.of(SafetensorsWriter.Named.of("weight", new float[] {1}, 1)), Map.of());
        assertThatThrownBy(() -> GramsFile.read(other))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("other.safetensors has no tensors gram.0");
        Path floats = folder.resolve("floats.safetensors");
        SafetensorsWriter.write(
                floats,
                List.of(
                        SafetensorsWriter.Named.of("gram.0", new float[4], 2, 2),
                        SafetensorsWriter.Named.of("gram.1", new float[4], 2, 2)),
                Map.of());
        assertThatThrownBy(() -> GramsFile.read(floats)).hasMessageContaining("F64 [2, 2]");
        Path cut = folder.resolve("cut.safetensors");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(floats), 40));
        assertThatThrownBy(() -> GramsFile.read(cut)).isInstanceOf(UserException.class);
    }

    @Test
    void refusesAFileThatIsOverwrittenWhileItIsRead() {
        Path path = folder.resolve("grams.safetensors");
        GramsFile.write(path, new Grams(1, List.of(new double[1], new double[1]), Arrays.asList(null, null)));
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            ChangedFile.overwriteEnd(path);
            assertThatThrownBy(() -> GramsFile.grams(file))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("was changed or replaced after it was opened");
        }
    }

    @Test
    void aMatrixOfAnotherSizeIsNoGram() {
        assertThatThrownBy(() -> new Grams(2, List.of(new double[3]), Arrays.asList((String) null)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTest {

    @TempDir
    private Path folder;

    @Test
    void anUnfinishedDocumentIsToldWithoutADumpOfTheSource() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "{\"layers\": [1,\n");

        assertThatThrownBy(() -> Json.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file + " is not valid JSON: it ends too early")
                .hasMessageEndingWith(" (line 2).")
                .message()
                .doesNotContain("REDACTED", "start marker", "Source");
    }

    @Test
    void bytesThatAreNoTextAreToldAsSuch() throws IOException {
        Path file = Files.write(folder.resolve("a.json"), new byte[] {0, 0, 0, 1, 2, 3, 4, 5, 6, 7});

        assertThatThrownBy(() -> Json.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file + " is not ")
                .message()
                .doesNotContain("Exception", "REDACTED");
    }
}

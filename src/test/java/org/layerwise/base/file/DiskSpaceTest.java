package org.layerwise.base.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {

    @TempDir
    Path folder;

    @Test
    void filesAndFoldersShareTheirDisk() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");

        assertThat(DiskSpace.usable(folder)).isPositive();
        assertThat(DiskSpace.usable(file)).isPositive();
    }

    @Test
    void whatIsNotThereIsNoFullDisk() {
        assertThatThrownBy(() -> DiskSpace.usable(folder.resolve("missing"))).isInstanceOf(NoSuchFileException.class);
    }
}

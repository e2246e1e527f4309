package org.layerwise.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFilesTest {

    @TempDir
    private Path folder;

    private long entries() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.count();
        }
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingBesideIt() throws IOException {
        Path file = folder.resolve("result.txt");
        WholeFiles.writeString(file, "old");
        assertThatThrownBy(() -> WholeFiles.write(file, beside -> {
                    Files.writeString(beside, "half");
                    throw new IOException("the disk is full");
                }))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("the disk is full");
        assertThat(file).hasContent("old");
        assertThat(entries()).isEqualTo(1);
    }

    @Test
    void cancellationLeavesNothing() throws IOException {
        assertThatThrownBy(() -> WholeFiles.writeFolder(folder.resolve("model"), beside -> {
                    Files.writeString(beside.resolve("half"), "half");
                    throw new CancelledException();
                }))
                .isInstanceOf(CancelledException.class);
        assertThat(entries()).isZero();
    }

    @Test
    void aFolderReplacesTheOldOne() throws IOException {
        Path target = folder.resolve("model");
        WholeFiles.writeFolder(target, beside -> Files.writeString(beside.resolve("a"), "1"));
        WholeFiles.writeFolder(target, beside -> Files.writeString(beside.resolve("b"), "2"));
        assertThat(target.resolve("a")).doesNotExist();
        assertThat(target.resolve("b")).hasContent("2");
        assertThat(entries()).isEqualTo(1);
    }

    @Test
    void aFileInTheWayOfAFolderIsNamed() throws IOException {
        Path file = folder.resolve("taken");
        Files.writeString(file, "a file");
        assertThatThrownBy(() -> WholeFiles.requireWritableFolder(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a file, not a folder");
        assertThatThrownBy(() -> WholeFiles.requireWritableFolder(file.resolve("below")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> WholeFiles.writeString(file.resolve("below.txt"), "text"))
                .isInstanceOf(UserException.class);
    }
}

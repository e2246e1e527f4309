package org.layerwise.base.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.testing.UnreadableFolder;

@DisabledOnOs(OS.WINDOWS)
class FileTreeTest {

    @TempDir
    private Path folder;

    private Path inner;
    private Path file;

    @BeforeEach
    void fill() throws IOException {
        inner = Files.createDirectories(folder.resolve("a/b"));
        file = Files.writeString(inner.resolve("file"), "text");
    }

    @Test
    void linksAreListedAndNotFollowedExceptTheFolderItself() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);

        assertThat(FileTree.paths(folder)).containsExactly(folder, folder.resolve("a"), inner, file, link);
        assertThat(FileTree.paths(link)).startsWith(link, link.resolve("a")).hasSize(5);
        assertThat(FileTree.paths(file)).containsExactly(file);
    }

    @Test
    void levelsAreCountedFromTheFolder() {
        assertThat(FileTree.paths(folder, 1, unread -> {})).containsExactly(folder, folder.resolve("a"));
        assertThat(FileTree.paths(folder, 3, unread -> {})).contains(file);
    }

    @Test
    void aFolderThatCannotBeReadIsNamed() throws IOException {
        List<String> remarks = new ArrayList<>();
        try (UnreadableFolder shut = UnreadableFolder.create(folder.resolve("0"))) {
            String sentence = "Cannot read %s: permission denied.".formatted(shut.path());

            assertThatThrownBy(() -> FileTree.paths(folder))
                    .isInstanceOf(UserException.class)
                    .hasMessage(sentence);
            assertThatThrownBy(() -> FileTree.paths(shut.path(), 1, unread -> {}))
                    .hasMessage(sentence);
            assertThat(FileTree.paths(folder, 9, unread -> remarks.add(unread.getMessage())))
                    .containsExactly(folder, shut.path(), folder.resolve("a"), inner, file);
            assertThat(remarks).containsExactly(sentence);
        }
    }

    @Test
    void linksBehindAFolderThatCannotBeReadAreNotPassedOver() throws IOException {
        try (UnreadableFolder shut = UnreadableFolder.create(inner.resolve("shut"))) {
            assertThatThrownBy(() -> SymbolicLinks.requireNone(folder, List.of("a")))
                    .isInstanceOf(UserException.class)
                    .hasMessage("Cannot read %s: permission denied.", shut.path());
        }
    }
}

package org.layerwise.study.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.FileTurn;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.testing.CancelledProgress;

class ComparisonWriteTest {

    @TempDir
    private Path folder;

    @Test
    void oneWriterAtATime() throws IOException {
        new ComparisonWrite(folder).replace(this::agreement, Progress.none());
        assertThat(folder.resolve("agreement.csv")).hasContent("false");
        try (FileTurn turn =
                FileTurn.tryTake(folder.resolve(".comparison.lock")).orElseThrow()) {
            assertThat(turn).isNotNull(); // free again
        }
    }

    private void agreement(Path beside) throws IOException {
        Optional<FileTurn> turn = FileTurn.tryTake(folder.resolve(".comparison.lock"));
        Files.writeString(beside.resolve("agreement.csv"), "" + turn.isPresent());
    }

    @Test
    void whatAKilledWriterLeftIsReplaced() throws IOException {
        Path left = Files.createDirectory(folder.resolve(".comparison"));
        Files.writeString(left.resolve("importance.csv"), "of the killed one");
        new ComparisonWrite(folder).replace(this::agreement, Progress.none());
        assertThat(left).doesNotExist();
        assertThat(folder.resolve("importance.csv")).doesNotExist();
    }

    @Test
    void whoeverCancelsWhileItIsWrittenKeepsTheEarlierOne() throws IOException {
        new ComparisonWrite(folder).replace(this::agreement, Progress.none());
        AtomicBoolean cancelled = new AtomicBoolean();
        WholeFiles.Writer other = beside -> {
            Files.writeString(beside.resolve("agreement.csv"), "of the other");
            cancelled.set(true);
        };

        assertThatThrownBy(() -> new ComparisonWrite(folder).replace(other, CancelledProgress.when(cancelled::get)))
                .isInstanceOf(CancelledException.class);
        assertThat(folder.resolve("agreement.csv")).hasContent("false");
    }

    @Test
    void filesOfOthersWhoseNamesDifferByCaseAreNotReplaced() throws IOException {
        Path mine = Files.writeString(folder.resolve("Agreement.csv"), "my own");
        assumeTrue(Files.exists(folder.resolve("agreement.csv")), "the file system tells upper from lower case");
        assertThatThrownBy(() -> new ComparisonWrite(folder).replace(this::agreement, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(mine + " is no file of an earlier comparison");
        assertThat(mine).hasContent("my own");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkInItsPlaceIsNotFollowed(@TempDir Path elsewhere) throws IOException {
        Path mine = Files.writeString(elsewhere.resolve("mine"), "text");
        Files.createSymbolicLink(folder.resolve(".comparison"), elsewhere);
        new ComparisonWrite(folder).replace(this::agreement, Progress.none());
        assertThat(mine).hasContent("text");
        assertThat(folder.resolve("agreement.csv")).exists();
        assertThat(elsewhere).isDirectoryNotContaining(path -> !path.equals(mine));
    }
}

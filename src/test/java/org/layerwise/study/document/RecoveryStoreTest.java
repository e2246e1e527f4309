package org.layerwise.study.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.testing.EarlierFiles;

class RecoveryStoreTest {

    @TempDir
    Path folder;

    private RecoveryStore store() {
        return new RecoveryStore(folder.resolve("studies"), Clock.systemUTC());
    }

    @Test
    void anOpenStudyIsNotOfferedButACrashLeavesIt() {
        RecoverySlot slot = store().open();
        slot.write(StudyDocument.empty(), folder.resolve("own.layerwise"), "12ab");
        assertThat(store().left()).as("its window is still open").isEmpty();
        slot.close(); // the process dies

        List<RecoveryStore.Left> left = store().left();
        assertThat(left).hasSize(1);
        assertThat(left.get(0).name()).isEqualTo("own");
        assertThat(left.get(0).original()).isEqualTo(folder.resolve("own.layerwise"));
        assertThat(left.get(0).known()).isEqualTo("12ab");
        RecoverySlot again = store().adopt(left.get(0)).orElseThrow();
        assertThat(again.read()).isEqualTo(StudyDocument.empty());
        assertThat(store().left()).as("taken over").isEmpty();
        assertThat(store().adopt(left.get(0))).as("by one only").isEmpty();
        again.discard();
        assertThat(folder.resolve("studies")).isEmptyDirectory();
    }

    @Test
    void aSavedStudyLeavesNothing() {
        RecoverySlot slot = store().open();
        slot.write(StudyDocument.empty(), null, null);
        slot.forget();
        slot.close();
        assertThat(store().left()).isEmpty();
        assertThat(folder.resolve("studies")).as("and is cleared away").isEmptyDirectory();
    }

    /** A path with a NUL character cannot be one of a study. */
    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"study\": \"a\\u0000b.layerwise\"}"})
    void aBrokenCopyIsPassedOverAndKept(String origin) throws IOException {
        RecoverySlot good = store().open();
        good.write(StudyDocument.empty(), null, null);
        good.close();
        RecoverySlot broken = store().open();
        broken.write(StudyDocument.empty(), null, null);
        broken.close();
        Path file = broken.analysis(1).getParent().resolveSibling("origin.json");
        Files.writeString(file, origin);
        assertThat(store().left()).hasSize(1);
        assertThat(file).exists();
    }

    /** The data of an analysis are written before the first copy of its study. */
    @Test
    void analysesWhoseStudyWasNeverWrittenAreKept() throws IOException {
        RecoverySlot slot = store().open();
        Path data = Files.createDirectories(slot.analysis(1)).resolve("analysis.json");
        Files.writeString(data, "{}");
        slot.close();

        assertThat(store().left()).isEmpty();
        assertThat(data).exists();
    }

    @Test
    void analysesWhoseStudyCannotBeReadAreKept() throws IOException {
        RecoverySlot slot = store().open();
        Path data = Files.createDirectories(slot.analysis(1)).resolve("analysis.json");
        Files.writeString(data, "{}");
        slot.write(StudyDocument.empty(), null, null);
        slot.forget();
        Path analyses = data.getParent().getParent();
        Files.createSymbolicLink(analyses.resolveSibling("study.layerwise"), Path.of("gone"));
        slot.close();

        assertThat(store().left()).isEmpty();
        assertThat(data).exists();
    }

    @Test
    void analysesOfASavedStudyAreDeleted() throws IOException {
        RecoverySlot slot = store().open();
        Files.createDirectories(slot.analysis(1));
        slot.write(StudyDocument.empty(), null, null);
        slot.forget();
        slot.close();

        assertThat(store().left()).isEmpty();
        assertThat(folder.resolve("studies")).isEmptyDirectory();
    }

    @Test
    void whatSomebodyElsePutThereIsKept() throws IOException {
        Path own = Files.createDirectories(folder.resolve("studies").resolve("thesis"));
        Path text = Files.writeString(own.resolve("chapter.txt"), "mine");
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(folder.resolve("studies").resolve("20260101-000000-0123abcd"), elsewhere);
        assertThat(store().left()).isEmpty();
        assertThat(text).hasContent("mine");
        assertThat(own).isDirectoryNotContaining(file -> file.endsWith("slot.lock"));
        assertThat(link).exists();
        assertThat(elsewhere).isEmptyDirectory();
    }

    /** A lock of another process, which is what a crash of the program frees. */
    @Test
    void anotherProcessHoldsItsSlot() throws Exception {
        RecoverySlot slot = store().open();
        slot.write(StudyDocument.empty(), null, null);
        Path lock = slot.analysis(1).getParent().resolveSibling("slot.lock");
        slot.close();
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockingChild.class.getName(),
                        lock.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("locked");
            assertThat(store().left()).isEmpty();
        } finally {
            other.destroyForcibly();
        }
        assertThat(other.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(store().left()).as("it was killed").hasSize(1);
    }

    @Test
    void aCopyOfVersion010IsOffered() {
        EarlierFiles.copy(folder);

        List<RecoveryStore.Left> left = new RecoveryStore(folder.resolve("state/studies"), Clock.systemUTC()).left();

        assertThat(left).hasSize(1);
        assertThat(left.get(0).original()).isEqualTo(folder.resolve("study.layerwise"));
        assertThat(left.get(0).known()).isNotEmpty();
        try (RecoverySlot slot = store().adopt(left.get(0)).orElseThrow()) {
            assertThat(slot.read()).isEqualTo(StudyFile.read(folder.resolve("study.layerwise")));
        }
    }
}

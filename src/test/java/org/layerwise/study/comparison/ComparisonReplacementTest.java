package org.layerwise.study.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.FolderNames;
import org.layerwise.base.file.Folders;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionFile;
import org.layerwise.testing.CancelledProgress;

class ComparisonReplacementTest {

    private static final int KILLS = 6;

    @TempDir
    private Path folder;

    @Test
    void oneWriterAtATime() throws IOException {
        new ComparisonReplacement(folder).replace(this::agreement, Progress.none());
        assertThat(folder.resolve("agreement.csv")).hasContent("false");
        try (FileLock turn =
                FileLock.tryTake(folder.resolve(".comparison.lock")).orElseThrow()) {
            assertThat(turn).isNotNull(); // free again
        }
    }

    private void agreement(Path beside) throws IOException {
        Optional<FileLock> turn = FileLock.tryTake(folder.resolve(".comparison.lock"));
        Files.writeString(beside.resolve("agreement.csv"), "" + turn.isPresent());
    }

    /** As the writer of an earlier version left it, without a list. */
    @Test
    void whatAKilledWriterLeftIsReplaced() throws IOException {
        Path left = Files.createDirectory(folder.resolve(".comparison"));
        Files.writeString(left.resolve("importance.csv"), "of the killed one");
        Files.writeString(left.resolve("agreement.csv"), "of the killed one");
        new ComparisonReplacement(folder).replace(this::agreement, Progress.none());
        assertThat(left).doesNotExist();
        assertThat(folder.resolve("importance.csv")).doesNotExist();
        assertThat(folder.resolve("agreement.csv")).hasContent("false");
    }

    private static void one(Path beside) throws IOException {
        for (String name : List.of("agreement.csv", "difference.csv", "importance.csv")) {
            Files.writeString(beside.resolve(name), "one");
        }
        select(beside, 0);
    }

    private static void other(Path beside) throws IOException {
        for (String name : List.of("agreement.csv", "cross-similarity.csv", "importance.csv")) {
            Files.writeString(beside.resolve(name), "other");
        }
        select(beside, 1);
    }

    private static void select(Path beside, int layer) {
        SelectionFile.write(
                beside.resolve("selection.json"), SavedSelection.of(LayerSelection.byHand(Set.of(layer), 2)));
    }

    /** Texts of the files of a folder by their names, without lock files. */
    private static Map<String, String> texts(Path of) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (String name : FolderNames.of(of).all()) {
            if (!name.endsWith(".lock")) {
                texts.put(name, Files.isDirectory(of.resolve(name)) ? "folder" : Files.readString(of.resolve(name)));
            }
        }
        return texts;
    }

    /** Leaves what a writer leaves that was killed after a number of steps, from when all files are ready. */
    private Path killed(int steps, Path other) throws IOException {
        Path out = folder.resolve("killed" + steps);
        new ComparisonReplacement(out).replace(ComparisonReplacementTest::one, Progress.none());
        Path ready = Files.createDirectory(out.resolve(".comparison"));
        List<String> names = new ArrayList<>(FolderNames.of(other).all());
        names.removeIf(name -> name.startsWith("."));
        for (String name : names) {
            Files.copy(other.resolve(name), ready.resolve(name));
        }
        Path replaced = Files.writeString(ready.resolve("replaced.txt"), "difference.csv\n");
        List<Path> deleted = List.of(out.resolve("comparison.json"), out.resolve("difference.csv"), replaced);
        for (Path path : deleted.subList(0, Math.min(steps, deleted.size()))) {
            Files.delete(path);
        }
        names.remove("comparison.json");
        names.add("comparison.json");
        for (String name : names.subList(0, Math.max(0, Math.min(steps - deleted.size(), names.size())))) {
            Files.move(ready.resolve(name), out.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        return out;
    }

    @Test
    void whoeverComesNextFinishesAComparisonThatWasCutOff() throws IOException {
        Path other = folder.resolve("other");
        new ComparisonReplacement(other).replace(ComparisonReplacementTest::other, Progress.none());
        Map<String, String> whole = texts(other);
        for (int steps = 0; steps <= 8; steps++) {
            Path out = killed(steps, other);
            assertThat(ComparisonFolder.readSelection(out.resolve("selection.json"))
                            .selection()
                            .layers())
                    .as("after %d steps", steps)
                    .containsExactly(1);
            assertThat(texts(out)).as("after %d steps", steps).isEqualTo(whole);

            Folders.delete(out);
            killed(steps, other);
            new ComparisonReplacement(out).check();
            assertThat(texts(out)).as("after %d steps", steps).isEqualTo(whole);

            Folders.delete(out);
            killed(steps, other);
            new ComparisonReplacement(out).replace(ComparisonReplacementTest::other, Progress.none());
            assertThat(texts(out)).as("after %d steps", steps).isEqualTo(whole);
        }
    }

    /** The process writes one and the other by turns, and is killed, as {@code kill -9} does, at any moment. */
    @Test
    void aKilledWriterLeavesOneOrTheOther() throws Exception {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        new ComparisonReplacement(first).replace(ComparisonReplacementTest::one, Progress.none());
        new ComparisonReplacement(second).replace(ComparisonReplacementTest::other, Progress.none());
        List<Map<String, String>> wholes = List.of(texts(first), texts(second));
        Path out = folder.resolve("out");
        Random random = new Random(10);
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Writer.class.getName(),
                            out.toString())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines = process.inputReader()) {
                assertThat(lines.readLine()).isEqualTo("writing");
                TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
                assertThat(process.isAlive()).as("kill %d", kill).isTrue();
                process.destroyForcibly().waitFor();
            }
            new ComparisonReplacement(out).check();
            Map<String, String> found = texts(out);
            found.keySet().removeIf(name -> name.startsWith(".")); // unfinished, deleted by the next writer
            assertThat(found).as("kill %d", kill).isIn(wholes);
        }
    }

    /** Writes two comparisons into one folder by turns until it is killed. */
    static final class Writer {

        private Writer() {}

        public static void main(String... folders) {
            ComparisonReplacement out = new ComparisonReplacement(Path.of(folders[0]));
            out.replace(ComparisonReplacementTest::one, Progress.none());
            System.out.println("writing");
            while (true) {
                out.replace(ComparisonReplacementTest::other, Progress.none());
                out.replace(ComparisonReplacementTest::one, Progress.none());
            }
        }
    }

    @Test
    void filesOfAnAnalysisAreNotReplacedByAComparisonThatWasCutOff() throws IOException {
        Path ready = Files.createDirectory(folder.resolve(".comparison"));
        Files.writeString(ready.resolve("importance.csv"), "of the comparison");
        Files.writeString(folder.resolve("importance.csv"), "of the analysis");
        Files.writeString(folder.resolve("analysis.json"), "{}");

        new ComparisonReplacement(folder).finish();

        assertThat(folder.resolve("importance.csv")).hasContent("of the analysis");
    }

    @Test
    void whoeverCancelsWhileItIsWrittenKeepsTheEarlierOne() throws IOException {
        new ComparisonReplacement(folder).replace(this::agreement, Progress.none());
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicFiles.Writer other = beside -> {
            Files.writeString(beside.resolve("agreement.csv"), "of the other");
            cancelled.set(true);
        };

        assertThatThrownBy(
                        () -> new ComparisonReplacement(folder).replace(other, CancelledProgress.when(cancelled::get)))
                .isInstanceOf(CancelledException.class);
        assertThat(folder.resolve("agreement.csv")).hasContent("false");
    }

    @Test
    void filesOfOthersWhoseNamesDifferByCaseAreNotReplaced() throws IOException {
        Path mine = Files.writeString(folder.resolve("Agreement.csv"), "my own");
        assumeTrue(Files.exists(folder.resolve("agreement.csv")), "the file system tells upper from lower case");
        assertThatThrownBy(() -> new ComparisonReplacement(folder).replace(this::agreement, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(mine + " is no file of an earlier comparison");
        assertThat(mine).hasContent("my own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"comparison.json", "selection.json", "agreement.csv"})
    @DisabledOnOs(OS.WINDOWS)
    void nothingIsWrittenThroughALink(String name, @TempDir Path elsewhere) throws IOException {
        new ComparisonReplacement(folder).replace(ComparisonReplacementTest::one, Progress.none());
        Path file = Files.move(folder.resolve(name), elsewhere.resolve("mine"));
        String mine = Files.readString(file);
        Path link = Files.createSymbolicLink(folder.resolve(name), file);

        assertThatThrownBy(() -> new ComparisonReplacement(folder).check())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(link + " is a link");
        assertThatThrownBy(() ->
                        new ComparisonReplacement(folder).replace(ComparisonReplacementTest::other, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(link + " is a link");
        assertThat(file).hasContent(mine);
        assertThat(link).isSymbolicLink();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisabledOnOs(OS.WINDOWS)
    void noLockFileIsMadeThroughALink(boolean dangling, @TempDir Path elsewhere) throws IOException {
        Path target = elsewhere.resolve("target");
        if (!dangling) {
            Files.createFile(target);
        }
        Path link = Files.createSymbolicLink(folder.resolve(".comparison.lock"), target);

        assertThatThrownBy(() -> new ComparisonReplacement(folder).check())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(link + " is a link");
        assertThatThrownBy(() -> new ComparisonReplacement(folder).replace(this::agreement, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(link + " is a link");
        assertThat(folder.resolve("agreement.csv")).doesNotExist();
        assertThat(Files.exists(target)).isEqualTo(!dangling);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkInItsPlaceIsNotFollowed(@TempDir Path elsewhere) throws IOException {
        Path mine = Files.writeString(elsewhere.resolve("mine"), "text");
        Files.createSymbolicLink(folder.resolve(".comparison"), elsewhere);
        new ComparisonReplacement(folder).replace(this::agreement, Progress.none());
        assertThat(mine).hasContent("text");
        assertThat(folder.resolve("agreement.csv")).exists();
        assertThat(elsewhere).isDirectoryNotContaining(path -> !path.equals(mine));
    }
}

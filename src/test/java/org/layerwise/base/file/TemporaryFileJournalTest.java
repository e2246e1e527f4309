package org.layerwise.base.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemporaryFileJournalTest {

    @TempDir
    Path folder;

    @Test
    void whatAKilledProcessWroteIsDeletedAndNothingElse() throws IOException, InterruptedException {
        Path journals = folder.resolve("journals");
        Path results = Files.createDirectories(folder.resolve("results of all"));
        Path foreign = Files.createFile(results.resolve(".model.part" + UUID.randomUUID()));
        Process process = writer(journals, results);
        BufferedReader said = process.inputReader();
        assertThat(said.readLine()).isEqualTo("writing");
        assertThat(unfinished(results)).hasSize(4);

        new TemporaryFileJournal().sweep(journals); // it is alive
        assertThat(unfinished(results)).hasSize(4);
        assertThat(new TemporaryFileJournal().alone(journals)).isFalse();
        process.destroyForcibly().waitFor();
        new TemporaryFileJournal().sweep(journals);

        assertThat(unfinished(results)).containsExactly(foreign);
        assertThat(results.resolve("done.txt")).hasContent("done");
        assertThat(journals).isEmptyDirectory();
    }

    @Test
    void aJournalThatNamesOtherFilesDeletesNone() throws IOException {
        Path journals = Files.createDirectories(folder.resolve("journals"));
        Path precious = Files.writeString(folder.resolve("precious.txt"), "text");
        Files.writeString(journals.resolve("a.journal"), precious + "\0relative\0" + folder + "\0\0half a pa");

        new TemporaryFileJournal().sweep(journals);

        assertThat(precious).hasContent("text");
        assertThat(journals).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFolderThatAKilledProcessWasReplacingIsBackUnlessTheOtherIsThere(boolean otherThere) throws IOException {
        Path results = Files.createDirectory(folder.resolve("x".repeat(80))); // too long to be a part of the other name
        Files.writeString(results.resolve("a"), "earlier");
        Path aside = ReplacedFolder.moveAside(results).aside();
        assertThat(results).doesNotExist();
        if (otherThere) {
            Files.writeString(Files.createDirectory(results).resolve("a"), "finished");
        }
        Path journals = Files.createDirectories(folder.resolve("journals"));
        Files.writeString(journals.resolve("a.journal"), "\0" + aside + "\0");

        new TemporaryFileJournal().sweep(journals);

        assertThat(results.resolve("a")).hasContent(otherThere ? "finished" : "earlier");
        assertThat(folder).isDirectoryNotContaining("glob:**.earlier*");
        assertThat(journals).isEmptyDirectory();
    }

    /** As on a network file system that does not pass locks on to other hosts. */
    @Test
    void withoutALockTheProcessDecides() throws IOException {
        JournalOwner here = JournalOwner.current();
        JournalOwner dead = owner(here.host(), here.boot(), here.processes(), Long.MAX_VALUE, here.started());
        JournalOwner reused = owner(here.host(), here.boot(), here.processes(), here.pid(), here.started() - 3_600_000);
        JournalOwner earlier = owner(here.host(), "other", here.processes(), here.pid(), here.started());
        JournalOwner otherHost = owner("other/", "other", here.processes(), Long.MAX_VALUE, here.started());
        JournalOwner container = owner(here.host(), here.boot(), "other", Long.MAX_VALUE, here.started());

        assertThat(JournalOwner.of(here.text())).contains(here);
        assertThat(List.of(here, otherHost, container)).noneMatch(this::isSwept);
        assertThat(List.of(dead, reused, earlier)).allMatch(this::isSwept);
    }

    private static JournalOwner owner(String host, String boot, String processes, long pid, long started) {
        return new JournalOwner(host, boot, processes, pid, started);
    }

    private boolean isSwept(JournalOwner owner) {
        try {
            Path journals = Files.createDirectories(folder.resolve("journals"));
            Path part = Files.createDirectory(folder.resolve(".model.part" + UUID.randomUUID()));
            Path journal = Files.writeString(
                    journals.resolve(UUID.randomUUID() + ".journal"), owner.text() + "\0" + part + "\0");
            new TemporaryFileJournal().sweep(journals);
            assertThat(Files.exists(journal)).isEqualTo(Files.exists(part));
            return !Files.exists(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsFinishedLeavesTheJournal() throws IOException {
        Path journals = folder.resolve("journals");
        TemporaryFileJournal leftovers = new TemporaryFileJournal();
        leftovers.begin(journals);
        Path one = folder.resolve(".one.part" + UUID.randomUUID());

        long before = size(journals);
        leftovers.add(one);
        assertThat(size(journals)).isGreaterThan(before);
        leftovers.remove(one);

        assertThat(size(journals)).isEqualTo(before);
        assertThat(leftovers.alone(journals)).isTrue();
        leftovers.sweep(journals); // its own journal stays
        assertThat(journals).isNotEmptyDirectory();
    }

    private static long size(Path journals) throws IOException {
        try (Stream<Path> found = Files.list(journals)) {
            return Files.size(found.findFirst().orElseThrow());
        }
    }

    private static List<Path> unfinished(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(UnfinishedFiles::isUnfinished).toList();
        }
    }

    private static Process writer(Path journals, Path results) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Writer.class.getName(),
                        journals.toString(),
                        results.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Writes one file to the end, and a file, a folder and a temporary folder for ever. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] args) throws IOException {
            TemporaryFileJournal.ofProcess().begin(Path.of(args[0]));
            Path results = Path.of(args[1]);
            AtomicFiles.writeString(results.resolve("done.txt"), "done");
            System.setProperty("java.io.tmpdir", results.toString());
            TemporaryFolder work = TemporaryFolder.make("job");
            Files.writeString(work.path().resolve("plan.json"), "{}");
            AtomicFiles.writeFolder(results.resolve("model"), folder -> {
                Files.writeString(folder.resolve("weights"), "many");
                AtomicFiles.write(results.resolve("picture.png"), file -> {
                    System.out.println("writing");
                    sleep();
                });
            });
        }

        private static void sleep() {
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

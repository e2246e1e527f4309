package org.layerwise.base.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.UserException;

class AtomicFilesTest {

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
        AtomicFiles.writeString(file, "old");
        assertThatThrownBy(() -> AtomicFiles.write(file, beside -> {
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
        assertThatThrownBy(() -> AtomicFiles.writeFolder(folder.resolve("model"), beside -> {
                    Files.writeString(beside.resolve("half"), "half");
                    throw new CancelledException();
                }))
                .isInstanceOf(CancelledException.class);
        assertThat(entries()).isZero();
    }

    @Test
    void aFolderReplacesTheOldOne() throws IOException {
        Path target = folder.resolve("model");
        AtomicFiles.writeFolder(target, beside -> Files.writeString(beside.resolve("a"), "1"));
        AtomicFiles.writeFolder(target, beside -> Files.writeString(beside.resolve("b"), "2"));
        assertThat(target.resolve("a")).doesNotExist();
        assertThat(target.resolve("b")).hasContent("2");
        assertThat(entries()).isEqualTo(1);
    }

    @Test
    void aNewFolderReplacesNothing() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        AtomicFiles.writeNewFolder(empty, beside -> Files.writeString(beside.resolve("a"), "1"));
        assertThat(empty.resolve("a")).hasContent("1");

        Path used = folder.resolve("used");
        assertThatThrownBy(() -> AtomicFiles.writeNewFolder(
                        used,
                        beside -> Files.writeString(Files.createDirectory(used).resolve("b"), "mine")))
                .isInstanceOf(UserException.class)
                .hasMessage("The folder %s is not empty any longer; name a new one.".formatted(used));
        assertThat(used.resolve("b")).hasContent("mine");

        Path file = folder.resolve("file");
        assertThatThrownBy(() -> AtomicFiles.writeNewFolder(file, beside -> Files.writeString(file, "mine")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("something of that name is in the way");
        assertThat(file).hasContent("mine");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("empty", "used", "file");
    }

    /** A process may be killed at any moment, so at any moment the old or the new folder must be whole. */
    @Test
    void atEveryMomentOneOfTheFoldersIsWhole() throws Exception {
        int files = 3_000;
        Path target = folder.resolve("out");
        AtomicFiles.Writer writer = beside -> {
            for (int i = 0; i < files; i++) {
                Files.createFile(beside.resolve("file" + i));
            }
        };
        AtomicFiles.writeFolder(target, writer);
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Integer> fewest = CompletableFuture.supplyAsync(() -> {
            int least = files;
            while (!ended.get()) {
                least = Math.min(least, most(folder));
            }
            return least;
        });
        AtomicFiles.writeFolder(target, writer);
        ended.set(true);

        assertThat(fewest.get(1, TimeUnit.MINUTES)).isEqualTo(files);
        assertThat(folder.toFile().list()).containsExactly("out");
    }

    /**
     * The number of files in the fullest folder but for those that the next start deletes; a folder that is renamed meanwhile is
     * counted again.
     */
    private static int most(Path parent) {
        int most = 0;
        for (int attempt = 0; attempt < 5; attempt++) {
            for (String name : Objects.requireNonNull(parent.toFile().list())) {
                if (!name.contains(".part")) {
                    most = Math.max(most, count(parent.resolve(name)));
                }
            }
        }
        return most;
    }

    /** The number of files in a folder, or in the folder that was moved aside into it. */
    private static int count(Path folder) {
        String[] files = folder.toFile().list();
        if (files == null) {
            return 0;
        }
        return files.length == 1 ? Math.max(1, count(folder.resolve(files[0]))) : files.length;
    }

    @Test
    void aFolderThatCannotBeWrittenLeavesTheEarlierOne() throws IOException {
        Path target = folder.resolve("out");
        AtomicFiles.writeFolder(target, beside -> Files.writeString(beside.resolve("a"), "earlier"));

        assertThatThrownBy(() -> AtomicFiles.writeFolder(target, Files::delete)).isInstanceOf(UserException.class);

        assertThat(target.resolve("a")).hasContent("earlier");
        assertThat(folder.toFile().list()).containsExactly("out");
    }

    @Test
    void aFileInTheWayOfAFolderIsNamed() throws IOException {
        Path file = folder.resolve("taken");
        Files.writeString(file, "a file");
        assertThatThrownBy(() -> WritablePaths.requireFolder(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a file, not a folder");
        assertThatThrownBy(() -> WritablePaths.requireFolder(file.resolve("below")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> AtomicFiles.writeString(file.resolve("below.txt"), "text"))
                .isInstanceOf(UserException.class);
    }

    @Test
    void aFolderInTheWayOfAFileIsNamed() throws IOException {
        Path target = Files.createDirectory(folder.resolve("taken"));

        assertThatThrownBy(() -> WritablePaths.requireFile(target))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write %s: it is a folder; name a file.", target);
        assertThatThrownBy(() -> AtomicFiles.writeString(target, "text")).hasMessageContaining("it is a folder");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void theFolderOfAFileIsCheckedBeforeTheWork() throws IOException {
        Path file = Files.writeString(folder.resolve("taken"), "a file");

        assertThatThrownBy(() -> WritablePaths.requireFile(file.resolve("below.json")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a file, not a folder");
        WritablePaths.requireFile(folder.resolve("new/result.json"));
        assertThat(folder.resolve("new")).isEmptyDirectory();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkStaysAndWhatItLeadsToIsWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("real"), "old");
        Path real = Files.createDirectory(folder.resolve("folder"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
        Path folderLink = Files.createSymbolicLink(folder.resolve("folder-link"), Path.of("folder"));

        AtomicFiles.writeString(link, "new");
        WritablePaths.requireFolder(folderLink);
        AtomicFiles.writeNewFolder(folderLink, beside -> Files.writeString(beside.resolve("a"), "1"));

        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
        assertThat(folderLink).isSymbolicLink();
        assertThat(real.resolve("a")).hasContent("1");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkInTheWayOfAFolderIsReplacedAndWhatItLeadsToStays() throws IOException {
        Path others = Files.createDirectory(folder.resolve("others"));
        Files.writeString(others.resolve("mine"), "text");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("others"));
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));

        for (Path target : List.of(link, dangling)) {
            AtomicFiles.writeFolder(target, beside -> Files.writeString(beside.resolve("a"), "1"));

            assertThat(target).isDirectory();
            assertThat(Files.isSymbolicLink(target)).isFalse();
            assertThat(target.resolve("a")).hasContent("1");
        }
        assertThat(others.resolve("mine")).hasContent("text");
        assertThat(entries()).isEqualTo(3);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkThatLeadsNowhereAndAPipeAreRefused() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
        Path pipe = folder.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();

        assertThatThrownBy(() -> AtomicFiles.writeString(link, "text"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a link that leads nowhere");
        assertThatThrownBy(() -> WritablePaths.requireFolder(link))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a link that leads nowhere");
        assertThatThrownBy(() -> AtomicFiles.writeString(pipe, "text"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a pipe or a device");
        assertThat(entries()).isEqualTo(2);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void permissionsAreThoseOfAnyNewFileOfTheUser() throws IOException {
        Path usual = Files.createFile(folder.resolve("usual"));
        Path usualFolder = Files.createDirectory(folder.resolve("usual-folder"));

        AtomicFiles.writeString(folder.resolve("file"), "text");
        AtomicFiles.writeFolder(folder.resolve("made"), beside -> {});

        assertThat(Files.getPosixFilePermissions(folder.resolve("file")))
                .isEqualTo(Files.getPosixFilePermissions(usual));
        assertThat(Files.getPosixFilePermissions(folder.resolve("made")))
                .isEqualTo(Files.getPosixFilePermissions(usualFolder));
    }

    @Test
    void anUnfinishedFolderThatWasDeletedIsNotMadeAnew() throws IOException {
        Path target = folder.resolve("model");

        assertThatThrownBy(() -> AtomicFiles.writeFolder(target, beside -> {
                    AtomicFiles.writeString(beside.resolve("inner/tokenizer.json"), "{}");
                    Folders.delete(beside);
                    AtomicFiles.writeString(beside.resolve("inner/model.safetensors"), "many");
                }))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("The unfinished folder " + folder)
                .hasMessageEndingWith("start again.");
        assertThat(entries()).isZero();
    }

    @Test
    void aLongNameCanBeWritten() {
        Path file = folder.resolve("a".repeat(250));

        AtomicFiles.writeString(file, "text");

        assertThat(file).hasContent("text");
    }

    @Test
    void aCheckLeavesNoFolderBehind() throws IOException {
        WritablePaths.checkFolder(folder.resolve("a/b/c"));
        assertThat(folder.resolve("a")).doesNotExist();
        Files.createDirectory(folder.resolve("a"));
        WritablePaths.checkFolder(folder.resolve("a"));
        assertThat(folder.resolve("a")).isEmptyDirectory();
    }

    @Test
    void aTemporaryFileIsGoneWithItsChannel() throws IOException {
        try (FileChannel channel = UnfinishedFiles.openTemporary(folder, "cache")) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 5);
            ByteBuffer back = ByteBuffer.allocate(3);
            channel.read(back, 5);
            assertThat(back.array()).containsExactly(1, 2, 3);
        }
        assertThat(entries()).isZero();
        assertThatThrownBy(() -> UnfinishedFiles.openTemporary(folder.resolve("missing"), "cache"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void whatASystemLeavesOfATemporaryFileCountsAsUnfinished() throws IOException {
        Path left = Files.createFile(folder.resolve(".cache.part" + UUID.randomUUID()));
        UnfinishedFiles.deleteIn(folder);
        assertThat(left).doesNotExist();
    }

    @Test
    void startsIntoOneNewFolderAtOnceDoNotDisturbEachOther() throws Exception {
        ExecutorService starts = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 200; round++) {
                Path out = folder.resolve("round" + round + "/new/run");
                List<Callable<Void>> all = Collections.nCopies(4, () -> {
                    WritablePaths.checkFolder(out);
                    WritablePaths.requireFolder(out);
                    return null;
                });
                for (Future<Void> start : starts.invokeAll(all)) {
                    start.get();
                }
                assertThat(out).isEmptyDirectory();
            }
        } finally {
            starts.shutdownNow();
        }
    }
}

package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.sshd.sftp.common.SftpConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.ResponseLimit;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.TemporaryFileJournal;
import org.layerwise.remote.ssh.HostKey;
import org.layerwise.remote.ssh.KnownHosts;
import org.layerwise.remote.ssh.RawSftp;
import org.layerwise.remote.ssh.SshAddress;
import org.layerwise.remote.ssh.SshConnection;
import org.layerwise.remote.ssh.SshHost;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.PlainSsh;

/** The same on a shared folder and by SFTP. */
@Timeout(60)
class JobStorageTest {

    @TempDir
    Path folder;

    private final AtomicReference<SshHost> host = new AtomicReference<>();

    private final AtomicReference<SshConnection> ssh = new AtomicReference<>();

    private Consumer<SshHost> prepare = opened -> {};

    private enum Way {
        SHARED,
        SFTP
    }

    private interface Body {
        void run(JobStorage storage) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void whatWasOnlyMadeToLookIsTakenBack(Way way) throws Exception {
        on(way, storage -> {
            Path root = folder.resolve("storage");
            storage.requireWritable();
            assertThat(root).isEmptyDirectory();
            storage.withdraw();
            assertThat(root).doesNotExist();
            storage.requireWritable();
            storage.put("jobs/a", "words");
            storage.withdraw();
            assertThat(root.resolve("jobs/a")).hasContent("words");
            storage.deleteFile("jobs/a");
            Files.delete(root.resolve("jobs"));
            storage.requireWritable();
            storage.withdraw();
            assertThat(root).as("made before").isEmptyDirectory();
        });
    }

    private void on(Way way, Body body) throws Exception {
        Path root = folder.resolve("storage");
        StorageFolder named = new StorageFolder(root.toString(), Optional.empty());
        if (way == Way.SHARED) {
            try (JobStorage storage = JobStorage.shared(new StorageFolder("/elsewhere", Optional.of(root)), root)) {
                body.run(storage);
            }
            return;
        }
        KeyPair key = SshHost.key("ssh-ed25519");
        try (SshHost opened = new SshHost(SshHost.key("ssh-ed25519"))) {
            host.set(opened);
            prepare.accept(opened);
            opened.allow(key);
            Path keys = Files.createDirectories(folder.resolve("ssh"));
            SshHost.write(keys.resolve("id_ed25519"), key, null);
            SshSetup setup = new SshSetup(
                    keys,
                    Optional.empty(),
                    new KnownHosts(List.of(), folder.resolve("known_hosts")),
                    new SshQuestions() {
                        @Override
                        public boolean trust(HostKey shown) {
                            return true;
                        }

                        @Override
                        public char[] passphrase(Path file, boolean wrong) {
                            return new char[0];
                        }
                    },
                    Duration.ofSeconds(10));
            SshAddress address = new SshAddress(Optional.of("ada"), "127.0.0.1", OptionalInt.of(opened.port()));
            try (SshConnection connection = SshConnection.open(PlainSsh.to(address), setup, Progress.none());
                    JobStorage storage = JobStorage.over(connection, named)) {
                ssh.set(connection);
                body.run(storage);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void filesGoThereAndComeBack(Way way) throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("rows.bin"), bytes);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        on(way, storage -> {
            storage.requireWritable();
            assertThat(storage.has("jobs/a/rows.bin")).isFalse();
            storage.makeFolder("jobs/a");
            storage.put("jobs/a/rows.bin", file, Progress.none());
            storage.put("jobs/a/note.txt", "first");
            storage.put("jobs/a/note.txt", "Zürich");

            assertThat(storage.has("jobs/a/rows.bin")).isTrue();
            assertThat(storage.text("jobs/a/note.txt")).isEqualTo("Zürich");
            assertThat(storage.bytes("jobs/a/note.txt", 3, 100)).isEqualTo("rich".getBytes(StandardCharsets.UTF_8));
            assertThat(storage.bytes("jobs/a/note.txt", 7, 100)).isEmpty();
            assertThat(storage.bytes("jobs/a/none", 0, 100)).isEmpty();
            Path back = folder.resolve("back/rows.bin");
            JobResults.Written written = new JobResults.Written(sha256, bytes.length);
            storage.fetch("jobs/a/rows.bin", back, written, Progress.none());
            assertThat(back).hasBinaryContent(bytes);

            for (JobResults.Written wrong : List.of(
                    new JobResults.Written("00" + sha256.substring(2), bytes.length),
                    new JobResults.Written(sha256, bytes.length - 1),
                    new JobResults.Written(sha256, bytes.length + 1))) {
                assertThatThrownBy(
                                () -> storage.fetch("jobs/a/rows.bin", folder.resolve("wrong"), wrong, Progress.none()))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining("SHA-256");
            }
            assertThat(folder.resolve("wrong")).doesNotExist();
            assertThatThrownBy(() -> storage.fetch("jobs/a/none", folder.resolve("none"), written, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("There is no file " + storage.there("jobs/a/none"));

            storage.delete("jobs/a");
            storage.delete("jobs/a");
            assertThat(storage.has("jobs/a")).isFalse();
        });
    }

    @Test
    void aConnectionThatBreaksWhileFetchingIsNoFaultOfTheFileHere() throws Exception {
        byte[] bytes = new byte[8_000_000];
        Path file = Files.write(folder.resolve("rows.bin"), bytes);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        Path back = folder.resolve("back/rows.bin");
        Progress cutting = new Progress() {
            @Override
            public void report(double fraction, String message) {
                host.get().cut();
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
        on(Way.SFTP, storage -> {
            storage.put("jobs/a/rows.bin", file, Progress.none());
            JobResults.Written written = new JobResults.Written(sha256, bytes.length);

            assertThatThrownBy(() -> storage.fetch("jobs/a/rows.bin", back, written, cutting))
                    .isInstanceOf(IOException.class);
        });
        assertThat(back.getParent()).isEmptyDirectory();
    }

    @Test
    void aConnectionThatBreaksBeforeADeletionIsNoFaultOfTheProgram() throws Exception {
        on(Way.SFTP, storage -> {
            storage.put("a", "words");
            Path file = ssh.get().files().getPath(storage.there("a"));
            ssh.get().close();

            assertThatThrownBy(() -> JobStorage.remove(file)).isInstanceOf(IOException.class);
        });
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCutOffLeavesNothing(Way way) throws Exception {
        Path file = Files.write(folder.resolve("rows.bin"), new byte[2_000_000]);
        AtomicInteger asked = new AtomicInteger();
        on(way, storage -> {
            assertThatThrownBy(() -> storage.put(
                            "jobs/a/rows.bin", file, CancelledProgress.when(() -> asked.incrementAndGet() > 3)))
                    .isInstanceOf(CancelledException.class);
            try (var left = Files.list(folder.resolve("storage/jobs/a"))) {
                assertThat(left).isEmpty();
            }
        });
    }

    @Test
    void aPlaceThatCannotBeWrittenIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        JobStorage storage = JobStorage.shared(new StorageFolder("/elsewhere", Optional.empty()), file);

        assertThatThrownBy(storage::requireWritable)
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest
    @EnumSource
    void onlyFoldersThatThisProgramHasMadeAreDeleted(Way way) throws Exception {
        Path root = Files.createDirectories(folder.resolve("storage"));
        Path precious = Files.createDirectories(folder.resolve("precious"));
        Files.writeString(precious.resolve("thesis.txt"), "years of work");
        on(way, storage -> {
            storage.put("jobs/other/data", "not of a job");
            storage.makeFolder("jobs/a");
            storage.put("jobs/a/run/one", "1");
            Files.createSymbolicLink(root.resolve("jobs/a/run/link"), precious);
            Files.createSymbolicLink(root.resolve("jobs/a/link"), precious.resolve("thesis.txt"));
            Files.createSymbolicLink(root.resolve("jobs/b"), precious);
            Files.createDirectories(root.resolve("jobs/c"));
            Files.writeString(root.resolve("jobs/c/.layerwise"), "a\n");

            assertThatThrownBy(() -> storage.delete("jobs/other")).hasMessageContaining("was not made by Layerwise");
            assertThatThrownBy(() -> storage.delete("jobs/c")).hasMessageContaining("was not made by Layerwise");
            assertThatThrownBy(() -> storage.delete("jobs")).hasMessageContaining("was not made by Layerwise");
            assertThatThrownBy(() -> storage.delete("jobs/b")).hasMessageContaining("is a link");
            assertThatThrownBy(() -> storage.put("jobs/b/stop", "stop")).hasMessageContaining("is a link");
            assertThatThrownBy(() -> storage.text("jobs/a/link")).hasMessageContaining("is a link");
            storage.delete("jobs/a");

            assertThat(root.resolve("jobs/a")).doesNotExist();
            assertThat(root.resolve("jobs/other/data")).exists();
            assertThat(root.resolve("jobs/c")).exists();
            assertThat(precious).isDirectoryContaining(file -> file.endsWith("thesis.txt"));
            assertThat(precious.resolve("stop")).doesNotExist();
        });
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReadIntoMemoryIsLimitedAndOrdinary(Way way) throws Exception {
        Path root = Files.createDirectories(folder.resolve("storage"));
        Files.write(root.resolve("large"), new byte[ResponseLimit.MOST_BYTES + 1]);
        Files.writeString(root.resolve("log"), "first\nlast\n");
        assertThat(new ProcessBuilder("mkfifo", root.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        on(way, storage -> {
            assertThatThrownBy(() -> storage.text("large"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContainingAll(storage.there("large"), "the most that Layerwise reads of an answer");
            assertThat(storage.tail("log", 5)).isEqualTo("last\n".getBytes(StandardCharsets.UTF_8));
            assertThat(storage.tail("large", 7)).hasSize(7);
            assertThatThrownBy(() -> storage.text("pipe")).hasMessageContaining("is not an ordinary file");
        });
    }

    @ParameterizedTest
    @EnumSource
    void aLinkOnTheWayOfAnUnfinishedFileLeadsNowhere(Way way) throws Exception {
        Path root = Files.createDirectories(folder.resolve("storage/jobs/a"));
        Path precious = Files.writeString(folder.resolve("thesis.txt"), "years of work");
        Files.createSymbolicLink(root.resolve(".stop.part"), precious);
        on(way, storage -> {
            storage.put("jobs/a/stop", "stop\n");

            assertThat(precious).hasContent("years of work");
            assertThat(root.resolve("stop")).hasContent("stop").satisfies(file -> assertThat(Files.isSymbolicLink(file))
                    .isFalse());
        });
    }

    @Test
    void whatAKilledProcessLeavesInASharedFolderIsDeletedAtTheNextStart() throws Exception {
        Path journals = folder.resolve("journals");
        Path root = folder.resolve("storage");
        Process killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledWhileSending.class.getName(),
                        journals.toString(),
                        root.toString())
                .inheritIO()
                .start();
        assertThat(killed.waitFor()).isEqualTo(KilledWhileSending.KILLED);
        assertThat(root.resolve("jobs/a")).isNotEmptyDirectory();

        TemporaryFileJournal.ofProcess().sweep(journals);
        assertThat(root.resolve("jobs/a")).isEmptyDirectory();
    }

    /** A process that ends in the middle of a file, as one that is killed does. */
    static final class KilledWhileSending {

        private static final int KILLED = 137;

        private KilledWhileSending() {}

        /** @param folders that of the journals and the shared one */
        public static void main(String[] folders) throws IOException {
            TemporaryFileJournal.ofProcess().begin(Path.of(folders[0]));
            Path root = Path.of(folders[1]);
            Path file = Files.write(root.resolveSibling("rows.bin"), new byte[3_000_000]);
            try (JobStorage storage = JobStorage.shared(new StorageFolder("/elsewhere", Optional.of(root)), root)) {
                storage.put("jobs/a/rows.bin", file, new Progress() {
                    @Override
                    public void report(double fraction, String message) {
                        Runtime.getRuntime().halt(KILLED);
                    }

                    @Override
                    public boolean cancelled() {
                        return false;
                    }
                });
            }
        }
    }

    private void answerTo(int request, int type, int... numbers) {
        prepare = opened -> opened.answerFiles(new RawSftp(Map.of(request, RawSftp.answer(type, numbers))));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -2, 5, Integer.MAX_VALUE})
    void aPieceOfAnImpossibleLengthIsABrokenAnswer(int length) throws Exception {
        answerTo(SftpConstants.SSH_FXP_READ, SftpConstants.SSH_FXP_DATA, length, 0);
        on(Way.SFTP, storage -> assertThatThrownBy(() -> storage.text("jobs/a.txt"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("breaks SFTP"));
    }

    @Test
    void piecesOfNothingWithoutAnEndAreABrokenAnswer() throws Exception {
        answerTo(SftpConstants.SSH_FXP_READ, SftpConstants.SSH_FXP_DATA, 0);
        on(Way.SFTP, storage -> {
            JobResults.Written written = new JobResults.Written("00".repeat(32), 2);

            assertThatThrownBy(() -> storage.text("jobs/a.txt"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("breaks SFTP");
            assertThatThrownBy(() -> storage.fetch("jobs/a.txt", folder.resolve("a.txt"), written, Progress.none()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("breaks SFTP");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 30_000, Integer.MAX_VALUE})
    void anImpossibleNumberOfNamesIsABrokenAnswer(int count) throws Exception {
        answerTo(SftpConstants.SSH_FXP_READDIR, SftpConstants.SSH_FXP_NAME, count);
        on(Way.SFTP, storage -> assertThatThrownBy(() -> storage.delete("jobs/a"))
                .isInstanceOf(IOException.class));
    }

    @Test
    void attributesThatLackWhatTheyAnnounceAreABrokenAnswer() throws Exception {
        answerTo(SftpConstants.SSH_FXP_LSTAT, SftpConstants.SSH_FXP_ATTRS, -1);
        on(Way.SFTP, storage -> assertThatThrownBy(() -> storage.text("jobs/a.txt"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("breaks SFTP"));
    }

    @Test
    void aFolderThatListsNamesWithoutEndIsNotDeleted() throws Exception {
        on(Way.SFTP, storage -> {
            storage.makeFolder("jobs/a");
            host.get().crowd(folder.resolve("storage/jobs/a"));

            assertThatThrownBy(() -> storage.delete("jobs/a"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("jobs/a holds more than 100,000 files");
            assertThat(storage.has("jobs/a/.layerwise")).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void theFirstThatIsDeletedIsTold(Way way) throws Exception {
        AtomicInteger told = new AtomicInteger();
        on(way, storage -> {
            storage.makeFolder("jobs/a");
            Path nested = folder.resolve("storage/jobs/a/in");
            Files.createDirectories(nested.resolve("in/".repeat(120)));
            assertThatThrownBy(() -> storage.delete("jobs/a", told::incrementAndGet))
                    .hasMessageContaining("nests more than 100 folders");
            assertThat(told).hasValue(0);

            Folders.delete(nested);
            storage.put("jobs/a/run/one", "1");
            storage.delete("jobs/a", told::incrementAndGet);
            assertThat(told).hasValue(1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void foldersThatNestDeeperThanThoseOfAJobAreNotDeleted(Way way) throws Exception {
        on(way, storage -> {
            storage.makeFolder("jobs/a");
            Files.createDirectories(folder.resolve("storage/jobs/a").resolve("in/".repeat(120)));

            assertThatThrownBy(() -> storage.delete("jobs/a"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("nests more than 100 folders");
            assertThat(storage.has("jobs/a/.layerwise")).isTrue();
        });
    }
}

package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

class RemoteLogTailTest {

    @TempDir
    Path folder;

    private Path there;
    private Path here;
    private JobStorage storage;
    private RemoteLogTail mirror;

    @BeforeEach
    void begin() {
        there = folder.resolve("there/metrics.jsonl");
        here = folder.resolve("here/metrics.jsonl");
        storage = JobStorage.shared(new StorageFolder("/elsewhere", Optional.empty()), folder.resolve("there"));
        mirror = new RemoteLogTail("metrics.jsonl", here, () -> false);
    }

    private void write(String text, StandardOpenOption... how) throws IOException {
        Files.createDirectories(there.getParent());
        Files.writeString(there, text, how);
    }

    @Test
    void nothingIsThereYet() throws IOException {
        assertThat(mirror.fetch(storage, Progress.none()).lines()).isEmpty();
        assertThat(here).doesNotExist();
    }

    @Test
    void linesComeOnceAndWhole() throws IOException {
        write("one\ntwo\nthr");
        assertThat(mirror.fetch(storage, Progress.none()))
                .isEqualTo(new RemoteLogTail.News(true, List.of("one", "two"), false));
        assertThat(mirror.fetch(storage, Progress.none())).isEqualTo(new RemoteLogTail.News(false, List.of(), false));
        write("ee\nfour\n", StandardOpenOption.APPEND);
        assertThat(mirror.fetch(storage, Progress.none()))
                .isEqualTo(new RemoteLogTail.News(false, List.of("three", "four"), false));
        assertThat(here).hasContent("one\ntwo\nthree\nfour\n");
    }

    @Test
    void whatIsHereIsKnownAfterANewStart() throws IOException {
        write("one\ntwo\n");
        mirror.fetch(storage, Progress.none());
        write("three\n", StandardOpenOption.APPEND);

        assertThat(new RemoteLogTail("metrics.jsonl", here, () -> false).fetch(storage, Progress.none()))
                .isEqualTo(new RemoteLogTail.News(false, List.of("three"), false));
    }

    @Test
    void aJobThatWentBackToItsCheckpointIsReadAnew() throws IOException {
        write("one\ntwo\nthree\n");
        mirror.fetch(storage, Progress.none());
        write("one\ntwo\n");
        assertThat(mirror.fetch(storage, Progress.none()))
                .isEqualTo(new RemoteLogTail.News(true, List.of("one", "two"), false));
        assertThat(here).hasContent("one\ntwo\n");

        write("three\n", StandardOpenOption.APPEND);
        mirror.fetch(storage, Progress.none());
        write("one\ntwo\nother\nfour\n");
        assertThat(mirror.fetch(storage, Progress.none()))
                .as("longer than what is here, but another")
                .isEqualTo(new RemoteLogTail.News(true, List.of("one", "two", "other", "four"), false));
    }

    @Test
    void whatWasDeletedThereStaysHere() throws IOException {
        write("one\ntwo\n");
        mirror.fetch(storage, Progress.none());
        Files.delete(there);

        assertThat(mirror.fetch(storage, Progress.none())).isEqualTo(new RemoteLogTail.News(false, List.of(), false));
        assertThat(here).hasContent("one\ntwo\n");
        write("other\n");
        assertThat(mirror.fetch(storage, Progress.none()))
                .isEqualTo(new RemoteLogTail.News(true, List.of("other"), false));
    }

    /** Progress that runs an action once, when the lines are read and not yet written. */
    private static Progress meanwhile(Executable action) {
        AtomicBoolean done = new AtomicBoolean();
        return new Progress() {
            @Override
            public void report(double fraction, String message) {
                // not looked at
            }

            @Override
            public boolean cancelled() {
                if (!done.getAndSet(true)) {
                    assertThatCode(action::execute).doesNotThrowAnyException();
                }
                return false;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one\ntwo\n"})
    void twoFollowersWriteNoLineTwice(String before) throws IOException {
        if (!before.isEmpty()) {
            write(before);
            mirror.fetch(storage, Progress.none());
        }
        write(before + "three\nfour\n");
        RemoteLogTail other = new RemoteLogTail("metrics.jsonl", here, () -> false);

        assertThat(mirror.fetch(storage, meanwhile(() -> other.fetch(storage, Progress.none()))))
                .isEqualTo(new RemoteLogTail.News(false, List.of(), true));

        assertThat(here).hasContent(before + "three\nfour\n");
        assertThat(mirror.fetch(storage, Progress.none())).isEqualTo(new RemoteLogTail.News(false, List.of(), false));
        write("five\n", StandardOpenOption.APPEND);
        assertThat(mirror.fetch(storage, Progress.none()).lines()).containsExactly("five");
        assertThat(here).hasContent(before + "three\nfour\nfive\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one\n", "other\n"})
    void aFinishedFileIsNotChanged(String had) throws IOException {
        write(had);
        mirror.fetch(storage, Progress.none());
        write("one\ntwo\n");
        Path finished = Files.writeString(folder.resolve("finished"), "one\ntwo\nthree\n");

        mirror.fetch(storage, meanwhile(() -> Files.move(finished, here, StandardCopyOption.REPLACE_EXISTING)));

        assertThat(here).hasContent("one\ntwo\nthree\n");
    }

    @Test
    void aClosedCopyIsNotChanged() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        RemoteLogTail mine = new RemoteLogTail("metrics.jsonl", here, closed::get);
        write("one\n");
        mine.fetch(storage, Progress.none());
        write("two\n", StandardOpenOption.APPEND);

        mine.fetch(storage, meanwhile(() -> closed.set(true)));
        assertThat(here).hasContent("one\n");
        write("other\n");
        assertThat(mine.fetch(storage, Progress.none())).isEqualTo(new RemoteLogTail.News(false, List.of(), false));
        assertThat(here).hasContent("one\n");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLockFileThatIsALinkIsRefused() throws IOException {
        write("one\n");
        Files.createDirectories(here.getParent());
        Path lock = Files.createSymbolicLink(here.resolveSibling(".metrics.jsonl.lock"), folder.resolve("made"));

        assertThatThrownBy(() -> mirror.fetch(storage, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write %s: it is a link; remove it.".formatted(lock));
        assertThat(folder.resolve("made")).doesNotExist();
    }

    /** However it grows, is cut off and read, what is here is what is there. */
    @Test
    void theCopyIsAlwaysTheBeginningOfTheFile() throws IOException {
        Random random = new Random(3);
        List<String> seen = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (int turn = 0; turn < 400; turn++) {
            if (random.nextInt(10) == 0 && text.length() > 0) {
                int lines = (int) text.chars().filter(c -> c == '\n').count();
                int keep = random.nextInt(lines + 1);
                int at = 0;
                for (int i = 0; i < keep; i++) {
                    at = text.indexOf("\n", at) + 1;
                }
                text.setLength(at);
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                text.append("line ")
                        .append(number++)
                        .append(" ".repeat(random.nextInt(300)))
                        .append('\n');
            }
            String half = random.nextBoolean() ? "" : "half a li";
            write(text + half);
            if (random.nextBoolean()) {
                RemoteLogTail.News news = mirror.fetch(storage, Progress.none());
                if (news.anew()) {
                    seen.clear();
                }
                seen.addAll(news.lines());
                assertThat(seen).isEqualTo(text.toString().lines().toList());
                assertThat(Files.exists(here) ? Files.readString(here) : "").isEqualTo(text.toString());
            }
        }
        assertThat(seen).isNotEmpty();
    }

    @Test
    void aLargeFileComesInPiecesAndALineWithoutAnEndNotAtAll() throws IOException {
        byte[] line = (" ".repeat(1023) + "\n").getBytes(StandardCharsets.US_ASCII);
        Files.createDirectories(there.getParent());
        try (OutputStream out = Files.newOutputStream(there)) {
            for (int i = 0; i < 20_000; i++) {
                out.write(line);
            }
        }
        int lines = 0;
        int pieces = 0;
        RemoteLogTail.News news;
        do {
            news = mirror.fetch(storage, Progress.none());
            lines += news.lines().size();
            pieces++;
        } while (news.more());
        assertThat(lines).isEqualTo(20_000);
        assertThat(pieces).isEqualTo(2);
        assertThat(here).hasSameBinaryContentAs(there);

        Files.write(there, new byte[20 << 20]);
        assertThatThrownBy(() -> mirror.fetch(storage, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the most that Layerwise reads of an answer");
    }
}

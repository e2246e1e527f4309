package org.layerwise.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;

class MirroredLinesTest {

    @TempDir
    Path folder;

    private Path there;
    private Path here;
    private Storage storage;
    private MirroredLines mirror;

    @BeforeEach
    void begin() {
        there = folder.resolve("there/metrics.jsonl");
        here = folder.resolve("here/metrics.jsonl");
        storage = Storage.shared(new StorageFolder("/elsewhere", Optional.empty()), folder.resolve("there"));
        mirror = new MirroredLines("metrics.jsonl", here);
    }

    private void write(String text, StandardOpenOption... how) throws IOException {
        Files.createDirectories(there.getParent());
        Files.writeString(there, text, how);
    }

    @Test
    void nothingIsThereYet() throws IOException {
        assertThat(mirror.fetch(storage).lines()).isEmpty();
        assertThat(here).doesNotExist();
    }

    @Test
    void linesComeOnceAndWhole() throws IOException {
        write("one\ntwo\nthr");
        assertThat(mirror.fetch(storage)).isEqualTo(new MirroredLines.News(true, List.of("one", "two"), false));
        assertThat(mirror.fetch(storage)).isEqualTo(new MirroredLines.News(false, List.of(), false));
        write("ee\nfour\n", StandardOpenOption.APPEND);
        assertThat(mirror.fetch(storage)).isEqualTo(new MirroredLines.News(false, List.of("three", "four"), false));
        assertThat(here).hasContent("one\ntwo\nthree\nfour\n");
    }

    @Test
    void whatIsHereIsKnownAfterANewStart() throws IOException {
        write("one\ntwo\n");
        mirror.fetch(storage);
        write("three\n", StandardOpenOption.APPEND);

        assertThat(new MirroredLines("metrics.jsonl", here).fetch(storage))
                .isEqualTo(new MirroredLines.News(false, List.of("three"), false));
    }

    @Test
    void aJobThatWentBackToItsCheckpointIsReadAnew() throws IOException {
        write("one\ntwo\nthree\n");
        mirror.fetch(storage);
        write("one\ntwo\n");
        assertThat(mirror.fetch(storage)).isEqualTo(new MirroredLines.News(true, List.of("one", "two"), false));
        assertThat(here).hasContent("one\ntwo\n");

        write("three\n", StandardOpenOption.APPEND);
        mirror.fetch(storage);
        write("one\ntwo\nother\nfour\n");
        assertThat(mirror.fetch(storage))
                .as("longer than what is here, but another")
                .isEqualTo(new MirroredLines.News(true, List.of("one", "two", "other", "four"), false));
    }

    @Test
    void whatWasDeletedThereStaysHere() throws IOException {
        write("one\ntwo\n");
        mirror.fetch(storage);
        Files.delete(there);

        assertThat(mirror.fetch(storage)).isEqualTo(new MirroredLines.News(false, List.of(), false));
        assertThat(here).hasContent("one\ntwo\n");
        write("other\n");
        assertThat(mirror.fetch(storage)).isEqualTo(new MirroredLines.News(true, List.of("other"), false));
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
                MirroredLines.News news = mirror.fetch(storage);
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
        MirroredLines.News news;
        do {
            news = mirror.fetch(storage);
            lines += news.lines().size();
            pieces++;
        } while (news.more());
        assertThat(lines).isEqualTo(20_000);
        assertThat(pieces).isEqualTo(2);
        assertThat(here).hasSameBinaryContentAs(there);

        Files.write(there, new byte[20 << 20]);
        assertThatThrownBy(() -> mirror.fetch(storage))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the most that Layerwise reads of an answer");
    }
}

package org.layerwise.base.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;

class JsonTest {

    @TempDir
    private Path folder;

    @Test
    void anUnfinishedDocumentIsToldWithoutADumpOfTheSource() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "{\"layers\": [1,\n");

        assertThatThrownBy(() -> Json.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file + " is not valid JSON: it ends too early")
                .hasMessageEndingWith(" (line 2).")
                .message()
                .doesNotContain("REDACTED", "start marker", "Source");
    }

    @Test
    void bytesThatAreNoTextAreToldAsSuch() throws IOException {
        Path file = Files.write(folder.resolve("a.json"), new byte[] {0, 0, 0, 1, 2, 3, 4, 5, 6, 7});

        assertThatThrownBy(() -> Json.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file + " is not ")
                .message()
                .doesNotContain("Exception", "REDACTED");
    }

    @Test
    void anotherEncodingIsToldAsSuch() throws IOException {
        Path file = Files.write(folder.resolve("a.json"), "{\"name\": \"olé!\"}".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> Json.read(file))
                .isInstanceOf(UserException.class)
                .hasMessage(file + " is not text in UTF-8; save it in that encoding.");
        Files.write(file, "\uFEFF{\"name\": \"olé!\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(Json.read(file).path("name").asText())
                .as("a byte order mark is no part of the text")
                .isEqualTo("olé!");
    }

    @Test
    void namesOfEarlierFilesTakeNoMemoryInLaterOnes() throws IOException {
        for (int earlier = 0; earlier < 100; earlier++) {
            Json.read(named(earlier));
        }
        Path later = named(100);

        long before = allocated();
        Json.read(later);

        assertThat(allocated() - before).as("allocated bytes").isLessThan(1 << 20);
    }

    /** Writes an object whose one key has 40,000 characters that no other file has. */
    private Path named(int number) throws IOException {
        return Files.writeString(folder.resolve("named.json"), "{\"" + "[".repeat(40_000) + number + "\": 1}");
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}

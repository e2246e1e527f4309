package org.layerwise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.testing.FuzzRounds;
import org.layerwise.testing.Mutations;

/** Whatever a file holds, it is opened or refused by one sentence, and takes no more memory than its own size. */
class FuzzTest {

    private static final int SAFETENSORS = 20_000;
    private static final int JSON = 3_000;

    /** So many mutations come before the measuring, since the first ones load classes. */
    private static final int WARM_UP = 100;

    /** For buffers, messages and stack traces. */
    private static final long SMALL = 1 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    @Test
    void safetensorsHeaders() throws IOException {
        Path good = folder.resolve("good.safetensors");
        SafetensorsWriter.write(good, tensors(), Map.of("format", "pt", "other", "text"));
        byte[] whole = Files.readAllBytes(good);
        Mutations mutations = new Mutations(1);
        Path file = folder.resolve("mutated.safetensors");
        FuzzRounds.Outcome outcome = new FuzzRounds("safetensors", SAFETENSORS, file).run(round -> {
            byte[] mutated = mutations.safetensors(whole);
            // a new file each time: one that was mapped cannot be overwritten everywhere
            Files.deleteIfExists(file);
            Files.write(file, mutated);
            long before = allocated();
            boolean valid = isRead(file, mutated.length);
            long taken = allocated() - before;
            if (round >= WARM_UP) {
                assertThat(taken).as("allocated bytes").isLessThan(mutated.length + SMALL);
            }
            return valid;
        });
        // a flipped bit in a name or text leaves a file valid
        assertThat(outcome.validShare()).isBetween(0.01, 0.5);
    }

    @Test
    void hostileHeadersDoNotGrowInMemory() throws IOException {
        int length = 4_000_000;
        for (String piece : List.of("[],", "[[],0],", "{},", "0,", "\"\",", "1.5e3,", "{\"a\":[]},")) {
            String open = "{\"w\":{\"more\":[";
            String header = open + piece.repeat((length - open.length() - 5) / piece.length()) + "0]}}";
            Path file = BrokenSafetensorsTest.write(folder, header.getBytes(StandardCharsets.UTF_8), new byte[0]);
            long size = Files.size(file);
            assertThatThrownBy(() -> SafetensorsFile.open(file)).isInstanceOf(UserException.class); // loads classes
            long before = allocated();
            assertThatThrownBy(() -> SafetensorsFile.open(file))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("tensor 'w' has no dtype");
            assertThat(allocated() - before).as(piece).isLessThan(size + SMALL);
        }
    }

    @Test
    void configurations() throws IOException {
        checkpoint();
        Path config = folder.resolve("config.json");
        byte[] text = Files.readAllBytes(Golden.path("bert/config.json"));
        mutate(config, text, new Mutations(2));
    }

    @Test
    void indices() throws IOException {
        checkpoint();
        Path index = folder.resolve("model.safetensors.index.json");
        mutate(index, Files.readAllBytes(index), new Mutations(3));
    }

    private void mutate(Path file, byte[] text, Mutations mutations) throws IOException {
        FuzzRounds.Outcome outcome = new FuzzRounds(file.getFileName().toString(), JSON, file).run(round -> {
            Files.write(file, mutations.text(text));
            long before = allocated();
            boolean valid = FuzzRounds.isAccepted(() -> {
                try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                    assertThat(checkpoint.config().isObject()).isTrue();
                }
            });
            long taken = allocated() - before;
            if (round >= WARM_UP) {
                assertThat(taken).as("allocated bytes").isLessThan(SMALL);
            }
            return valid;
        });
        assertThat(outcome.validShare()).isStrictlyBetween(0.0, 1.0);
    }

    private static boolean isRead(Path file, int size) {
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            for (String name : opened.names()) {
                TensorEntry entry = opened.entry(name);
                assertThat(entry.offset() + entry.bytes()).isLessThanOrEqualTo(size);
                ByteBuffer bytes = opened.bytes(name);
                assertThat((long) bytes.remaining()).isEqualTo(entry.bytes());
                if (bytes.hasRemaining()) {
                    assertThatCode(() -> bytes.get(bytes.limit() - 1)).doesNotThrowAnyException();
                }
            }
            return true;
        } catch (UserException e) {
            FuzzRounds.assertSentence(e);
            assertThat(e).hasMessageContaining(file.toString());
            return false;
        }
    }

    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static List<SafetensorsWriter.Named> tensors() {
        List<SafetensorsWriter.Named> tensors = new ArrayList<>();
        for (String name : List.of("embeddings.weight", "layer.0.weight", "layer.0.bias", "h\u00e9ad")) {
            tensors.add(SafetensorsWriter.Named.of(name, new float[] {1, 2, 3, 4}, 2, 2));
        }
        tensors.add(SafetensorsWriter.Named.of("scalar", new float[] {1}));
        tensors.add(SafetensorsWriter.Named.of("empty", new float[0], 0, 3));
        return tensors;
    }

    /** A small model in two shards. */
    private void checkpoint() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        for (int shard = 1; shard <= 2; shard++) {
            SafetensorsWriter.write(
                    folder.resolve("model-%s.safetensors".formatted(shard)),
                    List.of(SafetensorsWriter.Named.of("w" + shard, new float[] {1, 2}, 2)),
                    Map.of());
        }
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                """
                {"metadata": {"total_size": 16},
                 "weight_map": {"w1": "model-1.safetensors", "w2": "model-2.safetensors"}}
                """);
    }
}

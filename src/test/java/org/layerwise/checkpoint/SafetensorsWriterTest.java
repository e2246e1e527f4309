package org.layerwise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.tensor.DType;

class SafetensorsWriterTest {

    @TempDir
    Path folder;

    @Test
    void copiesHuggingFacesFileByteForByte() throws IOException {
        for (String name : List.of("bert/model.safetensors", "llama_sharded_bf16/model-00002-of-00003.safetensors")) {
            Path copy = folder.resolve("copy.safetensors");
            try (SafetensorsFile file = SafetensorsFile.open(Golden.path(name))) {
                SafetensorsWriter.write(copy, tensorsOf(file), file.metadata());
                assertThat(copy).hasSameBinaryContentAs(file.path());
            }
        }
    }

    @Test
    void writesTheReferencesBytes() throws IOException {
        Path path = folder.resolve("x.safetensors");
        SafetensorsWriter.write(path, List.of(Named.of("attn0", new float[] {0, 1, 2, 3, 4, 5}, 1, 1, 2, 3)), Map.of());
        byte[] bytes = Files.readAllBytes(path);
        String header = "{\"attn0\":{\"dtype\":\"F32\",\"shape\":[1,1,2,3],\"data_offsets\":[0,24]}}       ";
        assertThat(header).hasSize(72);
        assertThat(new String(bytes, 8, 72, StandardCharsets.UTF_8)).isEqualTo(header);
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(all.getLong(0)).isEqualTo(72);
        assertThat(all.getFloat(80 + 4)).isEqualTo(1);
        assertThat(bytes).hasSize(80 + 24);
    }

    @Test
    void sameContentSameBytesWhateverTheMetadatasOrder() throws IOException {
        Named tensor = Named.of("w", new float[] {1}, 1);
        SafetensorsWriter.write(folder.resolve("a"), List.of(tensor), Map.of("format", "pt", "z", "1", "a", "2"));
        Map<String, String> other = new LinkedHashMap<>();
        other.put("z", "1");
        other.put("a", "2");
        other.put("format", "pt");
        SafetensorsWriter.write(folder.resolve("b"), List.of(tensor), other);
        assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
    }

    @Test
    void keepsOrderButPutsWiderElementsFirst() {
        Path path = folder.resolve("x.safetensors");
        List<Named> tensors = List.of(
                Named.of("flag", DType.BOOL, new long[] {3}, ByteBuffer.wrap(new byte[] {1, 0, 1})),
                Named.of("z", new float[] {1}, 1),
                Named.of("id", DType.I64, new long[] {}, ByteBuffer.wrap(new byte[] {7, 0, 0, 0, 0, 0, 0, 0})),
                Named.of("a", new float[] {2}, 1),
                Named.of("gr\u00fc\u00dfe \"\u6a21\"", DType.BF16, new long[] {0, 4}, ByteBuffer.allocate(0)));
        SafetensorsWriter.write(path, tensors, Map.of());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names()).containsExactly("id", "z", "a", "gr\u00fc\u00dfe \"\u6a21\"", "flag");
            assertThat(file.names()).allSatisfy(name -> {
                TensorEntry entry = file.entry(name);
                assertThat(entry.offset() % entry.type().bytes()).isZero();
            });
            assertThat(file.bytes("id").getLong()).isEqualTo(7);
            assertThat(file.bytes("flag").get(2)).isEqualTo((byte) 1);
        }
    }

    @Test
    void joinsPiecesAndLeavesTheirPositions() {
        Path path = folder.resolve("x.safetensors");
        ByteBuffer first = ByteBuffer.wrap(new byte[] {9, 1, 2}).position(1);
        ByteBuffer second = ByteBuffer.allocateDirect(2).put(new byte[] {3, 4}).flip();
        SafetensorsWriter.write(
                path, List.of(new Named("w", DType.U8, new long[] {4}, List.of(first, second))), Map.of());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            byte[] read = new byte[4];
            file.bytes("w").get(read);
            assertThat(read).containsExactly(1, 2, 3, 4);
        }
        assertThat(first.position()).isEqualTo(1);
    }

    @Test
    void makesLazyDataOnlyWhenTheirTurnComes() {
        List<String> events = new ArrayList<>();
        Named first = Named.lazy("a", DType.U8, new long[] {1}, () -> {
            events.add("a");
            return ByteBuffer.allocate(1);
        });
        Named second = Named.lazy("b", DType.U8, new long[] {1}, () -> {
            events.add("b");
            return ByteBuffer.allocate(1);
        });
        SafetensorsWriter.write(folder.resolve("x"), List.of(first, second), Map.of(), new Progress() {
            @Override
            public void report(double fraction, String message) {
                events.add(fraction + " " + message);
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        });
        assertThat(events).containsExactly("a", "0.5 Writing x", "b", "1.0 Writing x");
    }

    @Test
    void refusesWrongLengthDuplicateAndReservedNames() throws IOException {
        Path path = folder.resolve("x.safetensors");
        Named wrong = Named.of("w", DType.F32, new long[] {2}, ByteBuffer.allocate(4));
        Named good = Named.of("w", new float[] {1}, 1);
        Named reserved = Named.of("__metadata__", new float[] {1}, 1);
        Named negative = Named.of("n", DType.F32, new long[] {-1}, ByteBuffer.allocate(4));
        for (List<Named> bad : List.of(List.of(wrong), List.of(good, good), List.of(reserved), List.of(negative))) {
            assertThatThrownBy(() -> SafetensorsWriter.write(path, bad, Map.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertNothingLeft();
    }

    @Test
    void cancellingLeavesNothing() throws IOException {
        Progress cancelled = new Progress() {
            @Override
            public void report(double fraction, String message) {
                throw new AssertionError("wrote although cancelled");
            }

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        List<Named> tensors = List.of(Named.of("w", new float[] {1}, 1));
        assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("x"), tensors, Map.of(), cancelled))
                .isInstanceOf(CancelledException.class);
        assertNothingLeft();
    }

    @Test
    void namesThePlaceThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> SafetensorsWriter.write(file.resolve("x.safetensors"), List.of(), Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
    }

    private static List<Named> tensorsOf(SafetensorsFile file) {
        return file.names().stream()
                .map(file::entry)
                .map(entry -> Named.lazy(entry.name(), entry.type(), entry.shape(), () -> file.bytes(entry.name())))
                .toList();
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}

package org.layerwise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.UserException;
import org.layerwise.tensor.DType;

/** Reading good files; the values were read by the safetensors package for Python. */
class SafetensorsFileTest {

    @TempDir
    Path folder;

    @Test
    void readsEveryTensorOfAModel() {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.path("bert/model.safetensors"))) {
            assertThat(file.names()).hasSize(73).startsWith("bert.embeddings.LayerNorm.bias");
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
            double sum = 0;
            for (String name : file.names()) {
                TensorEntry entry = file.entry(name);
                assertThat(entry.type()).isEqualTo(DType.F32);
                FloatBuffer values = file.bytes(name).asFloatBuffer();
                assertThat((long) values.remaining()).isEqualTo(entry.elements());
                while (values.hasRemaining()) {
                    sum += values.get();
                }
            }
            assertThat(sum).isCloseTo(390.4293619198037, within(1e-9));
            assertThat(file.entry("classifier.weight").shape()).containsExactly(3, 48);
            FloatBuffer classifier = file.bytes("classifier.weight").asFloatBuffer();
            assertThat(classifier.get(0)).isEqualTo(0.004668948f);
            assertThat(classifier.get(1)).isEqualTo(-0.30796736f);
        }
    }

    @Test
    void readsIntegersAndFloatsOfMixedFile() {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.path("bert/golden.safetensors"))) {
            assertThat(file.metadata()).isEmpty();
            assertThat(file.entry("input_ids"))
                    .usingRecursiveComparison()
                    .isEqualTo(new TensorEntry("input_ids", DType.I64, new long[] {16, 20}, 8 + 840 + 2560, 2560));
            LongBuffer ids = file.bytes("input_ids").asLongBuffer();
            long[] first = new long[5];
            ids.get(first);
            assertThat(first).containsExactly(2, 67, 68, 32, 39);
            LongBuffer labels = file.bytes("labels").asLongBuffer();
            assertThat(labels.get(1)).isEqualTo(1);
            FloatBuffer hidden = file.bytes("hidden_states.4").asFloatBuffer();
            assertThat(hidden.get(0)).isEqualTo(-0.2212192f);
            assertThat(hidden.get(16 * 20 * 48 - 1)).isEqualTo(0.02998717f);
            assertThat(file.bytes("loss").getFloat()).isEqualTo(1.2542044f);
        }
    }

    @Test
    void readsUnalignedDataLittleEndian() throws IOException {
        // the header has 65 bytes, so the doubles start at an odd address
        String json = "{\"x\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}";
        String header = json + " ".repeat(65 - json.length());
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1).putDouble(-1e300);
        Path path = write(header, data.array());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.entry("x").offset() % 8).isEqualTo(1);
            ByteBuffer bytes = file.bytes("x");
            assertThat(bytes.isDirect()).isTrue();
            assertThat(bytes.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            assertThat(bytes.asDoubleBuffer().get(1)).isEqualTo(-1e300);
            assertThat(bytes.getDouble()).isEqualTo(0.1);
            assertThat(file.bytes("x").position()).as("each view is new").isZero();
        }
    }

    @Test
    void takesScalarsEmptyTensorsAndAnyOrderInTheHeader() throws IOException {
        Path path = write(
                """
                {"late":{"dtype":"I16","shape":[],"data_offsets":[4,6]},
                 "none":{"dtype":"F32","shape":[0,7],"data_offsets":[4,4]},
                 "early":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""",
                new byte[] {1, 0, 0, 0, 2, 0});
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names()).containsExactly("early", "none", "late");
            assertThat(file.bytes("late").getShort()).isEqualTo((short) 2);
            assertThat(file.bytes("none").remaining()).isZero();
            assertThat(file.entry("late").elements()).isEqualTo(1);
        }
    }

    @Test
    void takesFileWithoutTensors() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(write("{}      ", new byte[0]))) {
            assertThat(file.names()).isEmpty();
        }
        Path onlyEmpty = write("{\"none\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", new byte[0]);
        try (SafetensorsFile file = SafetensorsFile.open(onlyEmpty)) {
            assertThat(file.bytes("none").remaining()).isZero();
        }
    }

    @Test
    void reachesTensorsBeyondTwoGigabytes() throws IOException {
        long huge = (1L << 31) + 16;
        String header =
                """
                {"small":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
                 "huge":{"dtype":"U8","shape":[%s],"data_offsets":[4,%s]},
                 "behind":{"dtype":"F32","shape":[2],"data_offsets":[%s,%s]}}"""
                        .formatted(huge, 4 + huge, 4 + huge, 12 + huge);
        Path path = write(header, new byte[0]);
        long start = Files.size(path);
        try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
            sparse.setLength(start + 12 + huge);
            sparse.seek(start + 4 + huge);
            sparse.writeInt(Integer.reverseBytes(Float.floatToIntBits(2.5f)));
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.bytes("behind").getFloat()).isEqualTo(2.5f);
            assertThat(file.bytes("small").getFloat()).isZero();
            assertThat(file.entry("huge").offset()).isEqualTo(start + 4);
            assertThat(file.entry("huge").bytes()).isEqualTo(huge);
            assertThatThrownBy(() -> file.bytes("huge"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("huge");
        }
    }

    @Test
    void staysReadableWhenAnotherFileTakesItsName() throws IOException {
        Path path = folder.resolve("w.safetensors");
        SafetensorsWriter.write(path, List.of(SafetensorsWriter.Named.of("w", new float[] {1, 2}, 2)), Map.of());
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            SafetensorsWriter.write(path, List.of(SafetensorsWriter.Named.of("w", new float[] {3}, 1)), Map.of());
            assertThat(file.bytes("w").asFloatBuffer().get(1)).isEqualTo(2);
        }
    }

    @Test
    void refusesUnknownNameAndUseAfterClose() {
        SafetensorsFile file = SafetensorsFile.open(Golden.path("bert/model.safetensors"));
        assertThatThrownBy(() -> file.entry("bert.nothing"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("model.safetensors has no tensor 'bert.nothing'");
        file.close();
        assertThatThrownBy(() -> file.bytes("classifier.bias")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void interruptedThreadIsCancelledAndOthersReadOn() {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.path("bert/model.safetensors"))) {
            Thread.currentThread().interrupt();
            assertThat(file.bytes("classifier.bias").remaining()).isEqualTo(12);
            assertThatThrownBy(() -> SafetensorsFile.open(file.path())).isInstanceOf(CancelledException.class);
        } finally {
            Thread.interrupted();
        }
    }

    private Path write(String header, byte[] data) throws IOException {
        return BrokenSafetensorsTest.write(folder, header.getBytes(StandardCharsets.UTF_8), data);
    }

    /** The file becomes shorter between two pieces: the second one ends in an error, not the process. */
    @Test
    void refusesPiecesOfAFileThatBecameShorter() throws IOException {
        Path path = folder.resolve("model.safetensors");
        Files.copy(Golden.path("bert/model.safetensors"), path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Iterator<ByteBuffer> pieces = file.pieces("classifier.weight", 100).iterator();
            pieces.next();
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(8);
            }
            assertThatThrownBy(pieces::next)
                    .isInstanceOf(UserException.class)
                    .hasMessage("%s was changed or replaced after it was opened; start again when it is complete."
                            .formatted(path));
        }
    }

    @Test
    void givesATensorInPieces() {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.path("bert/model.safetensors"))) {
            String name = "classifier.weight";
            for (long largest : List.of(1L, 100L, 576L, 1L << 20)) {
                ByteBuffer joined = ByteBuffer.allocate((int) file.entry(name).bytes());
                int pieces = 0;
                for (ByteBuffer piece : file.pieces(name, largest)) {
                    assertThat((long) piece.remaining()).isLessThanOrEqualTo(largest);
                    joined.put(piece);
                    pieces++;
                }
                assertThat(joined.flip()).isEqualTo(file.bytes(name));
                assertThat(pieces).isEqualTo((int) ((576 + largest - 1) / largest));
            }
            assertThat(file.pieces(name)).hasSize(1);
        }
    }
}

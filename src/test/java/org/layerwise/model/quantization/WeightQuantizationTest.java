package org.layerwise.model.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;

/** Matrices are packed as bitsandbytes packs them, to the bit. */
class WeightQuantizationTest {

    /** Matrices of 40 x 70 with a row and a block of zeros, and what bitsandbytes made of them (packing_golden.py). */
    private static final Path FIXTURE = Golden.folder("quantised/packing").resolve("packing.safetensors");

    private final TensorEngine engine = Engines.shared();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "NF4, bf16", "NF4, f16", "NF4, f32",
        "NF4_DOUBLE, bf16", "NF4_DOUBLE, f16", "NF4_DOUBLE, f32",
        "INT8, bf16", "INT8, f16", "INT8, f32"
    })
    void packsAsBitsandbytes(WeightQuantization quantization, String name) throws IOException {
        try (SafetensorsFile told = SafetensorsFile.open(FIXTURE);
                Checkpoint checkpoint = checkpoint(name, told)) {
            Path file = folder.resolve("packed.safetensors");
            List<SafetensorsWriter.Named> parts =
                    quantization.quantize(engine, checkpoint, name + ".weight", Progress.none());
            SafetensorsWriter.write(file, parts, Map.of());
            try (SafetensorsFile ours = SafetensorsFile.open(file)) {
                String prefix = quantization.id() + ":";
                assertThat(told.names().stream().filter(one -> one.startsWith(prefix + name + ".")))
                        .containsExactlyInAnyOrderElementsOf(
                                ours.names().stream().map(one -> prefix + one).toList());
                for (String part : ours.names()) {
                    assertThat(ours.entry(part).type())
                            .isEqualTo(told.entry(prefix + part).type());
                    if (!part.contains("quant_state")) { // the same JSON may have spaces
                        assertThat(ours.entry(part).shape())
                                .isEqualTo(told.entry(prefix + part).shape());
                    }
                    requireEqual(part, ours.bytes(part), told.bytes(prefix + part));
                }
            }
        }
    }

    private static void requireEqual(String part, ByteBuffer ours, ByteBuffer told) throws IOException {
        if (part.contains("quant_state")) {
            assertThat(Json.parse(text(ours))).isEqualTo(Json.parse(text(told)));
        } else if (part.endsWith("nested_quant_map")) {
            // libtorch rounds these by the instructions of the processor; the fixture is of one with AVX-512
            while (told.hasRemaining()) {
                float value = told.getFloat();
                assertThat(ours.getFloat()).isCloseTo(value, within(Math.ulp(value)));
            }
        } else {
            assertThat(ours).as(part).isEqualTo(told);
        }
    }

    private static String text(ByteBuffer bytes) {
        byte[] text = new byte[bytes.remaining()];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private Checkpoint checkpoint(String name, SafetensorsFile from) throws IOException {
        var entry = from.entry(name + ".weight");
        return checkpoint(new SafetensorsWriter.Named(
                name + ".weight", entry.type(), entry.shape(), List.of(from.bytes(name + ".weight"))));
    }

    private Checkpoint checkpoint(SafetensorsWriter.Named tensor) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        SafetensorsWriter.write(folder.resolve("model.safetensors"), List.of(tensor), Map.of());
        return Checkpoint.open(folder);
    }

    @ParameterizedTest
    @CsvSource({"NF4, NaN", "NF4_DOUBLE, Infinity", "INT8, NaN", "INT8, 70000"})
    void aValueThatIsNotFiniteIsRefusedByName(WeightQuantization quantization, float value) throws IOException {
        float[] values = new float[200];
        values[150] = value;
        try (Checkpoint checkpoint = checkpoint(SafetensorsWriter.Named.of("a.weight", values, 4, 50))) {
            assertThatThrownBy(() -> quantization.quantize(engine, checkpoint, "a.weight", Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContainingAll("model.safetensors", "'a.weight'", "not finite");
        }
    }

    @Test
    void packingIsCancelled() throws IOException {
        try (Checkpoint checkpoint = checkpoint(SafetensorsWriter.Named.of("a.weight", new float[200], 4, 50))) {
            assertThatThrownBy(() -> WeightQuantization.NF4.quantize(
                            engine, checkpoint, "a.weight", CancelledProgress.when(() -> true)))
                    .isInstanceOf(CancelledException.class);
        }
    }
}

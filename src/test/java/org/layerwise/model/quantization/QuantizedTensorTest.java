package org.layerwise.model.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** Rows decoded some at a time have the bits of all rows decoded at once. */
class QuantizedTensorTest {

    private final TensorEngine engine = Engines.shared();

    @ParameterizedTest
    @MethodSource("org.layerwise.testing.QuantizedFixtures#names")
    void piecesAreTheWhole(String format) {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("quantised/" + format))) {
            assertSame(checkpoint);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bnb_fp4", "bnb_nf4", "bnb_nf4_double", "bnb_nf4_some"})
    void onePassOverMemoryGivesTheSameBits(String format) {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("quantised/" + format))) {
            for (QuantizedTensor tensor : QuantizationFormats.find(checkpoint).values()) {
                assertThat(tensor.host()).isNotNull();
                for (DType type : List.of(DType.F32, DType.F16, DType.BF16)) {
                    assertSameOnHost(checkpoint, rounding(tensor, type));
                }
            }
        }
    }

    /** Returns a tensor whose values are rounded to another type. */
    private static QuantizedTensor rounding(QuantizedTensor tensor, DType type) {
        BlockwiseDequantizer host = (BlockwiseDequantizer) tensor.host();
        return new QuantizedTensor(
                tensor.name(),
                tensor.shape(),
                type,
                tensor.format(),
                tensor.parts(),
                tensor.unread(),
                tensor.decoder(),
                new BlockwiseDequantizer(type, host.block(), host.nested(), host.offset()));
    }

    private void assertSameOnHost(Checkpoint checkpoint, QuantizedTensor tensor) {
        for (DType compute : List.of(DType.F32, DType.BF16)) {
            try (Scope scope = engine.inference()) {
                List<Tensor> parts = parts(checkpoint, tensor);
                assertThat(tensor.decode(engine, parts, compute).floats())
                        .as("%s, values in %s, computed in %s", tensor.name(), tensor.type(), compute)
                        .containsExactly(tensor.decode(engine, parts, compute, tensor.elements())
                                .floats());
            }
        }
    }

    private List<Tensor> parts(Checkpoint checkpoint, QuantizedTensor tensor) {
        return tensor.parts().stream()
                .map(part -> engine.ofBytes(
                        checkpoint.bytes(part.entry().name()), part.type(), Device.CPU, part.dimensions()))
                .toList();
    }

    /** The fixtures are too small for a second block of scales. */
    @Test
    void piecesOfDoubleQuantisationAreTheWhole(@TempDir Path folder) {
        Random random = new Random(1);
        writeNf4(
                folder,
                """
                {"quant_type": "nf4", "blocksize": 64, "dtype": "float32", "shape": [1100, 128], "nested_blocksize": 256,\
                 "nested_dtype": "float32", "nested_offset": 0.05}""",
                bytes("map.weight", random, 1100 * 64),
                bytes("map.weight.absmax", random, 2200),
                Named.of("map.weight.nested_absmax", floats(random, 9), 9),
                Named.of("map.weight.nested_quant_map", floats(random, 256), 256),
                Named.of("map.weight.quant_map", floats(random, 16), 16));
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(assertSame(checkpoint)).isEqualTo(128);
            QuantizationFormats.find(checkpoint).values().forEach(tensor -> assertSameOnHost(checkpoint, tensor));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fp8_block", "fp8_block_bf16", "ct_float8", "awq_gemm", "gptq_int4"})
    void onePassOverOtherFormatsGivesTheSameBits(String format) {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("quantised/" + format))) {
            for (QuantizedTensor tensor : QuantizationFormats.find(checkpoint).values()) {
                assertThat(tensor.host()).isNotNull();
                assertSameOnHost(checkpoint, tensor);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F8_E4M3, F32",
        "F8_E4M3, F16",
        "F8_E4M3, BF16",
        "F8_E4M3, F8_E8M0",
        "F8_E5M2, F32",
        "F8_E5M2, BF16",
        "F8_E5M2, F8_E8M0"
    })
    void everyCodeOf8BitFloatsHasTheSameBits(DType encoding, DType scaleType, @TempDir Path folder) {
        byte[] codes = new byte[2 * 20 * 13];
        for (int code = 0; code < codes.length; code++) {
            codes[code] = (byte) code;
        }
        Json.write(
                folder.resolve("config.json"),
                Json.object()
                        .set(
                                "quantization_config",
                                Json.object()
                                        .put("quant_method", "fp8")
                                        .set(
                                                "weight_block_size",
                                                Json.object().arrayNode().add(3).add(5))));
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"),
                List.of(
                        Named.of("map.weight", encoding, new long[] {2, 20, 13}, ByteBuffer.wrap(codes)),
                        Named.of(
                                "map.weight_scale_inv",
                                scaleType,
                                new long[] {2, 7, 3},
                                ByteBuffer.wrap(scales(scaleType, 2 * 7 * 3)))),
                Map.of());
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            QuantizedTensor tensor =
                    QuantizationFormats.find(checkpoint).values().iterator().next();
            assertThat(tensor.host()).isNotNull();
            assertSameOnHost(checkpoint, tensor);
        }
    }

    /** The fixtures have groups in their order, and fewer rows than are decoded together. */
    @ParameterizedTest
    @CsvSource({"gptq, F16, true", "gptq, F32, false", "gptq_v2, BF16, true", "awq, F16, false", "awq, BF16, false"})
    void groupsOfInputsGiveTheSameBits(String layout, DType scaleType, boolean ordered, @TempDir Path folder) {
        int out = 72;
        int in = 48;
        int groups = 3;
        Random random = new Random(1);
        ObjectNode config = Json.object();
        ObjectNode values = config.putObject("quantization_config");
        List<Named> tensors = new ArrayList<>();
        boolean awq = layout.equals("awq");
        values.put("quant_method", awq ? "awq" : "gptq").put("bits", 4).put("group_size", 16);
        if (!awq) {
            values.put("checkpoint_format", layout);
        }
        tensors.add(awq ? words("map.qweight", random, in, out / 8) : words("map.qweight", random, in / 8, out));
        tensors.add(words("map.qzeros", random, groups, out / 8));
        tensors.add(numbers("map.scales", scaleType, random, groups, out));
        if (ordered) {
            ByteBuffer index = ByteBuffer.allocate(4 * in).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < in; i++) {
                index.putInt(random.nextInt(groups));
            }
            tensors.add(Named.of("map.g_idx", DType.I32, new long[] {in}, index.flip()));
        }
        Json.write(folder.resolve("config.json"), config);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            QuantizedTensor tensor =
                    QuantizationFormats.find(checkpoint).values().iterator().next();
            assertSameOnHost(checkpoint, tensor);
            try (Scope scope = engine.inference()) {
                List<Tensor> parts = parts(checkpoint, tensor);
                List<ByteBuffer> memory = parts.stream().map(Tensor::memory).toList();
                float[] whole = tensor.decode(engine, parts, DType.F32).floats();
                for (int from : new int[] {0, 6, 32 * in - 2, 32 * in, 40 * in + 10}) {
                    int size = Math.min(out * in - from, 33 * in + 4);
                    ByteBuffer some = ByteBuffer.allocateDirect(4 * size).order(ByteOrder.LITTLE_ENDIAN);
                    tensor.host().decode(memory, from, some, DType.F32);
                    for (int i = 0; i < size; i++) {
                        assertThat((Float) some.getFloat(4 * i)).isEqualTo((Float) whole[from + i]);
                    }
                }
            }
        }
    }

    /** Writes a checkpoint of one matrix in NF4. */
    private static void writeNf4(Path folder, String state, Named... parts) {
        byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
        List<Named> tensors = new ArrayList<>(List.of(parts));
        tensors.add(Named.of(
                "map.weight.quant_state.bitsandbytes__nf4",
                DType.U8,
                new long[] {bytes.length},
                ByteBuffer.wrap(bytes)));
        Json.write(
                folder.resolve("config.json"),
                Json.object()
                        .set(
                                "quantization_config",
                                Json.object()
                                        .put("quant_method", "bitsandbytes")
                                        .put("load_in_4bit", true)));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
    }

    private static Named words(String name, Random random, int rows, int columns) {
        byte[] bytes = new byte[4 * rows * columns];
        random.nextBytes(bytes);
        return Named.of(name, DType.I32, new long[] {rows, columns}, ByteBuffer.wrap(bytes));
    }

    /** Returns scales of both signs; those in float16 have all exponents. */
    private static Named numbers(String name, DType type, Random random, int rows, int columns) {
        ByteBuffer bytes = ByteBuffer.allocate(type.bytes() * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            int bits = Float.floatToRawIntBits(random.nextFloat() - 0.5f);
            switch (type) {
                case F32 -> bytes.putInt(bits);
                case BF16 -> bytes.putShort((short) (bits >>> Short.SIZE));
                default -> bytes.putShort((short) random.nextInt());
            }
        }
        return Named.of(name, type, new long[] {rows, columns}, bytes.flip());
    }

    /** Returns numbers of all sizes, among them 0, infinity and NaNs of several bits. */
    private static byte[] scales(DType type, int size) {
        int[] bits = {0, 0x3f80_0000, 0xbfc0_0000, 0x7f7f_ffff, 0x7f80_0000, 0x7fc0_0000, 0x7fff_ffff, 1, 0x3eaa_aaab};
        ByteBuffer bytes = ByteBuffer.allocate(size * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            switch (type) {
                case F32 -> bytes.putInt(bits[i % bits.length]);
                case BF16 -> bytes.putShort((short) (bits[i % bits.length] >>> Short.SIZE));
                case F16 -> bytes.putShort((short) (i * 3_121));
                default -> bytes.put((byte) (i * 6 + 6)); // 252 and 258: 2^-125 to 2^125, and over
            }
        }
        if (type == DType.F8_E8M0) {
            bytes.put(0, (byte) 0).put(1, (byte) 0xff).put(2, (byte) 127);
        }
        return bytes.array();
    }

    @Test
    void scalesThatAreNoNumbersGiveTheSameBits(@TempDir Path folder) {
        Random random = new Random(1);
        float[] map = floats(random, 16);
        map[3] = Float.NaN;
        map[5] = Float.NEGATIVE_INFINITY;
        for (float[] values : List.of(floats(random, 16), map)) {
            writeNf4(
                    folder,
                    """
                    {"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": [18, 64]}""",
                    bytes("map.weight", random, 18 * 32),
                    Named.of("map.weight.absmax", DType.F32, new long[] {18}, ByteBuffer.wrap(scales(DType.F32, 18))),
                    Named.of("map.weight.quant_map", values, 16));
            try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                for (QuantizedTensor tensor :
                        QuantizationFormats.find(checkpoint).values()) {
                    for (DType type : List.of(DType.F32, DType.F16, DType.BF16)) {
                        assertSameOnHost(checkpoint, rounding(tensor, type));
                    }
                }
            }
        }
    }

    /** Returns the number of rows that the first tensor decodes together. */
    private long assertSame(Checkpoint checkpoint) {
        Map<String, QuantizedTensor> found = QuantizationFormats.find(checkpoint);
        assertThat(found).isNotEmpty();
        found.values().forEach(tensor -> {
            try (Scope scope = engine.inference()) {
                List<Tensor> parts = parts(checkpoint, tensor);
                assertThat(tensor.decode(engine, parts, DType.F32, 1).floats())
                        .as(tensor.name())
                        .containsExactly(tensor.decode(engine, parts, DType.F32, tensor.elements())
                                .floats());
            }
        });
        return found.values().iterator().next().rowsTogether();
    }

    private static Named bytes(String name, Random random, int size) {
        byte[] values = new byte[size];
        random.nextBytes(values);
        return Named.of(name, DType.U8, new long[] {size}, ByteBuffer.wrap(values));
    }

    private static float[] floats(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}

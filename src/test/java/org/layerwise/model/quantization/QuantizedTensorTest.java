package org.layerwise.model.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
        String name = "map.weight";
        byte[] state =
                """
                {"quant_type": "nf4", "blocksize": 64, "dtype": "float32", "shape": [1100, 128], "nested_blocksize": 256,\
                 "nested_dtype": "float32", "nested_offset": 0.05}"""
                        .getBytes(StandardCharsets.UTF_8);
        Json.write(
                folder.resolve("config.json"),
                Json.object()
                        .set(
                                "quantization_config",
                                Json.object()
                                        .put("quant_method", "bitsandbytes")
                                        .put("load_in_4bit", true)));
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"),
                List.of(
                        bytes(name, random, 1100 * 64),
                        bytes(name + ".absmax", random, 2200),
                        Named.of(name + ".nested_absmax", floats(random, 9), 9),
                        Named.of(name + ".nested_quant_map", floats(random, 256), 256),
                        Named.of(name + ".quant_map", floats(random, 16), 16),
                        Named.of(
                                name + ".quant_state.bitsandbytes__nf4",
                                DType.U8,
                                new long[] {state.length},
                                ByteBuffer.wrap(state))),
                Map.of());
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(assertSame(checkpoint)).isEqualTo(128);
            QuantizationFormats.find(checkpoint).values().forEach(tensor -> assertSameOnHost(checkpoint, tensor));
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

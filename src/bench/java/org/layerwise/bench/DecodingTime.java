package org.layerwise.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.model.quantization.QuantizationFormats;
import org.layerwise.model.quantization.QuantizedTensor;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.QuantizedLlama;

/**
 * Time that the decoding of a matrix of 14,336 x 4,096 takes in each format, beside its product with 512 rows and beside a copy of
 * the decoded matrix: each is the shortest of several, in turn. Rates count the bytes of codes and scales that are read and of
 * the decoded values that are written. Arguments: {@code [REPETITIONS]}.
 */
final class DecodingTime {

    private static final int OUT = 14_336;
    private static final int IN = 4_096;
    private static final int ROWS = 512;
    private static final int REPETITIONS = 12;
    private static final int GROUP = 128;
    private static final String MODULE = "map";

    private final TensorEngine engine = TensorEngine.start();
    private final Random random = new Random(1);

    public static void main(String[] arguments) throws IOException {
        int repetitions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : REPETITIONS;
        DecodingTime time = new DecodingTime();
        for (DType type : new DType[] {DType.BF16, DType.F32}) {
            time.measure(type, repetitions);
        }
    }

    private void measure(DType type, int repetitions) throws IOException {
        Path folder = Files.createTempDirectory("layerwise-bench");
        try (Scope scope = engine.inference()) {
            Tensor x = engine.zeros(type, Device.CPU, ROWS, IN).add(1);
            Tensor plain = engine.zeros(type, Device.CPU, OUT, IN).add(0.01);
            Map<String, Runnable> works = new LinkedHashMap<>();
            Map<String, Long> bytes = new LinkedHashMap<>();
            works.put("product of 512 rows", () -> x.linear(plain, null));
            works.put("copy", plain::copy);
            bytes.put("copy", 2L * OUT * IN * type.bytes());
            for (Map.Entry<String, List<Named>> format : formats().entrySet()) {
                Path own = Files.createDirectory(folder.resolve(format.getKey().replace(' ', '_')));
                QuantizedTensor codes = written(own, format.getKey(), format.getValue());
                List<Tensor> parts = parts(own, codes);
                works.put(format.getKey(), () -> codes.decode(engine, parts, type));
                bytes.put(format.getKey(), codes.bytes() + (long) OUT * IN * type.bytes());
            }
            Map<String, Double> best = new LinkedHashMap<>();
            for (int round = 0; round < repetitions; round++) {
                works.forEach((name, work) -> {
                    long begin = System.nanoTime();
                    try (Scope inner = engine.scope()) {
                        work.run();
                    }
                    best.merge(name, (System.nanoTime() - begin) / 1e6, Math::min);
                });
            }
            double product = best.get("product of 512 rows");
            System.out.printf(Locale.ROOT, "%s%n", type.fileName());
            best.forEach((name, milliseconds) -> System.out.printf(
                    Locale.ROOT,
                    "%-22s %8.1f ms  %4.2f of the product%s%n",
                    name,
                    milliseconds,
                    milliseconds / product,
                    bytes.containsKey(name) ? "  %5.1f GB/s".formatted(bytes.get(name) / milliseconds / 1e6) : ""));
        } finally {
            Folders.delete(folder);
        }
    }

    private QuantizedTensor written(Path folder, String name, List<Named> tensors) {
        ObjectNode config = Json.object();
        ObjectNode values = config.putObject("quantization_config");
        switch (name) {
            case "fp8, blocks" ->
                values.put("quant_method", "fp8")
                        .putArray("weight_block_size")
                        .add(GROUP)
                        .add(GROUP);
            case "awq" -> values.put("quant_method", "awq").put("bits", 4).put("group_size", GROUP);
            case "gptq 4-bit" -> values.put("quant_method", "gptq").put("bits", 4).put("group_size", GROUP);
            case "int4 in words" ->
                values.put("quant_method", "compressed-tensors")
                        .put("format", "pack-quantized")
                        .putObject("config_groups")
                        .putObject("group_0")
                        .putObject("weights")
                        .put("num_bits", 4)
                        .put("group_size", GROUP);
            default -> values.put("quant_method", "bitsandbytes");
        }
        Json.write(folder.resolve(Checkpoint.CONFIG), config);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return QuantizationFormats.find(checkpoint).values().iterator().next();
        }
    }

    private List<Tensor> parts(Path folder, QuantizedTensor codes) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return codes.parts().stream()
                    .map(part -> engine.filled(
                            part.type(),
                            part.type(),
                            Device.CPU,
                            (piece, offset) -> checkpoint.read(part.entry().name(), offset, piece),
                            part.dimensions()))
                    .toList();
        }
    }

    private Map<String, List<Named>> formats() {
        int blocks = OUT * IN / 64;
        String weight = MODULE + ".weight";
        Map<String, List<Named>> formats = new LinkedHashMap<>();
        formats.put(
                "nf4",
                List.of(
                        random(weight, DType.U8, OUT * IN / 2, 1),
                        floats(weight + ".absmax", blocks),
                        Named.of(weight + ".quant_map", QuantizedLlama.nf4(), 16),
                        state(weight, "")));
        formats.put(
                "nf4, doubly",
                List.of(
                        random(weight, DType.U8, OUT * IN / 2, 1),
                        random(weight + ".absmax", DType.U8, blocks),
                        floats(weight + ".nested_absmax", blocks / 256),
                        floats(weight + ".nested_quant_map", 256),
                        Named.of(weight + ".quant_map", QuantizedLlama.nf4(), 16),
                        state(weight, ", \"nested_blocksize\": 256, \"nested_offset\": 0.1")));
        formats.put("int8", List.of(random(weight, DType.I8, OUT, IN), floats(MODULE + ".SCB", OUT)));
        formats.put(
                "fp8, blocks",
                List.of(
                        Named.of(weight, DType.F8_E4M3, new long[] {OUT, IN}, ByteBuffer.allocate(OUT * IN)),
                        floats(weight + "_scale_inv", OUT / GROUP, IN / GROUP)));
        formats.put(
                "int4 in words",
                List.of(
                        random(weight + "_packed", DType.I32, OUT, IN / 8),
                        floats(weight + "_scale", OUT, IN / GROUP),
                        Named.of(
                                weight + "_shape",
                                DType.I64,
                                new long[] {2},
                                ByteBuffer.allocate(16)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .putLong(OUT)
                                        .putLong(IN)
                                        .flip())));
        formats.put(
                "awq",
                List.of(
                        random(MODULE + ".qweight", DType.I32, IN, OUT / 8),
                        random(MODULE + ".qzeros", DType.I32, IN / GROUP, OUT / 8),
                        floats(MODULE + ".scales", IN / GROUP, OUT)));
        formats.put(
                "gptq 4-bit",
                List.of(
                        random(MODULE + ".qweight", DType.I32, IN / 8, OUT),
                        random(MODULE + ".qzeros", DType.I32, IN / GROUP, OUT / 8),
                        floats(MODULE + ".scales", IN / GROUP, OUT)));
        return formats;
    }

    private static Named state(String weight, String more) {
        byte[] text = "{\"quant_type\": \"nf4\", \"blocksize\": 64, \"dtype\": \"bfloat16\", \"shape\": [%s, %s]%s}"
                .formatted(OUT, IN, more)
                .getBytes(StandardCharsets.UTF_8);
        return Named.of(
                weight + ".quant_state.bitsandbytes__nf4", DType.U8, new long[] {text.length}, ByteBuffer.wrap(text));
    }

    private Named random(String name, DType type, long... shape) {
        byte[] values = new byte[Math.toIntExact(Arrays.stream(shape).reduce(type.bytes(), Math::multiplyExact))];
        random.nextBytes(values);
        return Named.of(name, type, shape, ByteBuffer.wrap(values));
    }

    private Named floats(String name, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        Arrays.fill(values, 0.1f);
        return Named.of(name, values, shape);
    }
}

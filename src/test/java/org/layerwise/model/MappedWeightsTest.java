package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/** Weights take the memory that is estimated for them, and none of their own if they stay in their files, in any type. */
@EnabledOnOs(OS.LINUX)
class MappedWeightsTest {

    private static final int WIDTH = 1024;
    private static final int INNER = 4096;
    private static final int LAYERS = 4;
    private static final int VOCABULARY = 1000;
    private static final String GROWTH = "growth ";

    @TempDir
    private Path folder;

    @Test
    void weightsTakeWhatIsEstimated() throws IOException, InterruptedException {
        write();
        long stored = Files.size(folder.resolve("model.safetensors"));
        assertThat(stored).isGreaterThan(100L << 20);
        assertThat(growthInNewProcess("mapped", DType.BF16)).isLessThan(stored / 3);
        assertThat(growthInNewProcess("mapped", DType.F32)).isLessThan(stored / 3);
        assertThat(growthInNewProcess("read", DType.BF16)).isBetween(stored / 2, (long) (1.2 * stored));
        assertThat(growthInNewProcess("read", DType.F32)).isBetween(stored, (long) (1.2 * 2 * stored));
    }

    /** In a process that has not freed any memory yet, which loading would take again unseen. */
    private long growthInNewProcess(String way, DType type) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MappedWeightsTest.class.getName(),
                        folder.toString(),
                        way,
                        type.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines()
                .filter(line -> line.startsWith(GROWTH))
                .mapToLong(line -> Long.parseLong(line.substring(GROWTH.length())))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Loads the model of a folder, {@code mapped} or {@code read}, in a type and prints by how much that raises the process's
     * anonymous memory.
     */
    public static void main(String[] args) throws IOException {
        TensorEngine engine = TensorEngine.start();
        long before = anonymous();
        try (Checkpoint checkpoint = Checkpoint.open(Path.of(args[0]));
                TransformerModel model = load(
                        engine,
                        ModelBlueprint.read(engine, checkpoint),
                        args[1].equals("mapped"),
                        DType.valueOf(args[2]))) {
            System.out.println(GROWTH + (anonymous() - before));
        }
    }

    private static TransformerModel load(TensorEngine engine, ModelBlueprint blueprint, boolean mapped, DType type) {
        return mapped
                ? TransformerModel.loadMapped(engine, blueprint, Device.CPU, type, Progress.none())
                : TransformerModel.load(engine, blueprint, Device.CPU, type, Progress.none());
    }

    private static long anonymous() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    private void write() {
        Json.write(
                folder.resolve("config.json"),
                Json.object()
                        .put("model_type", "llama")
                        .put("hidden_size", WIDTH)
                        .put("intermediate_size", INNER)
                        .put("num_hidden_layers", LAYERS)
                        .put("num_attention_heads", 8)
                        .put("vocab_size", VOCABULARY));
        List<Named> tensors = new ArrayList<>();
        add(tensors, "model.embed_tokens.weight", VOCABULARY, WIDTH);
        add(tensors, "model.norm.weight", WIDTH);
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "model.layers." + layer + ".";
            for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                add(tensors, prefix + "self_attn." + name + ".weight", WIDTH, WIDTH);
            }
            add(tensors, prefix + "mlp.gate_proj.weight", INNER, WIDTH);
            add(tensors, prefix + "mlp.up_proj.weight", INNER, WIDTH);
            add(tensors, prefix + "mlp.down_proj.weight", WIDTH, INNER);
            add(tensors, prefix + "input_layernorm.weight", WIDTH);
            add(tensors, prefix + "post_attention_layernorm.weight", WIDTH);
        }
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
    }

    private static void add(List<Named> tensors, String name, long... shape) {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        int bytes = (int) (2 * elements);
        tensors.add(Named.lazy(name, DType.BF16, shape, () -> ByteBuffer.allocate(bytes)));
    }
}

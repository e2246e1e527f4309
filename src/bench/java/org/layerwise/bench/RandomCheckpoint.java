package org.layerwise.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.tensor.DType;

/**
 * Writes checkpoints of any size with random weights, for measurements: what is computed does not matter, only how long it
 * takes and in how much memory. Arguments: {@code FOLDER WIDTH INNER LAYERS}, a Llama in bfloat16, a file every few layers.
 */
public final class RandomCheckpoint {

    private static final int VOCABULARY = 32_000;
    private static final int LAYERS_A_SHARD = 7;
    private static final int BLOCK = 1 << 22;

    private final byte[] normal;

    private RandomCheckpoint(DType type) {
        Random random = new Random(1);
        ByteBuffer values = ByteBuffer.allocate(BLOCK * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < BLOCK; i++) {
            float value = (float) (random.nextGaussian() * 0.02);
            if (type == DType.BF16) {
                values.putShort((short) (Float.floatToIntBits(value) >>> 16));
            } else {
                values.putFloat(value);
            }
        }
        this.normal = values.array();
    }

    /** Writes a Llama; see the class. */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]));
        int width = Integer.parseInt(args[1]);
        int inner = Integer.parseInt(args[2]);
        int layers = Integer.parseInt(args[3]);
        new RandomCheckpoint(DType.BF16).llama(folder, width, inner, layers);
        System.out.println("Wrote " + folder);
    }

    private void llama(Path folder, int width, int inner, int layers) {
        ObjectNode config = Json.object();
        config.put("model_type", "llama").put("hidden_size", width).put("intermediate_size", inner);
        config.put("num_hidden_layers", layers).put("num_attention_heads", width / 128);
        config.put("vocab_size", VOCABULARY).put("max_position_embeddings", 4096).put("torch_dtype", "bfloat16");
        config.putArray("architectures").add("LlamaForCausalLM");
        Json.write(folder.resolve("config.json"), config);
        ObjectNode index = Json.object();
        ObjectNode map = index.putObject("weight_map");
        for (int first = 0; first < layers; first += LAYERS_A_SHARD) {
            List<Named> shard = new ArrayList<>();
            for (int layer = first; layer < Math.min(layers, first + LAYERS_A_SHARD); layer++) {
                String prefix = "model.layers." + layer + ".";
                for (String map4 : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                    shard.add(random(prefix + "self_attn." + map4 + ".weight", DType.BF16, width, width));
                }
                shard.add(random(prefix + "mlp.gate_proj.weight", DType.BF16, inner, width));
                shard.add(random(prefix + "mlp.up_proj.weight", DType.BF16, inner, width));
                shard.add(random(prefix + "mlp.down_proj.weight", DType.BF16, width, inner));
                shard.add(ones(prefix + "input_layernorm.weight", width));
                shard.add(ones(prefix + "post_attention_layernorm.weight", width));
            }
            if (first == 0) {
                shard.add(random("model.embed_tokens.weight", DType.BF16, VOCABULARY, width));
                shard.add(random("lm_head.weight", DType.BF16, VOCABULARY, width));
                shard.add(ones("model.norm.weight", width));
            }
            String file = "model-%05d.safetensors".formatted(first / LAYERS_A_SHARD + 1);
            shard.forEach(tensor -> map.put(tensor.name(), file));
            SafetensorsWriter.write(folder.resolve(file), shard, Map.of("format", "pt"));
        }
        Json.write(folder.resolve("model.safetensors.index.json"), index);
    }

    /** Writes a BERT of 12 layers in float32. */
    static void bert(Path folder, int width) {
        new RandomCheckpoint(DType.F32).bertOf(folder, width);
    }

    private void bertOf(Path folder, int width) {
        int inner = 4 * width;
        ObjectNode config = Json.object();
        config.put("model_type", "bert").put("hidden_size", width).put("intermediate_size", inner);
        config.put("num_hidden_layers", 12).put("num_attention_heads", width / 64).put("vocab_size", VOCABULARY);
        Json.write(folder.resolve("config.json"), config);
        List<Named> tensors = new ArrayList<>();
        tensors.add(random("embeddings.word_embeddings.weight", DType.F32, VOCABULARY, width));
        tensors.add(random("embeddings.position_embeddings.weight", DType.F32, 512, width));
        tensors.add(random("embeddings.token_type_embeddings.weight", DType.F32, 2, width));
        norm(tensors, "embeddings.LayerNorm", width);
        for (int layer = 0; layer < 12; layer++) {
            String prefix = "encoder.layer." + layer + ".";
            for (String name : List.of("attention.self.query", "attention.self.key", "attention.self.value")) {
                linear(tensors, prefix + name, width, width);
            }
            linear(tensors, prefix + "attention.output.dense", width, width);
            norm(tensors, prefix + "attention.output.LayerNorm", width);
            linear(tensors, prefix + "intermediate.dense", inner, width);
            linear(tensors, prefix + "output.dense", width, inner);
            norm(tensors, prefix + "output.LayerNorm", width);
        }
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
    }

    private void linear(List<Named> tensors, String name, int out, int in) {
        tensors.add(random(name + ".weight", DType.F32, out, in));
        tensors.add(random(name + ".bias", DType.F32, out));
    }

    private void norm(List<Named> tensors, String name, int width) {
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        tensors.add(Named.of(name + ".weight", ones, width));
        tensors.add(Named.of(name + ".bias", new float[width], width));
    }

    private Named random(String name, DType type, long... shape) {
        long bytes = type.bytes();
        for (long size : shape) {
            bytes *= size;
        }
        List<ByteBuffer> pieces = new ArrayList<>();
        for (long left = bytes; left > 0; left -= normal.length) {
            pieces.add(ByteBuffer.wrap(normal, 0, (int) Math.min(left, normal.length)));
        }
        return new Named(name, type, shape, pieces);
    }

    private static Named ones(String name, int width) {
        ByteBuffer values = ByteBuffer.allocate(2 * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < width; i++) {
            values.putShort((short) 0x3f80);
        }
        return Named.of(name, DType.BF16, new long[] {width}, values.flip());
    }
}

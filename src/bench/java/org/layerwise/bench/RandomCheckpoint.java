package org.layerwise.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
import org.layerwise.testing.QuantizedLlama;

/**
 * Writes checkpoints of any size with random weights, for measurements: what is computed does not matter, only how long it
 * takes and in how much memory. Arguments: {@code FOLDER WIDTH INNER LAYERS [VOCABULARY KEY_VALUE_HEADS [FORM]]}, a Llama, a
 * file every few layers. The form is {@code bf16} or {@code nf4-double}: the linear maps of the layers in NF4 with double
 * quantisation, as bitsandbytes stores them.
 */
public final class RandomCheckpoint {

    private static final int VOCABULARY = 32_000;
    private static final int HEAD = 128;
    private static final int LAYERS_A_SHARD = 7;
    private static final int BLOCK_OF_CODES = 64;
    private static final int NESTED = 256;

    /** Different random values: a prime, so that no two rows are the same, and matrices have full rank. */
    private static final int VALUES = (1 << 22) - 3;

    private final byte[] normal;
    private final int bytesAValue;
    private int next;

    private RandomCheckpoint(DType type) {
        Random random = new Random(1);
        this.bytesAValue = type.bytes();
        ByteBuffer values = ByteBuffer.allocate(VALUES * bytesAValue).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < VALUES; i++) {
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
        int vocabulary = args.length > 4 ? Integer.parseInt(args[4]) : VOCABULARY;
        int keyValueHeads = args.length > 5 ? Integer.parseInt(args[5]) : width / HEAD;
        boolean nf4 = args.length > 6 && args[6].equals("nf4-double");
        new RandomCheckpoint(DType.BF16).llama(folder, new Size(width, inner, layers, vocabulary, keyValueHeads), nf4);
        System.out.println("Wrote " + folder);
    }

    private record Size(int width, int inner, int layers, int vocabulary, int keyValueHeads) {}

    private void llama(Path folder, Size size, boolean nf4) {
        int width = size.width;
        ObjectNode config = Json.object();
        config.put("model_type", "llama").put("hidden_size", width).put("intermediate_size", size.inner);
        config.put("num_hidden_layers", size.layers).put("num_attention_heads", width / HEAD);
        config.put("num_key_value_heads", size.keyValueHeads).put("vocab_size", size.vocabulary);
        config.put("max_position_embeddings", 4096).put("torch_dtype", "bfloat16");
        config.putArray("architectures").add("LlamaForCausalLM");
        if (nf4) {
            config.putObject("quantization_config").put("quant_method", "bitsandbytes").put("load_in_4bit", true);
        }
        Json.write(folder.resolve("config.json"), config);
        ObjectNode index = Json.object();
        ObjectNode map = index.putObject("weight_map");
        for (int first = 0; first < size.layers; first += LAYERS_A_SHARD) {
            List<Named> shard = new ArrayList<>();
            for (int layer = first; layer < Math.min(size.layers, first + LAYERS_A_SHARD); layer++) {
                String prefix = "model.layers." + layer + ".";
                int shared = size.keyValueHeads * HEAD;
                linear(shard, prefix + "self_attn.q_proj.weight", nf4, width, width);
                linear(shard, prefix + "self_attn.k_proj.weight", nf4, shared, width);
                linear(shard, prefix + "self_attn.v_proj.weight", nf4, shared, width);
                linear(shard, prefix + "self_attn.o_proj.weight", nf4, width, width);
                linear(shard, prefix + "mlp.gate_proj.weight", nf4, size.inner, width);
                linear(shard, prefix + "mlp.up_proj.weight", nf4, size.inner, width);
                linear(shard, prefix + "mlp.down_proj.weight", nf4, width, size.inner);
                shard.add(ones(prefix + "input_layernorm.weight", width));
                shard.add(ones(prefix + "post_attention_layernorm.weight", width));
            }
            if (first == 0) {
                shard.add(random("model.embed_tokens.weight", DType.BF16, size.vocabulary, width));
                shard.add(random("lm_head.weight", DType.BF16, size.vocabulary, width));
                shard.add(ones("model.norm.weight", width));
            }
            String file = "model-%05d.safetensors".formatted(first / LAYERS_A_SHARD + 1);
            shard.forEach(tensor -> map.put(tensor.name(), file));
            SafetensorsWriter.write(folder.resolve(file), shard, Map.of("format", "pt"));
        }
        Json.write(folder.resolve("model.safetensors.index.json"), index);
    }

    private void linear(List<Named> shard, String name, boolean nf4, int out, int in) {
        if (!nf4) {
            shard.add(random(name, DType.BF16, out, in));
            return;
        }
        long blocks = (long) out * in / BLOCK_OF_CODES;
        String state =
                """
                {"quant_type": "nf4", "blocksize": 64, "dtype": "bfloat16", "shape": [%s, %s], "nested_blocksize": 256,\
                 "nested_dtype": "float32", "nested_offset": 0.05}"""
                        .formatted(out, in);
        float[] nested = new float[(int) ((blocks + NESTED - 1) / NESTED)];
        Arrays.fill(nested, 0.02f);
        float[] map = new float[NESTED];
        for (int code = 0; code < NESTED; code++) {
            map[code] = (code - 127.5f) / 127.5f;
        }
        shard.add(random(name, DType.U8, (long) out * in / 2, 1));
        shard.add(random(name + ".absmax", DType.U8, blocks));
        shard.add(Named.of(name + ".nested_absmax", nested, nested.length));
        shard.add(Named.of(name + ".nested_quant_map", map, NESTED));
        shard.add(Named.of(name + ".quant_map", QuantizedLlama.nf4(), QuantizedLlama.nf4().length));
        byte[] text = state.getBytes(StandardCharsets.UTF_8);
        shard.add(Named.of(
                name + ".quant_state.bitsandbytes__nf4", DType.U8, new long[] {text.length}, ByteBuffer.wrap(text)));
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
        for (long left = bytes; left > 0; ) { // goes on where the last tensor ended
            int length = (int) Math.min(left, normal.length - next);
            pieces.add(ByteBuffer.wrap(normal, next, length));
            left -= length;
            next = (next + length + bytesAValue - 1) / bytesAValue * bytesAValue % normal.length;
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

package org.layerwise.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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

/** A Llama with random weights, in bfloat16 or as NF4 codes in the layout of bitsandbytes, for measurements of memory. */
public final class QuantizedLlama {

    private static final int VOCABULARY = 256;
    private static final int BLOCK = 64;
    private static final float[] NF4 = {
        -1f,
        -0.6961928f,
        -0.52507305f,
        -0.3949175f,
        -0.28444138f,
        -0.18477343f,
        -0.091050036f,
        0f,
        0.0795803f,
        0.1609302f,
        0.2461123f,
        0.33791524f,
        0.44070983f,
        0.562617f,
        0.72295684f,
        1f
    };

    private final Random random = new Random(1);
    private final List<Named> tensors = new ArrayList<>();

    private final boolean quantised;

    private QuantizedLlama(boolean quantised) {
        this.quantised = quantised;
    }

    /** Returns the values of the codes. */
    public static float[] nf4() {
        return NF4.clone();
    }

    /**
     * Writes the model into a folder.
     *
     * @return number of its quantised values
     */
    public static long write(Path folder, int width, int inner, int layers) {
        return write(folder, width, inner, layers, true);
    }

    /** Writes the model in bfloat16. */
    public static long writePlain(Path folder, int width, int inner, int layers) {
        return write(folder, width, inner, layers, false);
    }

    private static long write(Path folder, int width, int inner, int layers, boolean quantised) {
        ObjectNode config = Json.object();
        config.put("model_type", "llama").put("hidden_size", width).put("intermediate_size", inner);
        config.put("num_hidden_layers", layers).put("num_attention_heads", width / BLOCK);
        config.put("vocab_size", VOCABULARY).put("max_position_embeddings", 512).put("dtype", "bfloat16");
        if (quantised) {
            config.putObject("quantization_config")
                    .put("quant_method", "bitsandbytes")
                    .put("load_in_4bit", true);
        }
        Json.write(folder.resolve("config.json"), config);
        QuantizedLlama model = new QuantizedLlama(quantised);
        for (int layer = 0; layer < layers; layer++) {
            model.layer("model.layers." + layer + ".", width, inner);
        }
        model.plain("model.embed_tokens.weight", VOCABULARY, width);
        model.plain("lm_head.weight", VOCABULARY, width);
        model.ones("model.norm.weight", width);
        SafetensorsWriter.write(folder.resolve("model.safetensors"), model.tensors, Map.of("format", "pt"));
        return layers * (4L * width * width + 3L * width * inner);
    }

    private void layer(String prefix, int width, int inner) {
        for (String map : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
            linear(prefix + "self_attn." + map + ".weight", width, width);
        }
        linear(prefix + "mlp.gate_proj.weight", inner, width);
        linear(prefix + "mlp.up_proj.weight", inner, width);
        linear(prefix + "mlp.down_proj.weight", width, inner);
        ones(prefix + "input_layernorm.weight", width);
        ones(prefix + "post_attention_layernorm.weight", width);
    }

    private void linear(String name, int out, int in) {
        if (!quantised) {
            plain(name, out, in);
            return;
        }
        byte[] codes = new byte[out * in / 2];
        random.nextBytes(codes);
        float[] absmax = new float[out * in / BLOCK];
        Arrays.fill(absmax, 0.05f);
        byte[] state = "{\"quant_type\": \"nf4\", \"blocksize\": %s, \"dtype\": \"bfloat16\", \"shape\": [%s, %s]}"
                .formatted(BLOCK, out, in)
                .getBytes(StandardCharsets.UTF_8);
        tensors.add(Named.of(name, DType.U8, new long[] {codes.length, 1}, ByteBuffer.wrap(codes)));
        tensors.add(Named.of(name + ".absmax", absmax, absmax.length));
        tensors.add(Named.of(name + ".quant_map", NF4, NF4.length));
        tensors.add(Named.of(
                name + ".quant_state.bitsandbytes__nf4", DType.U8, new long[] {state.length}, ByteBuffer.wrap(state)));
    }

    private void plain(String name, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.02 * random.nextGaussian());
        }
        tensors.add(bf16(name, values, rows, columns));
    }

    private void ones(String name, int size) {
        float[] values = new float[size];
        Arrays.fill(values, 1);
        tensors.add(bf16(name, values, size));
    }

    private static Named bf16(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
        }
        return Named.of(name, DType.BF16, shape, bytes.flip());
    }
}

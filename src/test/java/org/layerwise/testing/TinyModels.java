package org.layerwise.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.tensor.DType;

/**
 * Models of random weights, as deep as real ones but only a few values wide, with the tokenizer of the sample model. They
 * are opened, analyzed and trained in moments.
 */
public final class TinyModels {

    /** Layers of the encoder. */
    public static final int LAYERS = 12;

    /** Layers of the decoder. */
    public static final int DECODER_LAYERS = 32;

    /** Adapter parameters of the encoder for one layer and a rank of 1. */
    public static final int PARAMETERS = 144;

    private static final int WIDTH = 8;
    private static final int INNER = 4 * WIDTH;
    private static final int WORDS = 30522;
    private static final int POSITIONS = 512;

    /** Draws of the layers' maps. With {@link #STRENGTHS}, they were searched for the order of the layers. */
    private static final List<Integer> SEEDS = List.of(0, 101, 201, 301, 402, 502, 601, 702, 801, 901, 1001, 1103);

    private static final List<Double> STRENGTHS = List.of(
            0.0,
            0.23266601562500003,
            0.34853515625,
            0.06625,
            0.14716796875000004,
            0.513671875,
            0.12265625,
            0.14326171875000002,
            0.20541992187500002,
            0.11328125,
            1.066015625,
            0.17666015625);

    private static final Pattern LAYER = Pattern.compile("((?!vision_).*layers?\\.)(\\d+)(\\..*)");

    private TinyModels() {}

    /**
     * Writes a BERT into a folder, as a HuggingFace model. On the sample definitions, CKA ranks its layers 11, 8, 5, 2, 1,
     * 4, 7, 10, 9, 6, 3, and is undefined for layer 0, where all rows have the same state.
     */
    public static Path encoder(Path folder) {
        Weights weights = new Weights();
        weights.random("embeddings.word_embeddings.weight", WORDS, WIDTH);
        weights.random("embeddings.position_embeddings.weight", POSITIONS, WIDTH);
        weights.random("embeddings.token_type_embeddings.weight", 2, WIDTH);
        weights.norm("embeddings.LayerNorm");
        for (int layer = 0; layer < LAYERS; layer++) {
            String at = "encoder.layer.%s.".formatted(layer);
            for (String name : List.of("query", "key", "value")) {
                weights.linear(at + "attention.self." + name, WIDTH, WIDTH);
            }
            weights.scale = layer == 0 ? 1 : 0.1;
            weights.linear(at + "attention.output.dense", WIDTH, WIDTH);
            weights.scale = 1;
            weights.norm(at + "attention.output.LayerNorm");
            weights.linearMap(at, SEEDS.get(layer), STRENGTHS.get(layer));
            weights.norm(at + "output.LayerNorm");
        }
        weights.linear("pooler.dense", WIDTH, WIDTH);
        weights.random(
                "cls.predictions.transform.dense.weight", WIDTH, WIDTH); // of the head that it was pretrained with
        weights.random("cls.predictions.bias", WORDS);
        weights.random("cls.seq_relationship.bias", 2);
        ObjectNode config = Json.object();
        config.putArray("architectures").add("BertModel");
        config.put("model_type", "bert")
                .put("hidden_act", "gelu")
                .put("hidden_size", WIDTH)
                .put("intermediate_size", INNER)
                .put("layer_norm_eps", 1e-12)
                .put("max_position_embeddings", POSITIONS)
                .put("num_attention_heads", 2)
                .put("num_hidden_layers", LAYERS)
                .put("pad_token_id", 0)
                .put("torch_dtype", "float32")
                .put("type_vocab_size", 2)
                .put("vocab_size", WORDS);
        return write(folder, config, weights);
    }

    /** Writes a LLaMA of 32 layers into a folder, with its matrices in bfloat16. */
    public static Path decoder(Path folder) {
        Weights weights = new Weights();
        weights.type = DType.BF16;
        weights.random("model.embed_tokens.weight", WORDS, WIDTH);
        for (int layer = 0; layer < DECODER_LAYERS; layer++) {
            String at = "model.layers.%s.".formatted(layer);
            for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                weights.random(at + "self_attn." + name + ".weight", WIDTH, WIDTH);
            }
            weights.random(at + "mlp.gate_proj.weight", INNER, WIDTH);
            weights.random(at + "mlp.up_proj.weight", INNER, WIDTH);
            weights.random(at + "mlp.down_proj.weight", WIDTH, INNER);
            weights.constant(at + "input_layernorm.weight", 1);
            weights.constant(at + "post_attention_layernorm.weight", 1);
        }
        weights.constant("model.norm.weight", 1);
        weights.random("lm_head.weight", WORDS, WIDTH);
        ObjectNode config = Json.object();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("model_type", "llama")
                .put("hidden_act", "silu")
                .put("hidden_size", WIDTH)
                .put("intermediate_size", INNER)
                .put("max_position_embeddings", POSITIONS)
                .put("num_attention_heads", 2)
                .put("num_hidden_layers", DECODER_LAYERS)
                .put("num_key_value_heads", 2)
                .put("rms_norm_eps", 1e-5)
                .put("rope_theta", 10000.0)
                .put("tie_word_embeddings", false)
                .put("bos_token_id", 101)
                .put("eos_token_id", 102)
                .put("torch_dtype", "float32")
                .put("vocab_size", WORDS);
        return write(folder, config, weights);
    }

    private static Path write(Path folder, ObjectNode config, Weights weights) {
        try (InputStream tokenizer = Objects.requireNonNull(
                TinyModels.class.getResourceAsStream("/bge-small-en-v1.5-tokenizer.json"), "the sample's tokenizer")) {
            Files.createDirectories(folder);
            ObjectNode json = (ObjectNode) Json.parse(new String(tokenizer.readAllBytes(), StandardCharsets.UTF_8));
            if (config.path("model_type").asText().equals("llama")) {
                json.putNull("post_processor"); // else all rows would end with the same token
            }
            Json.write(folder.resolve("tokenizer.json"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SafetensorsWriter.write(folder.resolve("model.safetensors"), weights.all, Map.of("format", "pt"));
        Json.write(folder.resolve("config.json"), config);
        WordTokenizer.leaveAsItIs(folder);
        return folder;
    }

    private static final class Weights {

        private final Random random = new Random(11);
        private double scale = 1;
        private DType type = DType.F32;
        private final List<SafetensorsWriter.Named> all = new ArrayList<>();

        void random(String name, int... shape) {
            int size = 1;
            long[] dimensions = new long[shape.length];
            for (int i = 0; i < shape.length; i++) {
                size *= shape[i];
                dimensions[i] = shape[i];
            }
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) (scale * 0.4 * random.nextGaussian());
            }
            all.add(
                    type == DType.BF16
                            ? half(name, values, dimensions)
                            : SafetensorsWriter.Named.of(name, values, dimensions));
        }

        private static SafetensorsWriter.Named half(String name, float[] values, long... shape) {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : values) {
                bytes.putShort((short) (Float.floatToIntBits(value) >> 16));
            }
            return SafetensorsWriter.Named.of(name, DType.BF16, shape, bytes.flip());
        }

        void constant(String name, float value) {
            float[] values = new float[WIDTH];
            Arrays.fill(values, value);
            all.add(SafetensorsWriter.Named.of(name, values, WIDTH));
        }

        void linear(String name, int out, int in) {
            random(name + ".weight", out, in);
            random(name + ".bias", out);
        }

        /** A feed-forward network that is a linear map, since gelu(x) - gelu(-x) = x. */
        void linearMap(String at, int seed, double strength) {
            Random own = new Random(seed);
            float[] in = new float[INNER * WIDTH];
            float[] out = new float[WIDTH * INNER];
            for (int i = 0; i < WIDTH; i++) {
                in[i * WIDTH + i] = 1;
                in[(WIDTH + i) * WIDTH + i] = -1;
                for (int j = 0; j < WIDTH; j++) {
                    float value = (float) (strength * own.nextGaussian());
                    out[i * INNER + j] = value;
                    out[i * INNER + WIDTH + j] = -value;
                }
            }
            all.add(SafetensorsWriter.Named.of(at + "intermediate.dense.weight", in, INNER, WIDTH));
            all.add(SafetensorsWriter.Named.of(at + "intermediate.dense.bias", new float[INNER], INNER));
            all.add(SafetensorsWriter.Named.of(at + "output.dense.weight", out, WIDTH, INNER));
            all.add(SafetensorsWriter.Named.of(at + "output.dense.bias", new float[WIDTH], WIDTH));
        }

        void norm(String name) {
            constant(name + ".weight", 1);
            constant(name + ".bias", 0);
        }
    }

    /** Writes a model of another folder with more layers, which repeat the weights of its own. */
    public static Path deeper(Path folder, Path source, int layers) {
        ObjectNode config = (ObjectNode) Json.read(source.resolve("config.json"));
        ObjectNode text = config.has("text_config") ? (ObjectNode) config.get("text_config") : config;
        int own = text.path("num_hidden_layers").asInt();
        List<SafetensorsWriter.Named> all = new ArrayList<>();
        try (SafetensorsFile file = SafetensorsFile.open(source.resolve("model.safetensors"))) {
            for (String name : file.names()) {
                Matcher layer = LAYER.matcher(name);
                if (!layer.matches()) {
                    all.add(copy(file, name, name));
                    continue;
                }
                for (int i = Integer.parseInt(layer.group(2)); i < layers; i += own) {
                    all.add(copy(file, name, layer.group(1) + i + layer.group(3)));
                }
            }
            Files.createDirectories(folder);
            SafetensorsWriter.write(folder.resolve("model.safetensors"), all, Map.of("format", "pt"));
            for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
                if (Files.exists(source.resolve(name))) {
                    Files.copy(source.resolve(name), folder.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        text.put("num_hidden_layers", layers);
        Json.write(folder.resolve("config.json"), config);
        return folder;
    }

    private static SafetensorsWriter.Named copy(SafetensorsFile file, String name, String as) {
        TensorEntry entry = file.entry(name);
        return SafetensorsWriter.Named.of(as, entry.type(), entry.shape(), file.bytes(name));
    }

    private static final Map<String, Path> MADE = new LinkedHashMap<>();

    /** Writes the tiny model that sees images, with a tokenizer whose words ask for colours. */
    public static Path vision(Path folder) {
        try (Stream<Path> files = Files.list(Golden.folder("llava"))) {
            Files.createDirectories(folder);
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
            Files.copy(
                    Golden.folder("clip_images").resolve("preprocessor_config.json"),
                    folder.resolve("preprocessor_config.json"));
            Files.writeString(
                    folder.resolve("tokenizer.json"),
                    """
                    {"version": "1.0", "added_tokens": [{"id": 5, "content": "<image>", "single_word": false, "lstrip": false,
                      "rstrip": false, "normalized": false, "special": true}],
                     "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                     "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "USER:": 6, "ASSISTANT:": 7, "what": 8, "colour": 9,
                      "is": 10, "this": 11, "<image>": 5}, "unk_token": "[UNK]"}}
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        WordTokenizer.leaveAsItIs(folder);
        return folder;
    }

    /** Returns the folder of a model that all tests of this process share: "encoder", "decoder" or "vision". */
    public static synchronized Path shared(String kind) {
        return MADE.computeIfAbsent(kind, name -> {
            try {
                Path folder = Files.createTempDirectory("layerwise-tiny").resolve(name);
                return switch (name) {
                    case "encoder" -> encoder(folder);
                    case "decoder" -> decoder(folder);
                    default -> vision(folder);
                };
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}

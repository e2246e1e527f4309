package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** What a config.json asks for and is not supported is refused by name; whatever it holds ends in our own words. */
class RefusedConfigTest {

    private static final int MUTATIONS = 150;

    private final TensorEngine engine = Engines.shared();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roberta       | position_embedding_type | \"relative_key\"",
                "electra       | position_embedding_type | null",
                "roberta       | is_decoder              | true",
                "roberta       | pruned_heads            | {\"0\": [1]}",
                "xlm_roberta   | hidden_act              | \"mish\"",
                "electra       | add_cross_attention     | true",
                "distilbert    | activation              | \"unheard\"",
                "deberta_v3    | pooler_hidden_size      | 32",
                "deberta_v3    | attention_head_size     | 24",
                "deberta_v3    | relative_attention      | false",
                "deberta_v3    | conv_kernel_size        | 2",
                "deberta_v3    | position_buckets        | 1",
                "deberta_v3    | max_relative_positions  | 5",
                "modernbert    | classifier_pooling      | \"max\"",
                "modernbert    | rope_scaling            | {\"rope_type\": \"linear\", \"factor\": 2}",
                "llama         | rope_scaling            | {\"rope_type\": \"mrope\"}",
                "llama         | rope_scaling            | {\"factor\": 2}",
                "llama         | rope_scaling            | {\"rope_type\": \"linear\"}",
                "llama         | rope_parameters         | {\"rope_type\": \"mrope\"}",
                "llama         | rope_parameters         | {\"rope_type\": \"yarn\", \"llama_4_scaling_beta\": 0.1}",
                "llama         | rope_parameters         | {\"full_attention\": {}}",
                "llama         | rope_parameters         | {\"partial_rotary_factor\": 0.5}",
                "llama         | rope_parameters         | [1]",
                "llama         | is_causal               | false",
                "gemma2        | use_bidirectional_attention | true",
                "modernbert    | rope_parameters         | {\"rope_theta\": 500000}",
                "modernbert    | rope_parameters         | {\"linear_attention\": {}}",
                "llama         | partial_rotary_factor   | 0.5",
                "llama         | num_key_value_heads     | 3",
                "llama         | head_dim                | 7",
                "llama         | quantization_config     | {\"quant_method\": \"gptq\", \"bits\": 3}",
                "llama         | quantization_config     | {\"quant_method\": \"gptq\", \"bits\": 4, \"checkpoint_format\": \"marlin\"}",
                "llama         | quantization_config     | {\"quant_method\": \"awq\", \"bits\": 4, \"version\": \"gemv\"}",
                "llama         | quantization_config     | {\"quant_method\": \"aqlm\"}",
                "llama         | quantization_config     | {\"quant_method\": \"hqq\"}",
                "llama         | quantization_config     | {\"quant_method\": \"torchao\"}",
                "llama         | quantization_config     | {\"quant_method\": \"nvfp4\"}",
                "llama         | quantization_config     | {\"quant_method\": \"modelopt\"}",
                "llama         | quantization_config     | {\"quant_method\": \"fp8\", \"weight_block_size\": [128]}",
                "llama         | quantization_config     | {\"quant_method\": \"compressed-tensors\", \"format\": \"nvfp4-pack-quantized\"}",
                "llama         | quantization_config     | {\"quant_method\": \"compressed-tensors\", \"config_groups\": {\"a\": {\"format\": \"mxfp4-pack-quantized\"}}}",
                "llama         | quantization_config     | {\"quant_method\": 4}",
                "llama         | quantization_config     | []",
                "mistral       | sliding_window          | 0",
                "v5/smollm3    | layer_types             | [\"sliding_attention\", \"full_attention\", \"full_attention\", \"full_attention\"]",
                "v5/gpt_neox   | num_key_value_heads     | 2",
                "v5/ministral3 | rope_parameters         | {\"rope_type\": \"yarn\", \"factor\": 2}",
                "v5/ministral3 | rope_parameters         | null",
                "v5/mixtral    | num_experts_per_tok     | 6",
                "v5/mixtral    | router_jitter_noise     | 0.1",
                "v5/olmoe      | clip_qkv                | 8",
                "v5/qwen3_moe  | output_router_logits    | true",
                "v5/eurobert   | classifier_pooling      | \"max\"",
                "v5/gpt_oss    | swiglu_alpha            | 2",
                "v5/gpt_neox   | rope_theta              | 500000",
                "v5/eurobert   | clf_pooling             | \"mean\"",
                "v5/gemma4_dense | per_layer_config      | {\"2\": {\"rms_norm_eps\": 1}}",
                "v5/gemma4_e   | num_kv_shared_layers    | 3",
                "v5/gemma4_e   | num_kv_shared_layers    | 5",
                "v5/gemma4_e   | vocab_size_per_layer_input | 63",
                "v5/gemma4_dense | per_layer_config      | {\"0\": {\"head_dim\": 32}}",
                "v5/gpt_oss    | rope_parameters         | null",
                "v5/qwen3_next | layer_types             | [\"linear_attention\", \"sliding_attention\", \"full_attention\", \"full_attention\"]",
                "v5/qwen3_next | linear_num_value_heads  | 3",
                "v5/qwen3_5    | hidden_act              | \"gelu\"",
                "v5/gemma3     | text_config             | {\"model_type\": \"llama\"}",
                "qwen2         | layer_types             | [\"chunked_attention\", \"full_attention\"]",
                "qwen2         | layer_types             | [\"full_attention\", \"full_attention\", \"full_attention\", \"sliding_attention\"]",
                "qwen3         | use_sliding_window      | \"perhaps\"",
                "phi3          | partial_rotary_factor   | 1.5",
                "gemma         | hidden_activation       | \"xielu\"",
                "gemma2        | query_pre_attn_scalar   | -1",
                "gpt2          | add_cross_attention     | true",
                "llava         | vision_feature_select_strategy | \"some\"",
                "llava         | vision_feature_layer    | -9",
                "llava         | vision_config           | {\"model_type\": \"siglip_vision_model\"}",
                "llava         | text_config             | {\"model_type\": \"qwen2\"}",
                "bert          | problem_type            | \"multi_label_classification\"",
                "bert          | num_hidden_layers       | 2000000000",
            })
    void isRefusedByName(String fixture, String key, String value) throws IOException {
        ObjectNode config = config(fixture);
        config.set(key, Json.parse(value));
        write(fixture, config);
        assertThatThrownBy(this::read)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(key);
    }

    @Test
    void mutatedConfigsEndInOurOwnWords() throws IOException {
        Random random = new Random(4);
        String[] odd = {
            "null",
            "-1",
            "0",
            "1",
            "7",
            "1e300",
            "2147483647",
            "9223372036854775807",
            "\"\"",
            "\"x\"",
            "[]",
            "{}",
            "true"
        };
        for (String fixture : new String[] {
            "bert",
            "roberta",
            "electra",
            "distilbert",
            "deberta_v3",
            "modernbert",
            "llama",
            "mistral",
            "qwen2",
            "qwen3",
            "phi3",
            "phi3_longrope",
            "gemma",
            "gemma2",
            "gpt2",
            "llava",
            "llama_yarn",
            "v5/gpt_neox",
            "v5/ministral3",
            "v5/eurobert",
            "v5/qwen3_moe"
        }) {
            for (int i = 0; i < MUTATIONS; i++) {
                ObjectNode config = config(fixture);
                mutate(config, random, odd);
                write(fixture, config);
                try {
                    read();
                } catch (UserException expected) {
                    // refused in words, which is right; anything else fails the test
                }
            }
        }
    }

    private static void mutate(ObjectNode config, Random random, String[] odd) throws IOException {
        List<String> keys = new ArrayList<>();
        config.fieldNames().forEachRemaining(keys::add);
        for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
            String key = keys.get(random.nextInt(keys.size()));
            if (config.get(key) instanceof ObjectNode inner && !inner.isEmpty() && random.nextBoolean()) {
                mutate(inner, random, odd);
            } else if (random.nextInt(5) == 0) {
                config.remove(key);
            } else {
                config.set(key, Json.parse(odd[random.nextInt(odd.length)]));
            }
        }
    }

    private void read() {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            ModelBlueprint.read(engine, checkpoint).requireComplete();
        }
    }

    private static ObjectNode config(String fixture) {
        return (ObjectNode) Json.read(Golden.folder(fixture).resolve("config.json"));
    }

    private void write(String fixture, ObjectNode config) throws IOException {
        Path weights = folder.resolve("model.safetensors");
        if (Files.notExists(weights)) {
            Files.copy(Golden.folder(fixture).resolve("model.safetensors"), weights);
        } else if (Files.mismatch(weights, Golden.folder(fixture).resolve("model.safetensors")) >= 0) {
            Files.delete(weights);
            Files.copy(Golden.folder(fixture).resolve("model.safetensors"), weights);
        }
        Files.writeString(folder.resolve("config.json"), Json.pretty(config));
    }
}

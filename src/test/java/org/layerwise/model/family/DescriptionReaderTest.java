package org.layerwise.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.Rope;
import org.layerwise.model.config.VisionConfig;
import org.layerwise.testing.Golden;

/** How configurations read that are spelt in less usual ways; the models in usual ways are those of the fixtures. */
class DescriptionReaderTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "mistral", "qwen2", "qwen3", "phi3"})
    void nullKeyValueHeadsMeanOneForEachHead(String fixture) throws IOException {
        AttentionConfig attention =
                read(fixture, "num_key_value_heads", "null").layer(0).attention();
        assertThat(attention.keyValueHeads()).isEqualTo(attention.heads());
    }

    @Test
    void namesOfRelativePositionsMayBeSpacedAndCapital() throws IOException {
        ModelConfig usual = read("deberta_v3", "pos_att_type", "[\"p2c\", \"c2p\"]");
        assertThat(read("deberta_v3", "norm_rel_ebd", "\"none | Layer_Norm\"")).isEqualTo(usual);
        assertThat(read("deberta_v3", "pos_att_type", "\"P2C | c2p\"")).isEqualTo(usual);
    }

    @ParameterizedTest
    @CsvSource({"llama, true", "qwen2, true", "qwen3, true", "mistral, false", "gemma, false", "gemma2, false"})
    void ofTwoNamesOfTheScalingTheFamilysOwnCounts(String fixture, boolean older) throws IOException {
        ModelConfig config =
                read(fixture, "rope_scaling", "{\"type\": \"linear\", \"rope_type\": \"dynamic\", \"factor\": 3}");
        Rope rope = config.layer(0).attention().rope();
        assertThat(rope).isNotNull();
        assertThat(rope.scaling()).isEqualTo(older ? new Rope.Scaling.Linear(3) : new Rope.Scaling.Dynamic(3));
    }

    /** transformers 5 reads such a file as a ministral. */
    @Test
    void layerTypesOfMistralSayWhichLayersHaveAWindow() throws IOException {
        ModelConfig config = read(
                "v5/mistral_v5",
                "layer_types",
                "[\"full_attention\", \"sliding_attention\", \"sliding_attention\", \"full_attention\"]");
        assertThat(config.layerConfigs().stream().map(layer -> layer.attention().window()))
                .containsExactly(0, 6, 6, 0);
    }

    /** transformers fills the numbers of layers up with zeros. */
    @Test
    void sizesOfLayersMayHaveZerosBeforeTheirNumber() throws IOException {
        ModelConfig usual = read("v5/gemma4_dense", "use_cache", "true");
        String sizes = "{\"head_dim\": 32, \"num_key_value_heads\": 1}";
        assertThat(read("v5/gemma4_dense", "per_layer_config", "{\"02\": %1$s, \"03\": %1$s}".formatted(sizes)))
                .isEqualTo(usual);
        assertThat(usual.layer(2).attention().headSize()).isEqualTo(32);
    }

    @Test
    void aNameOfAClassIsNoBook() throws IOException {
        String names = "{\"0\": \"%s\", \"1\": \"b\", \"2\": \"c\"}";
        assertThat(read("bert", "id2label", names.formatted("a".repeat(1_000)))
                        .labels()
                        .count())
                .isEqualTo(3);
        assertThatThrownBy(() -> read("bert", "id2label", names.formatted("a".repeat(1_001))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("config.json names a class with 1001 characters, more than the 1000");
    }

    /** Python's class takes the second name, whatever the first one says. */
    @ParameterizedTest
    @CsvSource({
        "gpt2, n_head, num_attention_heads",
        "gpt2, n_layer, num_hidden_layers",
        "gpt2, n_positions, max_position_embeddings",
        "distilbert, n_heads, num_attention_heads"
    })
    void twoNamesOfOneSettingMustAgree(String fixture, String own, String usual) throws IOException {
        int value = Json.read(Golden.folder(fixture).resolve("config.json"))
                .path(own)
                .intValue();
        assertThat(value).isPositive();

        assertThat(read(fixture, usual, String.valueOf(value)).hiddenSize()).isPositive();
        assertThatThrownBy(() -> read(fixture, usual, "1"))
                .isInstanceOf(UserException.class)
                .hasMessageEndingWith(
                        "config.json has %s = %s and %s = 1, two names of one setting; remove the wrong one.",
                        own, value, usual);
    }

    /** Embedding, attention, outputs of attention, inside and behind the feed-forward part, input of a head, classifier. */
    @ParameterizedTest
    @CsvSource({
        "bert, 0.25, 0.25, 0.25, 0, 0.25, 0, 0.25",
        "roberta, 0.25, 0.25, 0.25, 0, 0.25, 0.25, 0.25",
        "distilbert, 0.25, 0.25, 0, 0, 0.25, 0, 0.25",
        "deberta_v3, 0.25, 0.25, 0.25, 0, 0.25, 0.25, 0.25",
        "modernbert, 0.25, 0.25, 0.25, 0.25, 0, 0, 0.25",
        "gpt2, 0.25, 0.25, 0.25, 0, 0.25, 0, 0",
        "llama, 0, 0.25, 0, 0, 0, 0, 0",
        "phi3, 0, 0.25, 0.25, 0, 0.25, 0, 0",
        "llava, 0, 0.25, 0, 0, 0, 0, 0"
    })
    void anotherDropoutIsAtThePlacesOfTheFamilyAlone(
            String fixture,
            double embedding,
            double attention,
            double attentionOutput,
            double inner,
            double feedForward,
            double headInput,
            double head) {
        Checkpoint checkpoint = Checkpoint.open(Golden.folder(fixture));
        assertThat(DescriptionReader.dropout(checkpoint, 0.25))
                .isEqualTo(new ModelConfig.Dropout(
                        embedding, attention, attentionOutput, inner, feedForward, headInput, head));
        assertThat(DescriptionReader.dropout(checkpoint, 0)).isEqualTo(ModelConfig.Dropout.NONE);
    }

    /** A fixture's configuration with another value of one key. */
    private ModelConfig read(String fixture, String key, String value) throws IOException {
        ObjectNode config = (ObjectNode) Json.read(Golden.folder(fixture).resolve("config.json"));
        config.set(key, Json.parse(value));
        Path copy = Files.createTempDirectory(folder, "model");
        Files.writeString(copy.resolve("config.json"), Json.pretty(config));
        Files.copy(Golden.folder(fixture).resolve("model.safetensors"), copy.resolve("model.safetensors"));
        try (Checkpoint checkpoint = Checkpoint.open(copy)) {
            return DescriptionReader.read(checkpoint).config();
        }
    }

    @Test
    void countsTheTokensOfAnImage() throws JsonProcessingException {
        assertThat(tokensPerImage(
                        "{\"model_type\": \"llava\", \"vision_config\": {\"image_size\": 28, \"patch_size\": 14}}"))
                .isEqualTo(4);
        assertThat(tokensPerImage("{\"model_type\": \"llava\", \"vision_feature_select_strategy\": \"full\"}"))
                .isEqualTo(577);
    }

    private static int tokensPerImage(String config) throws JsonProcessingException {
        VisionConfig vision = DescriptionReader.read(Path.of("config.json"), Json.parse(config))
                .vision();
        return Objects.requireNonNull(vision).tokensPerImage();
    }
}

package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Dataset;
import org.layerwise.data.Labels;
import org.layerwise.testing.Golden;

/** Tokenizers that transformers 5.24 saved, with its own tokens ({@code tokenizers_5_golden.py}). */
class TokenizersOf5Test {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama",
                "llama_ends",
                "llama_no_space",
                "mistral",
                "gemma_eos",
                "gemma_tokens",
                "cohere",
                "code_llama",
                "gpt_neox",
                "olmo2",
                "bytes_with_space",
                "bert",
                "bert_without_class"
            })
    void tokensAreThoseOfTransformers(String name) {
        Path saved = Golden.folder("tokenizers_5/" + name);
        JsonNode expected = Json.read(saved.resolve("expected.json"));

        for (JsonNode one : expected.path("texts")) {
            assertThat(ids(saved, one.path("text").asText(), null))
                    .as(one.toString())
                    .containsExactly(longs(one));
        }
        for (JsonNode one : expected.path("pairs")) {
            JsonNode pair = one.path("pair");
            assertThat(ids(saved, pair.path(0).asText(), pair.path(1).asText()))
                    .as(one.toString())
                    .containsExactly(longs(one));
        }
        SpecialTokens tokens = SpecialTokens.read(saved);
        assertThat(tokens.typed()).isEqualTo(expected.path("typed").booleanValue());
        Map<String, String> texts = new HashMap<>();
        expected.path("tokens")
                .properties()
                .forEach(token -> texts.put(token.getKey(), token.getValue().asText()));
        assertThat(tokens.texts()).isEqualTo(texts);
    }

    /** The class of transformers 5 splits words by the configuration alone, which lacks legacy when it was saved. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            llama_legacy   |                         | true and false
            llama_legacy   | legacy=true             |
            llama          | legacy=true             | true and true
            llama          | add_prefix_space=false  | false and false
            llama_no_space | add_prefix_space=       | true and false
            llama_no_space | legacy=true             |
            """)
    void llamasPrefix(String name, @Nullable String change, @Nullable String refused) throws IOException {
        copy(name);
        Path file = folder.resolve("tokenizer_config.json");
        ObjectNode configuration = (ObjectNode) Json.read(file);
        if (change != null) {
            String[] entry = change.split("=", 2);
            configuration.set(entry[0], entry[1].isEmpty() ? null : Json.tree(Boolean.valueOf(entry[1])));
        }
        Json.write(file, configuration);

        if (refused == null) {
            assertThat(ids(folder, "ab</s>ab", null)).containsExactly(expected(name));
        } else {
            assertThatThrownBy(() -> SpecialTokens.read(folder))
                    .isInstanceOf(UserException.class)
                    .hasMessage(
                            "%s was saved with another add_prefix_space or legacy than the %s of tokenizer_config.json, by which transformers would make other tokens; correct them there if tokenizer.json is right, else let Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) write both anew.",
                            folder.resolve("tokenizer.json"), refused);
        }
    }

    /** transformers 5 takes both from tokenizer.json alone. */
    @Test
    void endsInTheConfigurationHaveNoEffect() throws IOException {
        copy("llama_ends");
        Path file = folder.resolve("tokenizer_config.json");
        ObjectNode configuration = (ObjectNode) Json.read(file);
        Json.write(file, configuration.put("add_bos_token", false).put("add_eos_token", false));

        assertThat(ids(folder, "ab", null)).containsExactly(1, 7, 2);
    }

    /** With legacy, a blank precedes the text after each special token. */
    private static long[] expected(String name) {
        return name.equals("llama_no_space") ? new long[] {1, 6, 2, 6} : new long[] {7, 2, 7};
    }

    private void copy(String name) throws IOException {
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Golden.folder("tokenizers_5/" + name).resolve(file), folder.resolve(file));
        }
    }

    private static long[] ids(Path folder, String text, @Nullable String second) {
        try (TextTokenizer tokenizer =
                TextTokenizer.openTrusted(folder.resolve("tokenizer.json"), SpecialTokens.read(folder))) {
            Dataset data = Dataset.ofTexts(
                    "t",
                    "t.csv",
                    List.of("text"),
                    List.of(text),
                    second == null ? null : List.of(second),
                    new Labels.None());
            return tokenizer.encode(data, 20, 20, Progress.none()).rows().get(0).ids();
        }
    }

    private static long[] longs(JsonNode one) {
        return StreamSupport.stream(one.path("ids").spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }
}

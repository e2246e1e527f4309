package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.DataFixtures;
import org.layerwise.data.Dataset;
import org.layerwise.data.ImageFixtures;
import org.layerwise.data.Labels;
import org.layerwise.data.token.SpecialTokens.Token;

class SpecialTokensTest {

    @TempDir
    Path folder;

    @Test
    void tokensAsTextsOrObjects() {
        ImageFixtures.tokenizer(folder);
        write(
                "tokenizer_config.json",
                "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\"}, \"pad_token\": null}");
        write("special_tokens_map.json", "{\"unk_token\": \"<unk>\"}");

        SpecialTokens tokens = SpecialTokens.read(folder);

        assertThat(tokens.bos()).isEqualTo(new Token("<s>", 1));
        assertThat(tokens.eos()).isEqualTo(new Token("</s>", 2));
        assertThat(tokens.texts()).containsEntry("unk_token", "<unk>").doesNotContainKey("pad_token");
        assertThat(tokens.truncatesLeft()).isFalse();
    }

    /** {@code PreTrainedTokenizerBase._from_pretrained}: the map is read, and wins, only where no added tokens are listed. */
    @Test
    void theOlderFileCountsFirstOrNotAtAll() {
        ImageFixtures.tokenizer(folder);
        write("special_tokens_map.json", "{\"eos_token\": \"<unk>\", \"pad_token\": null, \"bos_token\": \"<s>\"}");
        write("tokenizer_config.json", "{\"eos_token\": \"</s>\", \"pad_token\": \"<s>\"}");

        SpecialTokens older = SpecialTokens.read(folder);

        assertThat(older.eos()).isEqualTo(new Token("<unk>", 0));
        assertThat(older.texts()).containsEntry("eos_token", "<unk>").doesNotContainKey("pad_token");
        write(
                "tokenizer_config.json",
                "{\"eos_token\": \"</s>\", \"pad_token\": \"<s>\", \"added_tokens_decoder\": {}}");
        SpecialTokens newer = SpecialTokens.read(folder);
        assertThat(newer.eos()).isEqualTo(new Token("</s>", 2));
        assertThat(newer.texts()).containsEntry("pad_token", "<s>");
        assertThat(newer.bos()).isNull();
    }

    @Test
    void idsOfConfigurations() {
        write("config.json", "{\"text_config\": {\"bos_token_id\": 7}}");
        write("generation_config.json", "{\"bos_token_id\": -1, \"eos_token_id\": [9, 8]}");

        SpecialTokens tokens = SpecialTokens.read(folder);

        assertThat(tokens.bos()).isEqualTo(new Token("", 7));
        assertThat(tokens.eos()).isEqualTo(new Token("", 9));
        assertThat(tokens.addedTo("<s>")).isTrue();
    }

    @Test
    void anEmptyFolder() {
        SpecialTokens tokens = SpecialTokens.read(folder);

        assertThat(tokens.bos()).isNull();
        assertThat(tokens.eos()).isNull();
        assertThat(tokens.texts()).isEmpty();
    }

    @Test
    void vocabulariesOfPieces() {
        write(
                "tokenizer.json",
                "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"<s>\", 0.0], [\"x\", -1.5], [\"</s>\", -2]]}}");
        write("tokenizer_config.json", "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");

        assertThat(SpecialTokens.read(folder).bos()).isEqualTo(new Token("<s>", 0));
        assertThat(SpecialTokens.read(folder).eos()).isEqualTo(new Token("</s>", 2));
    }

    @Test
    void promptsThatBeginAlready() {
        ImageFixtures.tokenizer(folder);
        write("tokenizer_config.json", "{\"bos_token\": \"<s>\"}");

        assertThat(SpecialTokens.read(folder).addedTo("<s>[INST]")).isFalse();
        assertThat(SpecialTokens.read(folder).addedTo("USER:")).isTrue();
    }

    @Test
    void someClassesDecideOnTheEnds() {
        ImageFixtures.tokenizer(folder);
        String ends = "{\"tokenizer_class\": \"%s\", \"bos_token\": \"<s>\", \"eos_token\": \"</s>\"%s}";

        write(
                "tokenizer_config.json",
                ends.formatted("LlamaTokenizerFast", ", \"add_bos_token\": false, \"add_eos_token\": true"));
        assertThat(ids("what is")).containsExactly(6, 7, 2);
        write("tokenizer_config.json", ends.formatted("LlamaTokenizer", ""));
        assertThat(ids("what is")).containsExactly(1, 6, 7);
        write("tokenizer_config.json", ends.formatted("LlamaTokenizer", ", \"add_eos_token\": true"));
        assertThat(ids("what is")).containsExactly(1, 6, 7, 2);
        write("tokenizer_config.json", ends.formatted("LlamaTokenizer", ", \"add_bos_token\": false"));
        assertThat(ids("what is")).containsExactly(6, 7);
        write("tokenizer_config.json", ends.formatted("GPTNeoXTokenizerFast", ""));
        assertThat(ids("what is")).containsExactly(6, 7);
        write("tokenizer_config.json", ends.formatted("GPTNeoXTokenizer", ", \"add_bos_token\": true"));
        assertThat(ids("what is")).containsExactly(1, 6, 7);
        // every other class leaves it to the file
        write("tokenizer_config.json", ends.formatted("PreTrainedTokenizerFast", ", \"add_bos_token\": false"));
        assertThat(ids("what is")).containsExactly(1, 6, 7);
    }

    /** AutoTokenizer finds the class by {@code model_type} then, and the class has tokens of its own. */
    @ParameterizedTest
    @CsvSource({"llama,1 6 7", "mistral,1 6 7", "phi3,1 6 7", "llava,1 6 7", "qwen2,6 7", "gpt2,6 7", "roberta,6 7"})
    void theModelNamesTheClassWhereTheTokenizerDoesNot(String type, String expected) {
        ImageFixtures.tokenizer(folder);
        Path file = folder.resolve("tokenizer.json");
        ObjectNode tokenizer = (ObjectNode) Json.read(file);
        Json.write(file, tokenizer.putNull("post_processor"));
        write("config.json", "{\"model_type\": \"%s\"}".formatted(type));

        assertThat(ids("what is"))
                .containsExactly(Stream.of(expected.split(" "))
                        .mapToLong(Long::parseLong)
                        .toArray());
    }

    /** Python takes "false" for true and 1 for true; Jackson takes null for the default and 1.5 for nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"\"false\"", "\"\"", "1", "0.5", "[]", "{}"})
    void switchesThatAreNoneAreRefused(String value) {
        ImageFixtures.tokenizer(folder);
        for (String key : List.of("add_bos_token", "add_eos_token", "split_special_tokens")) {
            write(
                    "tokenizer_config.json",
                    "{\"tokenizer_class\": \"LlamaTokenizer\", \"%s\": %s}".formatted(key, value));

            assertThatThrownBy(() -> SpecialTokens.read(folder))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("tokenizer_config.json")
                    .hasMessageContaining("%s = %s; true or false is expected".formatted(key, value));
        }
    }

    @Test
    void aSwitchThatIsNullIsOff() {
        ImageFixtures.tokenizer(folder);
        write(
                "tokenizer_config.json",
                "{\"tokenizer_class\": \"LlamaTokenizer\", \"bos_token\": \"<s>\", \"add_bos_token\": null}");
        assertThat(ids("what is")).containsExactly(6, 7);
    }

    /** transformers would split special tokens, or add tokens to those of tokenizer.json. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"split_special_tokens\": true}",
                "{\"added_tokens_decoder\": {\"99\": {\"content\": \"cat\"}}}",
                "{\"additional_special_tokens\": [\"cat\"]}",
                "{\"additional_special_tokens\": [{\"content\": \"cat\"}]}",
                "{\"extra_special_tokens\": {\"image_token\": \"cat\"}}",
                "{\"pad_token\": \"cat\"}",
                "{\"mask_token\": {\"content\": \"cat\", \"lstrip\": true}, \"added_tokens_decoder\": {}}"
            })
    void settingsThatMakeOtherTokensAreRefused(String config) {
        ImageFixtures.tokenizer(folder);
        write("tokenizer_config.json", config);

        assertThatThrownBy(() -> SpecialTokens.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("tokenizer_config.json")
                .hasMessageMatching("(?s).*(split_special_tokens|\"cat\").*");
    }

    @Test
    void anEmptyTokenIsNone() {
        ImageFixtures.tokenizer(folder);
        write(
                "tokenizer_config.json",
                "{\"bos_token\": \"<s>\", \"eos_token\": \"\", \"unk_token\": {\"content\": \"\"}}");

        SpecialTokens tokens = SpecialTokens.read(folder);

        assertThat(tokens.bos()).isEqualTo(new Token("<s>", 1));
        assertThat(tokens.eos()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            special_tokens_map.json | {"additional_special_tokens": ["<s>", "cat"]}
            special_tokens_map.json | {"sep_token": "cat"}
            added_tokens.json       | {"<s>": 1, "cat": 99}
            """)
    void olderFilesThatAddTokensAreRefused(String name, String content) {
        ImageFixtures.tokenizer(folder);
        write(name, content);

        assertThatThrownBy(() -> SpecialTokens.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("%s names the token \"cat\", which", folder.resolve(name));
        write("tokenizer_config.json", "{\"added_tokens_decoder\": {}}");
        assertThatCode(() -> SpecialTokens.read(folder)).doesNotThrowAnyException();
    }

    /** transformers puts the tokens of tokenizer_config.json over those of tokenizer.json, and finds them elsewhere in a text. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            "special": true                        |
            "special": true,  "normalized": true   |
            "special": false                       |
            "special": false, "normalized": true   | normalized
            "special": true,  "lstrip": true       | lstrip
            "special": true,  "rstrip": true       | rstrip
            "special": true,  "single_word": true  | single_word
            """)
    void tokensThatAreFoundElsewhereAreRefused(String switches, String refused) {
        ImageFixtures.tokenizer(folder);
        write(
                "tokenizer_config.json",
                "{\"added_tokens_decoder\": {\"2\": {\"content\": \"</s>\", %s}}}".formatted(switches));

        if (refused == null) {
            assertThatCode(() -> SpecialTokens.read(folder)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> SpecialTokens.read(folder))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith(
                            "%s has another %s for the token \"</s>\"",
                            folder.resolve("tokenizer_config.json"), refused);
        }
    }

    /** transformers adds the tokens of its class on which the files are silent, with the switches of the class. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
            "model_type": "bert"                   ; {}                            ; [UNK] [CLS] [SEP] [PAD] [MASK] ; false ;
            "model_type": "bert"                   ; {}                            ; [UNK] [CLS] [PAD] [MASK]       ; false ; no entry for the token "[SEP]"
            "model_type": "bert"                   ; {"sep_token": null}           ; [UNK] [CLS] [PAD] [MASK]       ; false ;
            "model_type": "bert"                   ; {"tokenizer_class": "PreTrainedTokenizerFast"} ; [UNK] ; false ;
            "model_type": "gpt2"                   ; {}                            ; [UNK]                          ; false ; no entry for the token "<|endoftext|>"
            "model_type": "llama"                  ; {"bos_token": null}           ; [UNK]                          ; false ; no entry for the token "</s>"
            "tokenizer_class": "RobertaTokenizer"  ; {}                            ; <s> </s> <mask>                ; true  ;
            "tokenizer_class": "RobertaTokenizer"  ; {}                            ; <s> </s> <mask>                ; false ; another lstrip for the token "<mask>"
            "tokenizer_class": "RobertaTokenizer"  ; {"mask_token": "<mask>"}      ; <s> </s> <mask>                ; false ;
            "tokenizer_class": "RobertaTokenizer"  ; {"additional_special_tokens": ["<mask>"]} ; <s> </s> <mask>    ; false ; another lstrip for the token "<mask>"
            "tokenizer_class": "CamembertTokenizer" ; {}                           ; <s> </s> <mask>                ; true  ; no entry for the token "<unk>NOTUSED"
            "tokenizer_class": "CamembertTokenizer" ; {"additional_special_tokens": []} ; <s> </s> <mask>            ; true  ;
            """)
    void tokensOfTheClassAreNotToChangeAnything(
            String model, String configuration, String listed, boolean blank, String refused) {
        ObjectNode tokenizer = Json.object();
        ObjectNode vocabulary =
                tokenizer.putObject("model").put("type", "WordLevel").putObject("vocab");
        for (String word :
                "[UNK] [CLS] [SEP] [PAD] [MASK] <s> </s> <mask> <unk>NOTUSED <|endoftext|> what".split(" ")) {
            vocabulary.put(word, vocabulary.size());
        }
        for (String token : listed.split(" ")) {
            tokenizer
                    .withArray("added_tokens")
                    .addObject()
                    .put("content", token)
                    .put("special", true)
                    .put("lstrip", blank && token.equals("<mask>"));
        }
        Json.write(folder.resolve("tokenizer.json"), tokenizer);
        write("config.json", "{%s}".formatted(model));
        write("tokenizer_config.json", configuration);

        if (refused == null) {
            assertThatCode(() -> SpecialTokens.read(folder)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> SpecialTokens.read(folder))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("%s has %s in its added_tokens", folder.resolve("tokenizer.json"), refused);
        }
    }

    /** By the files, or by a class whose own token is not in the vocabulary. */
    @ParameterizedTest
    @ValueSource(strings = {"\"LlamaTokenizer\", \"bos_token\": null", "\"CohereTokenizer\""})
    void endsWithoutATokenAreRefused(String type) {
        ImageFixtures.tokenizer(folder);
        write("tokenizer_config.json", "{\"tokenizer_class\": %s}".formatted(type));

        assertThatThrownBy(() -> ids("what"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("tokenizer_config.json")
                .hasMessageContaining("bos_token");
    }

    @Test
    void sides() {
        write("tokenizer_config.json", "{\"truncation_side\": \"left\"}");
        assertThat(SpecialTokens.read(folder).truncatesLeft()).isTrue();
        write("tokenizer_config.json", "{\"truncation_side\": \"top\"}");
        assertThatThrownBy(() -> SpecialTokens.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("truncation_side = top");
        write("tokenizer_config.json", "[]");
        assertThatThrownBy(() -> SpecialTokens.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is not a JSON object");
    }

    /** PreTrainedTokenizerFast: {@code kwargs.setdefault("truncation_side", _truncation["direction"])}. */
    @Test
    void theSideOfTokenizerJsonCountsWhereTheConfigurationIsSilent() {
        write("tokenizer.json", "{\"truncation\": {\"direction\": \"Left\", \"max_length\": 512}}");

        assertThat(SpecialTokens.read(folder).truncatesLeft()).isTrue();
        write("tokenizer_config.json", "{\"truncation_side\": \"right\"}");
        assertThat(SpecialTokens.read(folder).truncatesLeft()).isFalse();
    }

    @Test
    void slowTokenizersAreNamed() {
        write("vocab.json", "{}");
        write("merges.txt", "");

        assertThatThrownBy(() -> TextTokenizer.openTrusted(folder.resolve("tokenizer.json")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("only vocab.json and merges.txt, which cannot be read")
                .hasMessageContaining("AutoTokenizer.from_pretrained(...).save_pretrained(...)");
    }

    private long[] ids(String text) {
        try (TextTokenizer tokenizer =
                TextTokenizer.openTrusted(folder.resolve("tokenizer.json"), SpecialTokens.read(folder))) {
            Dataset data = Dataset.ofTexts("t", "t.csv", List.of("text"), List.of(text), null, new Labels.None());
            return tokenizer.encode(data, 9, 9, Progress.none()).rows().get(0).ids();
        }
    }

    private void write(String name, String content) {
        DataFixtures.write(folder, name, content);
    }
}

package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.UserException;
import org.layerwise.data.DataFixtures;

/** Each refused pair of files makes other tokens in transformers 4.55.4 than tokenizer.json alone does; each other pair does not. */
class TokenizerSwitchesTest {

    private static final String BERT =
            "{'normalizer': {'type': 'BertNormalizer', 'clean_text': true, 'handle_chinese_chars': %s, 'strip_accents': %s, 'lowercase': %s}}";

    private static final String BYTES = "{'type': 'ByteLevel', 'add_prefix_space': %s}";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            true  | null  | true  | {}                                                  |
            true  | true  | true  | {}                                                  |
            true  | false | true  | {}                                                  | strip_accents = false
            false | null  | true  | {}                                                  | tokenize_chinese_chars = false
            false | null  | true  | {'tokenize_chinese_chars': false}                   |
            true  | null  | false | {}                                                  | do_lower_case = false
            true  | null  | false | {'do_lower_case': false}                            |
            true  | null  | true  | {'do_lower_case': false}                            | do_lower_case = true
            true  | true  | false | {'do_lower_case': false}                            | strip_accents = true
            true  | true  | false | {'do_lower_case': false, 'strip_accents': true}     |
            true  | null  | false | {'tokenizer_class': 'DistilBertTokenizer'}          | do_lower_case = false
            true  | null  | false | {'tokenizer_class': 'ElectraTokenizerFast'}         | do_lower_case = false
            true  | null  | false | {'tokenizer_class': 'PreTrainedTokenizerFast'}      |
            """)
    void bertsNormalizer(String chinese, String accents, String lower, String configuration, String refused) {
        write("config.json", "{'model_type': 'bert'}");
        write("tokenizer.json", BERT.formatted(chinese, accents, lower));
        write("tokenizer_config.json", configuration);

        check(refused);
    }

    @Test
    void bertWithoutAConfigurationOfItsTokenizer() {
        write("config.json", "{'model_type': 'bert'}");
        write("tokenizer.json", BERT.formatted("true", "null", "false"));

        assertThatThrownBy(() -> SpecialTokens.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s was saved with do_lower_case = false, but transformers' BertTokenizerFast takes true from tokenizer_config.json or by default and would make other tokens; write \"do_lower_case\": false into tokenizer_config.json if tokenizer.json is right, else let Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) write both anew.",
                        folder.resolve("tokenizer.json"));
        // the switch of a class that has none changes nothing
        write("config.json", "{'model_type': 'roberta'}");
        check(null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            gpt2  | true  | {}                                                                     | add_prefix_space = true
            gpt2  | true  | {'add_prefix_space': true}                                             |
            gpt2  | true  | {'add_prefix_space': null}                                             |
            gpt2  | false | {}                                                                     |
            gpt2  | false | {'add_prefix_space': true}                                             | add_prefix_space = false
            qwen2 | false | {'tokenizer_class': 'Qwen2Tokenizer', 'add_prefix_space': true}        | add_prefix_space = false
            qwen2 | true  | {'tokenizer_class': 'PreTrainedTokenizerFast'}                         | add_prefix_space = true
            llama | true  | {}                                                                     |
            llama | true  | {'tokenizer_class': 'LlamaTokenizer', 'add_prefix_space': null}        |
            """)
    void blankBeforeBytes(String model, String blank, String configuration, String refused) {
        write("config.json", "{'model_type': '%s'}".formatted(model));
        write("tokenizer.json", "{'pre_tokenizer': %s}".formatted(BYTES.formatted(blank)));
        write("tokenizer_config.json", configuration);

        check(refused);
    }

    /** transformers changes the outermost part alone. */
    @Test
    void blankBeforeBytesWithinASequence() {
        String sequence = "{'pre_tokenizer': {'type': 'Sequence', 'pretokenizers': [%s]}}";
        write("tokenizer.json", sequence.formatted(BYTES.formatted("true")));
        write("tokenizer_config.json", "{'add_prefix_space': false}");

        check(null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            Prepend | {}                                            |
            Prepend | {'legacy': false}                             |
            Prepend | {'add_prefix_space': true}                    |
            Prepend | {'add_prefix_space': true, 'legacy': null}    |
            Prepend | {'add_prefix_space': false}                   | another add_prefix_space or legacy than the false and true of
            Prepend | {'add_prefix_space': true, 'legacy': false}   | than the true and false of
            Replace | {'add_prefix_space': false}                   |
            Replace | {'add_prefix_space': true}                    | than the true and true of
            first   | {'add_prefix_space': true, 'legacy': false}   |
            first   | {'add_prefix_space': false, 'legacy': false}  | than the false and false of
            first   | {'add_prefix_space': true}                    | than the true and true of
            never   | {'add_prefix_space': false, 'legacy': false}  |
            """)
    void llamasPrefix(String prefix, String configuration, String refused) {
        String normalizers = "{'normalizer': {'type': 'Sequence', 'normalizers': [%s{'type': 'Replace'}]}}";
        write("config.json", "{'model_type': 'llama'}");
        write(
                "tokenizer.json",
                switch (prefix) {
                    case "Prepend" -> normalizers.formatted("{'type': 'Prepend', 'prepend': '\u2581'}, ");
                    case "Replace" -> normalizers.formatted("");
                    default ->
                        "{'normalizer': null, 'pre_tokenizer': {'type': 'Metaspace', 'prepend_scheme': '%s'}}"
                                .formatted(prefix);
                });
        write("tokenizer_config.json", configuration);

        check(refused);
    }

    @Test
    void namesOfInputsThatAreNoListAreRefused() {
        write("tokenizer_config.json", "{'model_input_names': 'input_ids'}");

        assertThatThrownBy(() -> SpecialTokens.read(folder))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s has model_input_names = \"input_ids\"; a list of names is expected.",
                        folder.resolve("tokenizer_config.json"));
    }

    private void check(String refused) {
        if (refused == null) {
            assertThatCode(() -> SpecialTokens.read(folder)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> SpecialTokens.read(folder))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith(folder.resolve("tokenizer.json") + " was saved with ")
                    .hasMessageContaining(refused)
                    .hasMessageContaining("AutoTokenizer.from_pretrained(...).save_pretrained(...)");
        }
    }

    private void write(String name, String content) {
        DataFixtures.write(folder, name, content.replace('\'', '"'));
    }
}

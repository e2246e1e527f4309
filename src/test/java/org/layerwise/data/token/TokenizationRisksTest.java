package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.json.Json;

/** Qwen2's expression goes back once for each blank of a run, and the native library ends the process at ten million. */
class TokenizationRisksTest {

    private static final String QWEN =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "null; false",
                "{\"type\":\"NFC\"}; false",
                // 18 characters of one, of which the most frequent ones become blanks
                "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFKC\"},{\"type\":\"Replace\",\"pattern\":{\"String\":\"\u0644\"},\"content\":\" \"}]}; true",
                "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"ByteLevel\"},{\"type\":\"Replace\",\"pattern\":{\"String\":\"\u00e2\"},\"content\":\" \"}]}; true",
                "{\"type\":\"BertNormalizer\",\"handle_chinese_chars\":true}; true"
            })
    void textsAreTriedWhereANormalizerMayAddBlanks(String normalizer, boolean tried) throws JsonProcessingException {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        tokenizer.set("normalizer", Json.parse(normalizer));
        ObjectNode split = tokenizer.putObject("pre_tokenizer");
        split.put("type", "Split").put("behavior", "Isolated").put("invert", false);
        split.putObject("pattern").put("Regex", QWEN);

        assertThat(TokenizationRisks.of(file(tokenizer))).isEqualTo(new TokenizationRisks(true, tried));
    }

    /** All tokens of a long answer are one text. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {QWEN + "; true", "\\s+; false"})
    void tokensAreTriedWhereADecoderGoesBack(String expression, boolean tried) throws JsonProcessingException {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        ObjectNode decoder = tokenizer.putObject("decoder").put("type", "Sequence");
        decoder.putArray("decoders")
                .add(Json.parse("{\"type\":\"Fuse\"}"))
                .addObject()
                .put("type", "Replace")
                .put("content", " ")
                .putObject("pattern")
                .put("Regex", expression);

        assertThat(TokenizationRisks.of(file(tokenizer))).isEqualTo(new TokenizationRisks(true, tried));
    }

    private static TokenizerFile file(ObjectNode tokenizer) {
        return new TokenizerFile(Path.of("tokenizer.json"), Json.line(tokenizer).getBytes(StandardCharsets.UTF_8));
    }
}

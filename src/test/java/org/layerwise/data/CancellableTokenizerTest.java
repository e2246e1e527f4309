package org.layerwise.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.layerwise.base.Json;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

class CancellableTokenizerTest {

    /** The way Qwen2 and Llama 3 split blanks: it goes back once for each blank of a run without a line end. */
    @Test
    void runsOfBlanksThatEndTheProcessAreRefusedAndShorterOnesAreRead() {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        ObjectNode split = tokenizer.putObject("pre_tokenizer");
        split.put("type", "Split").put("behavior", "Removed").put("invert", false);
        split.putObject("pattern").put("Regex", "\\s*[\\r\\n]+|\\s+");
        TokenizerFile file = new TokenizerFile(
                Path.of("tokenizer.json"), Json.line(tokenizer).getBytes(StandardCharsets.UTF_8));

        try (CancellableTokenizer opened = new CancellableTokenizer(file, null)) {
            assertThat(encode(opened, 3_999_998)).hasSize(2);
            assertThatThrownBy(() -> encode(opened, 12_000_000))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith(
                            "A text has 12,000,002 characters, more than the 4,000,000 that the tokenizer tokenizer.json can split");
        }
    }

    private static long[] encode(CancellableTokenizer tokenizer, int blanks) {
        String[] row = {"a" + " ".repeat(blanks) + "b"};
        return tokenizer.encode(row, true, Progress.none()).getIds();
    }
}

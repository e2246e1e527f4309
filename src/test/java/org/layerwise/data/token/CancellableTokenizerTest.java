package org.layerwise.data.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

class CancellableTokenizerTest {

    /** The way Qwen2 and Llama 3 split blanks: it goes back once for each blank of a run without a line end. */
    @Test
    void runsOfBlanksThatEndTheProcessAreRefusedAndShorterOnesAreRead() {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        ObjectNode split = tokenizer.putObject("pre_tokenizer");
        split.put("type", "Split").put("behavior", "Removed").put("invert", false);
        split.putObject("pattern").put("Regex", "\\s*[\\r\\n]+|\\s+");
        TokenizerFile file = file(tokenizer);

        try (CancellableTokenizer opened = new CancellableTokenizer(file, null)) {
            assertThat(encode(opened, 3_999_998)).hasSize(2);
            assertThatThrownBy(() -> encode(opened, 12_000_000))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith(
                            "A text has 12,000,002 characters, more than the 4,000,000 that the tokenizer tokenizer.json can split");
        }
    }

    /** Each goes back more often than the native library allows, which ends the process. */
    @ParameterizedTest
    @CsvSource({"(?:qp|q|p)*z, qp, 200", "q*q*q*q*z, q, 600"})
    void aTextThatTheRegularExpressionsEndTheProcessOnIsRefused(String regex, String part, int times) {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        ObjectNode split = tokenizer.putObject("pre_tokenizer");
        split.put("type", "Split").put("behavior", "Isolated").put("invert", false);
        split.putObject("pattern").put("Regex", regex);
        TokenizerFile file = file(tokenizer);

        try (CancellableTokenizer opened = new CancellableTokenizer(file, null)) {
            String text = "ab " + part.repeat(times) + "! z";
            assertThatThrownBy(() -> opened.encode(new String[] {text}, true, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith(
                            "The regular expressions of the tokenizer tokenizer.json end the process that encodes the text \"ab "
                                    + part);
            assertThat(opened.encode(new String[] {"ab"}, true, Progress.none()).getIds())
                    .as("another text in another process")
                    .isNotEmpty();
        }
    }

    /** The expression is Qwen2's, which goes back once for each blank of a run; the text has few characters. */
    @Test
    void aTextThatANormalizerMakesTooLongForKnownExpressionsIsRefused() {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        ObjectNode replace = tokenizer.putObject("normalizer"); // without a type, which the library takes, too
        replace.put("content", " ".repeat(1000)).putObject("pattern").put("String", "q");
        ObjectNode split = tokenizer.putObject("pre_tokenizer");
        split.put("type", "Split").put("behavior", "Isolated").put("invert", false);
        split.putObject("pattern")
                .put(
                        "Regex",
                        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

        try (CancellableTokenizer opened = new CancellableTokenizer(file(tokenizer), null)) {
            assertThatThrownBy(
                            () -> opened.encode(new String[] {"b" + "q".repeat(15_000) + "a"}, true, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith(
                            "The regular expressions of the tokenizer tokenizer.json end the process that encodes the text \"bqq");
        }
    }

    /** The first goes back too often, the second cuts both ends off a text of one character. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(?:qp|q|p)*z\"},\"content\":\"\"}; qp; 200; !z",
                "{\"type\":\"Strip\",\"content\":\"q\",\"start\":1,\"stop\":1}; q; 1; ''"
            })
    void tokensThatTheDecoderEndsTheProcessOnAreRefused(String decoder, String part, int times, String end)
            throws IOException {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        tokenizer.set("decoder", Json.parse(decoder));
        tokenizer.withObjectProperty("model").withObjectProperty("vocab").put(part.repeat(times) + end, 8);

        try (CancellableTokenizer opened = new CancellableTokenizer(file(tokenizer), null)) {
            assertThatThrownBy(() -> opened.decode(new long[] {8}, true))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith(
                            "The decoder of the tokenizer tokenizer.json ends the process that makes text of 1 token;");
            assertThat(opened.decode(new long[] {1}, true)).as("other tokens").isEqualTo("a");
        }
    }

    /** The library goes back a long time before it gives up. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theTrialOfATextIsCancelledAtOnce() throws Exception {
        ObjectNode tokenizer = TokenizerFixtures.merging();
        TokenizerFile file = file(tokenizer);
        try (TokenizationCheck trial = new TokenizationCheck(file, null, List.of("sh", "-c", "exec sleep 60"))) {
            ExecutorService thread = Executors.newSingleThreadExecutor();
            Future<?> required =
                    thread.submit(() -> trial.require(Collections.singletonList(new String[] {"ab"}), true));
            assertThatThrownBy(() -> required.get(500, TimeUnit.MILLISECONDS))
                    .as("it waits for an answer")
                    .isInstanceOf(TimeoutException.class);

            trial.close();

            assertThatThrownBy(() -> required.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(UserException.class);
            thread.shutdown();
        }
    }

    private static TokenizerFile file(ObjectNode tokenizer) {
        return new TokenizerFile(Path.of("tokenizer.json"), Json.line(tokenizer).getBytes(StandardCharsets.UTF_8));
    }

    private static long[] encode(CancellableTokenizer tokenizer, int blanks) {
        String[] row = {"a" + " ".repeat(blanks) + "b"};
        return tokenizer.encode(row, true, Progress.none()).getIds();
    }
}

package org.layerwise.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.data.token.TextTokenizer;
import org.layerwise.testing.ByteTokenizer;

/** The text of new tokens is what all of them say beyond the prompt. */
class ContinuationTest {

    /** With the decoder of Llama's tokenizers, which drops the first space of a text. */
    private static final String SENTENCEPIECE =
            """
            {"version": "1.0", "added_tokens": [{"id": 1, "content": "<s>", "single_word": false, "lstrip": false,
              "rstrip": false, "normalized": false, "special": true}],
             "normalizer": null, "pre_tokenizer": null, "post_processor": null,
             "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
              {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true, "merges": [],
              "vocab": {"<unk>": 0, "<s>": 1, "\u2581two": 2, "\u2581\u2581": 3, "words": 4, "<0xC3>": 5, "<0xBC>": 6,
               "\u2581": 7}}}
            """;

    @TempDir
    Path folder;

    @Test
    void spacesStayAndSpecialTokensGo() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), SENTENCEPIECE);
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(file)) {
            Continuation afterText = new Continuation(tokenizer, new long[] {1, 2});

            assertThat(afterText.of(new long[] {2, 4})).isEqualTo(" twowords");
            assertThat(afterText.of(new long[] {3, 4, 1, 5, 6})).isEqualTo("  words\u00fc");
            assertThat(afterText.of(new long[0])).isEmpty();
            Continuation afterStart = new Continuation(tokenizer, new long[] {1});
            assertThat(afterStart.of(new long[] {2, 4})).isEqualTo("twowords");
        }
    }

    @Test
    void charactersAcrossThePromptsEndBelongToTheAnswer() {
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(ByteTokenizer.write(folder))) {
            long[] word = bytes("a\u00fc\u6a21z");
            Continuation inside = new Continuation(tokenizer, Arrays.copyOf(word, 4));

            assertThat(inside.of(Arrays.copyOfRange(word, 4, word.length))).isEqualTo("\u6a21z");
            assertThat(inside.of(Arrays.copyOfRange(word, 4, 5))).startsWith("\uFFFD");
        }
    }

    @Test
    void longPromptsDoNotMatter() {
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(ByteTokenizer.write(folder))) {
            Continuation end = new Continuation(tokenizer, bytes("\u6a21".repeat(40)));

            assertThat(end.of(bytes("\u6a21 type"))).isEqualTo("\u6a21 type");
        }
    }

    /** The decoder of such tokenizers makes all bytes of a run U+FFFD if one of its characters is incomplete. */
    @Test
    void runsOfBytesAreDecodedFromTheirFirstCharacterOn() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), SENTENCEPIECE);
        long[] word = {2, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6};
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(file)) {
            assertThat(new Continuation(tokenizer, word).of(new long[] {5, 6, 4}))
                    .isEqualTo("\u00fcwords");

            long[] half = Arrays.copyOf(word, word.length - 1);
            assertThat(new Continuation(tokenizer, half).of(new long[] {6, 4})).isEqualTo("\u00fcwords");
            assertThat(new Continuation(tokenizer, new long[] {5}).of(new long[] {6, 4}))
                    .isEqualTo("\u00fcwords");
        }
    }

    /** GPT-2 has a token of a space and the first two bytes of a quotation mark. */
    @Test
    void charactersOfATokenThatEndsInsideAnotherOneBelongToThePrompt() throws IOException {
        Path file = Files.writeString(
                folder.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null, "post_processor": null,
                 "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
                 "model": {"type": "BPE", "vocab": {"said": 0, "\u0120\u00e2\u0122": 1, "\u013e": 2, "Yes": 3}, "merges": []}}
                """);
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(file)) {
            assertThat(tokenizer.decode(new long[] {0, 1, 2, 3})).isEqualTo("said \u201cYes");

            assertThat(new Continuation(tokenizer, new long[] {0, 1}).of(new long[] {2, 3}))
                    .isEqualTo("\u201cYes");
        }
    }

    private static long[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long[] ids = new long[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = ByteTokenizer.id(bytes[i]);
        }
        return ids;
    }
}

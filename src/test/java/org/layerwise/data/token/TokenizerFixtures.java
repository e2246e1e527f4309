package org.layerwise.data.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.layerwise.base.json.Json;
import org.layerwise.testing.ByteTokenizer;
import org.layerwise.testing.WordTokenizer;

/** Small tokenizers of each kind that HuggingFace's library knows. */
final class TokenizerFixtures {

    private static final int LEAF = 1 << 8;

    private TokenizerFixtures() {}

    /** One of each kind. */
    static List<JsonNode> all(Path folder) throws IOException {
        JsonNode bytes = Json.read(ByteTokenizer.write(folder));
        WordTokenizer.write(folder, 50, Map.of(0, "<unk>", 1, "the"), List.of(0));
        JsonNode words = Json.read(folder.resolve("tokenizer.json"));
        return List.of(bytes, words, merging(), unigram(charsmap()), wordPiece());
    }

    /** BPE whose later parts of words begin with {@code ##}. */
    static ObjectNode merging() {
        ObjectNode tokenizer = tokenizer();
        tokenizer.putObject("pre_tokenizer").put("type", "Whitespace");
        ObjectNode model = tokenizer.putObject("model");
        model.put("type", "BPE").put("unk_token", "<unk>").put("continuing_subword_prefix", "##");
        model.putNull("dropout").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        vocabulary(model, "<unk>", "a", "b", "##a", "##b", "ab", "ba", "aba");
        model.putArray("merges").add("a ##b").add("b ##a").add("ab ##a");
        tokenizer.putObject("decoder").put("type", "BPEDecoder").put("suffix", "</w>");
        return tokenizer;
    }

    /** SentencePiece's unigrams, normalised by a table. */
    static ObjectNode unigram(byte[] charsmap) {
        ObjectNode tokenizer = tokenizer();
        ArrayNode parts =
                tokenizer.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        parts.addObject()
                .put("type", "Precompiled")
                .put("precompiled_charsmap", Base64.getEncoder().encodeToString(charsmap));
        ObjectNode replace = parts.addObject().put("type", "Replace").put("content", " ");
        replace.putObject("pattern").put("Regex", " {2,}");
        ObjectNode space = tokenizer.putObject("pre_tokenizer");
        space.put("type", "Metaspace").put("replacement", "\u2581").put("prepend_scheme", "always");
        ObjectNode model = tokenizer.putObject("model").put("type", "Unigram").put("unk_id", 0);
        model.put("byte_fallback", false);
        ArrayNode vocabulary = model.putArray("vocab");
        List.of("<unk>", "\u2581", "a", "b", "\u2581a", "ab")
                .forEach(piece -> vocabulary.addArray().add(piece).add(-1.5));
        tokenizer.putObject("decoder").setAll(space.deepCopy());
        return tokenizer;
    }

    /** A table by which an a becomes a b. */
    static byte[] charsmap() {
        int[] units = new int[1024];
        units[0] = 256 << 10; // the root's branches lie at 256 ^ byte
        units[256 ^ 'a'] = ((256 ^ 'a') ^ 512) << 10 | LEAF | 'a';
        units[512] = 1 << 31; // the replacement at byte 0
        byte[] replacements = "b\0".getBytes(StandardCharsets.UTF_8);
        ByteBuffer table =
                ByteBuffer.allocate(4 + 4 * units.length + replacements.length).order(ByteOrder.LITTLE_ENDIAN);
        table.putInt(4 * units.length);
        for (int unit : units) {
            table.putInt(unit);
        }
        return table.put(replacements).array();
    }

    private static ObjectNode wordPiece() {
        ObjectNode tokenizer = tokenizer();
        ObjectNode normalizer = tokenizer.putObject("normalizer").put("type", "BertNormalizer");
        normalizer.put("clean_text", true).put("handle_chinese_chars", true).put("lowercase", true);
        normalizer.putNull("strip_accents");
        tokenizer.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        ObjectNode processor = tokenizer.putObject("post_processor").put("type", "BertProcessing");
        processor.putArray("sep").add("[SEP]").add(2);
        processor.putArray("cls").add("[CLS]").add(1);
        ObjectNode model = tokenizer.putObject("model").put("type", "WordPiece").put("unk_token", "<unk>");
        model.put("continuing_subword_prefix", "##").put("max_input_chars_per_word", 100);
        vocabulary(model, "<unk>", "[CLS]", "[SEP]", "the", "fox", "##es");
        ObjectNode truncation = tokenizer.putObject("truncation").put("direction", "Right");
        truncation.put("max_length", 128).put("strategy", "LongestFirst").put("stride", 0);
        ObjectNode padding = tokenizer.putObject("padding").put("direction", "Right");
        padding.put("pad_id", 0).put("pad_type_id", 0).put("pad_token", "<unk>").putNull("pad_to_multiple_of");
        padding.putObject("strategy").put("Fixed", 128);
        tokenizer
                .putObject("decoder")
                .put("type", "WordPiece")
                .put("prefix", "##")
                .put("cleanup", true);
        return tokenizer;
    }

    private static ObjectNode tokenizer() {
        ObjectNode tokenizer = Json.object().put("version", "1.0");
        ObjectNode token = tokenizer.putArray("added_tokens").addObject();
        token.put("id", 0).put("content", "<unk>").put("special", true);
        List.of("single_word", "lstrip", "rstrip", "normalized").forEach(flag -> token.put(flag, false));
        return tokenizer;
    }

    private static void vocabulary(ObjectNode model, String... tokens) {
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.length; id++) {
            vocabulary.put(tokens[id], id);
        }
    }
}

package org.layerwise.data.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.layerwise.base.json.Json;
import org.layerwise.data.DataFixtures;
import org.layerwise.testing.ByteTokenizer;

/** Tokenizers of every kind, with vocabularies drawn at random: merges in an order that no training would give. */
enum TokenizerKind {
    /** BERT's, with its real vocabulary. */
    WORD_PIECE {
        @Override
        Path write(Path folder) {
            try {
                Files.deleteIfExists(folder.resolve("tokenizer.json"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return DataFixtures.sampleTokenizer(folder);
        }
    },
    BYTES {
        @Override
        Path write(Path folder) {
            return ByteTokenizer.write(folder);
        }
    },
    /** GPT-2's kind. */
    BYTE_LEVEL {
        @Override
        Path write(Path folder) {
            ObjectNode json = start();
            json.set(
                    "pre_tokenizer",
                    tree("{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,'use_regex':true}"));
            return finish(folder, json, byteLevel(300));
        }
    },
    /** Llama 3's kind, with digits in groups of three from the right, as some have them. */
    BYTE_LEVEL_SPLIT {
        @Override
        Path write(Path folder) {
            ObjectNode json = start();
            json.set("normalizer", tree("{'type':'NFC'}"));
            json.set(
                    "pre_tokenizer",
                    tree(
                            "{'type':'Sequence','pretokenizers':[{'type':'Split','pattern':{'Regex':'\\\\d{1,3}(?=(\\\\d{3})*\\\\b)'},'behavior':'Isolated','invert':false},{'type':'Split','pattern':{'Regex':'[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+'},'behavior':'Isolated','invert':false},{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,'use_regex':false}]}"));
            return finish(folder, json, byteLevel(300));
        }
    },
    /** Llama 2's kind: the whole text is one word. */
    ONE_WORD_BPE {
        @Override
        Path write(Path folder) {
            ObjectNode json = start();
            json.set(
                    "normalizer",
                    tree(
                            "{'type':'Sequence','normalizers':[{'type':'Prepend','prepend':'\u2581'},{'type':'Replace','pattern':{'String':' '},'content':'\u2581'}]}"));
            return finish(folder, json, merges(LETTERS + "\u2581\n.,\u65e5\u672c\u8a9e", 400));
        }
    },
    /** T5's kind. */
    UNIGRAM {
        @Override
        Path write(Path folder) {
            ObjectNode json = start();
            json.set(
                    "normalizer",
                    tree(
                            "{'type':'Sequence','normalizers':[{'type':'NFKC'},{'type':'Strip','strip_left':true,'strip_right':true}]}"));
            json.set(
                    "pre_tokenizer",
                    tree("{'type':'Metaspace','replacement':'\u2581','prepend_scheme':'first','split':false}"));
            ObjectNode model = Json.object();
            model.put("type", "Unigram").put("unk_id", 0);
            ArrayNode vocabulary = model.putArray("vocab");
            vocabulary.addArray().add("<unk>").add(0.0);
            Random random = new Random(3);
            Set<String> pieces = new LinkedHashSet<>();
            String letters = LETTERS + "\u2581\n.,\u65e5\u672c";
            letters.chars().forEach(c -> pieces.add(String.valueOf((char) c)));
            while (pieces.size() < 900) {
                StringBuilder piece = new StringBuilder();
                for (int i = 1 + random.nextInt(7); i >= 0; i--) {
                    piece.append(letters.charAt(random.nextInt(random.nextBoolean() ? 12 : letters.length())));
                }
                pieces.add(piece.toString());
            }
            pieces.forEach(piece -> vocabulary.addArray().add(piece).add(-1 - 9 * random.nextDouble()));
            return finish(folder, json, model);
        }
    };

    private static final String LETTERS = "abcdefghij0123456789AestrxyzEm<>k";

    /** Writes the file. */
    abstract Path write(Path folder);

    private static ObjectNode start() {
        ObjectNode json = Json.object();
        json.put("version", "1.0");
        ObjectNode token = json.withArray("added_tokens").addObject();
        token.put("id", 5000).put("content", "<mask>").put("special", true);
        token.put("single_word", false).put("lstrip", true).put("rstrip", true).put("normalized", false);
        return json;
    }

    private static Path finish(Path folder, ObjectNode json, ObjectNode model) {
        json.set("model", model);
        Path file = folder.resolve("tokenizer.json");
        Json.write(file, json);
        return file;
    }

    /** The bytes of UTF-8, and merges of those that printable letters have. */
    private static ObjectNode byteLevel(int merges) {
        StringBuilder letters = new StringBuilder();
        int unprintable = 0;
        for (int value = 0; value < 256; value++) {
            boolean shown = value > ' ' && value < 127 || value > 160 && value != 173;
            letters.append((char) (shown ? value : 256 + unprintable++));
        }
        return merges(letters.toString(), merges);
    }

    private static ObjectNode merges(String letters, int count) {
        Random random = new Random(7);
        Set<String> vocabulary = new LinkedHashSet<>();
        letters.chars().forEach(c -> vocabulary.add(String.valueOf((char) c)));
        List<String> parts = new ArrayList<>((LETTERS + "\u0120\u010a\u2581")
                .chars()
                .mapToObj(c -> String.valueOf((char) c))
                .filter(vocabulary::contains)
                .toList());
        ObjectNode model = Json.object();
        model.put("type", "BPE");
        ArrayNode merges = model.putArray("merges");
        while (merges.size() < count) {
            String one = parts.get(random.nextInt(random.nextBoolean() ? 12 : parts.size()));
            String other = parts.get(random.nextInt(random.nextBoolean() ? 12 : parts.size()));
            if (one.length() + other.length() < 17 && vocabulary.add(one + other)) {
                merges.add(one + " " + other);
                parts.add(random.nextInt(parts.size()), one + other);
            }
        }
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(token -> ids.put(token, ids.size()));
        return model;
    }

    private static ObjectNode tree(String json) {
        try {
            return (ObjectNode) Json.parse(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.layerwise.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.layerwise.base.json.Json;

/** Gives fixtures a tokenizer whose tokens are words, so that what a model of random weights writes can be read. */
public final class WordTokenizer {

    private WordTokenizer() {}

    /** A copy of a fixture's model without a tokenizer. */
    public static Path copy(String fixture, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.folder(fixture).resolve(name), folder.resolve(name));
        }
        return folder;
    }

    /**
     * Writes a tokenizer whose token of id {@code k} is the number k, but for some other words.
     *
     * @param words by their ids
     * @param special ids of tokens that are cut out of text before its words are
     */
    public static void write(Path folder, int vocabulary, Map<Integer, String> words, List<Integer> special)
            throws IOException {
        ObjectNode json = Json.object();
        json.put("version", "1.0");
        ObjectNode model = Json.object();
        model.put("type", "WordLevel");
        model.put("unk_token", word(0, words));
        ObjectNode known = model.putObject("vocab");
        Stream.iterate(0, id -> id + 1).limit(vocabulary).forEach(id -> known.put(word(id, words), id));
        var added = json.putArray("added_tokens");
        for (int id : special) {
            ObjectNode token = added.addObject();
            token.put("id", id);
            token.put("content", word(id, words));
            Stream.of("single_word", "lstrip", "rstrip", "normalized").forEach(key -> token.put(key, false));
            token.put("special", true);
        }
        json.putNull("normalizer");
        json.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        json.putNull("post_processor");
        json.putNull("decoder");
        json.set("model", model);
        Files.writeString(folder.resolve("tokenizer.json"), Json.pretty(json));
        leaveAsItIs(folder);
    }

    /** Writes a configuration by which no class of transformers changes the tokenizer. */
    public static void leaveAsItIs(Path folder) {
        Json.write(
                folder.resolve("tokenizer_config.json"),
                Json.object().put("tokenizer_class", "PreTrainedTokenizerFast"));
    }

    private static String word(int id, Map<Integer, String> words) {
        return words.getOrDefault(id, String.valueOf(id));
    }
}

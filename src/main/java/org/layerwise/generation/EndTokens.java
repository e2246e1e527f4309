package org.layerwise.generation;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonNumbers;
import org.layerwise.data.token.SpecialTokens;

/** Finds the tokens that end a row, as transformers' {@code generate} does. */
public final class EndTokens {

    private static final String KEY = "eos_token_id";

    private EndTokens() {}

    /**
     * Returns the end tokens of a checkpoint: {@code eos_token_id} of {@code generation_config.json}, one id or
     * several; if missing, that of {@code config.json}; otherwise the one of the tokenizer. Empty if no file names one.
     *
     * @throws UserException if a file is broken or an id is invalid
     */
    public static Set<Long> read(Path folder) {
        for (String name : new String[] {"generation_config.json", "config.json"}) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                JsonNode json = Json.read(file);
                for (JsonNode source : new JsonNode[] {json, json.path("text_config")}) {
                    if (source.hasNonNull(KEY)) {
                        return ids(source.get(KEY), file);
                    }
                }
            }
        }
        SpecialTokens.Token end = SpecialTokens.read(folder).eos();
        return end == null ? Set.of() : Set.of(end.id());
    }

    private static Set<Long> ids(JsonNode node, Path file) {
        Set<Long> ids = new TreeSet<>();
        for (JsonNode id : node.isArray() ? node : Json.object().putArray(KEY).add(node)) {
            if (!JsonNumbers.isWhole(id, Integer.MIN_VALUE, Integer.MAX_VALUE)) {
                throw new UserException(
                        "%s has %s = %s; one token id or a list of them is expected.".formatted(file, KEY, node));
            }
            ids.add(id.longValue());
        }
        return ids;
    }
}

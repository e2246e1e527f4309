package org.layerwise.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;

/**
 * The tokens that the files beside a {@code tokenizer.json} name. transformers adds those that it lacks, and changes how the others
 * are found in a text ({@code PreTrainedTokenizerBase._from_pretrained}, {@code PreTrainedTokenizerFast} of version 4.55).
 *
 * @param folder the checkpoint
 * @param tokenizer the content of {@code tokenizer.json}; here and below an empty object where there is no file
 * @param configuration the content of {@code tokenizer_config.json}
 * @param map the content of {@code special_tokens_map.json}
 * @param slow the content of {@code added_tokens.json}, ids by token
 */
record AddedTokens(Path folder, JsonNode tokenizer, JsonNode configuration, JsonNode map, JsonNode slow) {

    static final String CONFIGURATION = "tokenizer_config.json";
    static final String MAP = "special_tokens_map.json";
    static final String SLOW = "added_tokens.json";

    private static final String DECODER = "added_tokens_decoder";
    private static final String ADDITIONAL = "additional_special_tokens";

    /** Switches that decide where a token is found in a text, beside its normalization. */
    private static final List<String> SWITCHES = List.of("lstrip", "rstrip", "single_word");

    /** A text or an object that describes a token, with the file that has it. */
    private record Named(String file, JsonNode token) {}

    /** The text of a token, which stands in the files as it is or in an object; empty where there is none. */
    static Optional<String> text(JsonNode token) {
        JsonNode text = token.isObject() ? token.path("content") : token;
        return text.isTextual() ? Optional.of(text.asText()) : Optional.empty();
    }

    /** The text of a token with a name such as {@code eos_token}; empty where the files give it none. */
    Optional<String> named(String name) {
        return node(name).flatMap(named -> text(named.token()));
    }

    /** Tells whether no file gives the name a token, nor null as the sign that there shall be none. */
    boolean isSilent(String name) {
        return node(name).isEmpty();
    }

    /** The older files count first where tokenizer_config.json does not list the added tokens, and not at all where it does. */
    private Optional<Named> node(String name) {
        boolean older = !configuration.has(DECODER) && map.has(name);
        JsonNode token = (older ? map : configuration).path(name);
        return token.isMissingNode() ? Optional.empty() : Optional.of(new Named(older ? MAP : CONFIGURATION, token));
    }

    /**
     * Makes sure that transformers neither adds a token to those of {@code tokenizer.json} nor finds one elsewhere in a text.
     *
     * @param names of special tokens, such as {@code eos_token}
     * @throws UserException if it would
     */
    void requireUnchanged(List<String> names) {
        if (!tokenizer.path("added_tokens").isArray()) {
            return;
        }
        Map<String, JsonNode> known = new HashMap<>();
        tokenizer.path("added_tokens").forEach(added -> text(added).ifPresent(text -> known.put(text, added)));
        for (Named named : all(names)) {
            // transformers adds no empty token, which old checkpoints have in the place of none
            text(named.token())
                    .filter(text -> !text.isEmpty() && !known.containsKey(text))
                    .ifPresent(text -> {
                        throw new UserException(
                                "%s names the token \"%s\", which the added_tokens of tokenizer.json lack, so that transformers would make other tokens; Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) writes both anew."
                                        .formatted(folder.resolve(named.file()), Shown.text(text)));
                    });
        }
        for (JsonNode token : configuration.path(DECODER)) {
            text(token).ifPresent(text -> requireSame(text, token, known.get(text)));
        }
    }

    private List<Named> all(List<String> names) {
        List<Named> all = new ArrayList<>();
        for (String list : List.of(DECODER, ADDITIONAL, "extra_special_tokens")) {
            configuration.path(list).forEach(token -> all.add(new Named(CONFIGURATION, token)));
        }
        names.forEach(name -> node(name).ifPresent(all::add));
        if (!configuration.has(DECODER)) {
            map.path(ADDITIONAL).forEach(token -> all.add(new Named(MAP, token)));
            slow.fieldNames().forEachRemaining(text -> all.add(new Named(SLOW, Json.tree(text))));
        }
        return all;
    }

    private void requireSame(String text, JsonNode named, JsonNode known) {
        Set<String> differing = new HashSet<>(SWITCHES);
        differing.removeIf(key -> is(named, key) == is(known, key));
        if (normalized(named) != normalized(known)) {
            differing.add("normalized");
        }
        differing.stream().sorted().findFirst().ifPresent(key -> {
            throw new UserException(
                    "%s has another %s for the token \"%s\" than the added_tokens of tokenizer.json, so that transformers would make other tokens; Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) writes both anew."
                            .formatted(folder.resolve(CONFIGURATION), key, Shown.text(text)));
        });
    }

    /** Special tokens are looked for in the text as it is, whatever this switch says. */
    private static boolean normalized(JsonNode token) {
        return is(token, "normalized") && !is(token, "special");
    }

    private static boolean is(JsonNode token, String key) {
        return token.path(key).booleanValue();
    }
}

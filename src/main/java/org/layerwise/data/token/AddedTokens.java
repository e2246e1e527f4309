package org.layerwise.data.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonNumbers;
import org.layerwise.data.Excerpt;

/**
 * Tokens named in the files next to a {@code tokenizer.json}. transformers adds those tokens that
 * {@code tokenizer.json} lacks, and changes how the other tokens are found in a text
 * ({@code PreTrainedTokenizerBase._from_pretrained}, {@code PreTrainedTokenizerFast} of version 4.55).
 *
 * @param folder the checkpoint
 * @param tokenizer the content of {@code tokenizer.json}; an empty object if there is no such file, as for the other
 *     files
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

    /** Switches besides {@code normalized} that decide where a token is found in a text. */
    private static final List<String> SWITCHES = List.of("lstrip", "rstrip", "single_word");

    /** Entry of a token, which is a text or an object, with the name of the file that contains the entry. */
    private record Named(String file, JsonNode token) {}

    /** Returns the text of a token, which a file gives as a plain text or in an object; empty if there is none. */
    static Optional<String> text(JsonNode token) {
        JsonNode text = token.isObject() ? token.path("content") : token;
        return text.isTextual() ? Optional.of(text.asText()) : Optional.empty();
    }

    /** Returns the text of the token with a name such as {@code eos_token}; empty if the files give it no token. */
    Optional<String> named(String name) {
        return node(name).flatMap(named -> text(named.token()));
    }

    /** Returns true if no file mentions the name, not even with null, which means that there shall be no such token. */
    boolean isSilent(String name) {
        return node(name).isEmpty();
    }

    /**
     * Returns the entry of a name. {@code special_tokens_map.json} takes precedence if {@code tokenizer_config.json}
     * does not list the added tokens; otherwise only {@code tokenizer_config.json} counts.
     */
    private Optional<Named> node(String name) {
        boolean older = !configuration.has(DECODER) && map.has(name);
        JsonNode token = (older ? map : configuration).path(name);
        return token.isMissingNode() ? Optional.empty() : Optional.of(new Named(older ? MAP : CONFIGURATION, token));
    }

    /**
     * Makes sure that transformers neither adds a token to those of {@code tokenizer.json} nor finds a token at other
     * positions in a text.
     *
     * @param names names of special tokens, such as {@code eos_token}, in the order of transformers
     * @param usual tokens of the tokenizer's class for the names on which the files are silent
     * @throws UserException if transformers would add a token, or find one at other positions
     */
    void requireUnchanged(List<String> names, DefaultSpecialTokens usual) {
        if (!tokenizer.path("added_tokens").isArray()) {
            return;
        }
        Map<String, JsonNode> known = new HashMap<>();
        tokenizer.path("added_tokens").forEach(added -> text(added).ifPresent(text -> known.put(text, added)));
        requireNamed(names, known);
        requireUsual(names, usual, known);
    }

    private void requireNamed(List<String> names, Map<String, JsonNode> known) {
        for (Named named : all(names)) {
            // transformers adds no empty token; old checkpoints have an empty token instead of none
            text(named.token())
                    .filter(text -> !text.isEmpty() && !known.containsKey(text))
                    .ifPresent(text -> {
                        throw new UserException(
                                "%s names the token \"%s\", which the added_tokens of tokenizer.json lack, so that transformers would make other tokens; Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) writes both anew."
                                        .formatted(folder.resolve(named.file()), Excerpt.text(text)));
                    });
        }
        for (JsonNode token : configuration.path(DECODER)) {
            text(token).ifPresent(text -> Optional.ofNullable(known.get(text))
                    .flatMap(one -> differing(token, one))
                    .ifPresent(key -> {
                        throw new UserException(
                                "%s has another %s for the token \"%s\" than the added_tokens of tokenizer.json, so that transformers would make other tokens; Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) writes both anew."
                                        .formatted(folder.resolve(CONFIGURATION), key, Excerpt.text(text)));
                    }));
        }
    }

    /** Refuses a token of the class that differs from those of {@code tokenizer.json}. Of equal texts, the first counts. */
    private void requireUsual(List<String> names, DefaultSpecialTokens usual, Map<String, JsonNode> known) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (isSilent(name)) {
                usual.named(name)
                        .filter(token -> text(token).filter(seen::add).isPresent())
                        .ifPresent(token -> requireUsual(token, name, usual, known));
            } else {
                named(name).ifPresent(seen::add);
            }
        }
        if (isSilent(ADDITIONAL)) {
            for (JsonNode token : usual.additional()) {
                requireUsual(token, ADDITIONAL, usual, known);
            }
        }
    }

    /** Refuses a token that differs. One outside the vocabulary passes: its id would be new to the model. */
    private void requireUsual(JsonNode token, String name, DefaultSpecialTokens usual, Map<String, JsonNode> known) {
        String text = text(token).orElseThrow();
        JsonNode entry = known.get(text);
        Optional<String> other = entry == null
                ? Optional.of("no entry").filter(none -> inVocabulary(text) != null)
                : token.isObject() ? differing(token, entry).map("another %s"::formatted) : Optional.empty();
        other.ifPresent(what -> {
            throw new UserException(
                    "%s has %s for the token \"%s\" in its added_tokens, but transformers' %sFast has the token as its %s by default and would make other tokens; Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) writes the file anew."
                            .formatted(
                                    folder.resolve("tokenizer.json"),
                                    what,
                                    Excerpt.text(text),
                                    Excerpt.text(usual.type()),
                                    name));
        });
    }

    /** Returns the id of a token in the vocabulary of {@code tokenizer.json}; null if it is not there. */
    @Nullable
    Long inVocabulary(String text) {
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        if (vocabulary.isObject()) {
            JsonNode id = vocabulary.path(text);
            return JsonNumbers.isWhole(id, 0, Integer.MAX_VALUE) ? id.longValue() : null;
        }
        // a Unigram model lists pairs of a piece and its score
        long id = 0;
        for (JsonNode piece : vocabulary) {
            if (piece.path(0).asText().equals(text)) {
                return id;
            }
            id++;
        }
        return null;
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

    /** Returns the first switch in which two entries of a token differ; empty if they agree. */
    private static Optional<String> differing(JsonNode named, JsonNode known) {
        Set<String> differing = new HashSet<>(SWITCHES);
        differing.removeIf(key -> is(named, key) == is(known, key));
        if (normalized(named) != normalized(known)) {
            differing.add("normalized");
        }
        return differing.stream().sorted().findFirst();
    }

    /**
     * Returns true if a token is looked for in the normalised text. Special tokens never are, even if the switch
     * {@code normalized} is set.
     */
    private static boolean normalized(JsonNode token) {
        return is(token, "normalized") && !is(token, "special");
    }

    private static boolean is(JsonNode token, String key) {
        return token.path(key).booleanValue();
    }
}

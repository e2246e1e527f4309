package org.layerwise.data.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.layerwise.base.json.Json;

/**
 * Special tokens that a tokenizer's class of transformers 4.55 has by default. A plain text is added to
 * {@code tokenizer.json} if the text is missing there; an object replaces the switches of its entry.
 *
 * @param type the class without {@code Fast}, for example {@code BertTokenizer}
 * @param tokens the tokens by name, such as {@code sep_token}; empty for an unknown class
 */
record DefaultSpecialTokens(String type, JsonNode tokens) {

    private static final JsonNode KNOWN = known();

    /** Name of a list of further tokens. */
    private static final String ADDITIONAL = "additional_special_tokens";

    /** Returns the tokens of a class; none if the class is not known. */
    static DefaultSpecialTokens of(String type) {
        return new DefaultSpecialTokens(type, KNOWN.path(type));
    }

    /** Returns the token of a name such as {@code eos_token}; empty if there is none. */
    Optional<JsonNode> named(String name) {
        return Optional.ofNullable(tokens.get(name));
    }

    /** Returns the list of further tokens, which may be missing. */
    JsonNode additional() {
        return tokens.path(ADDITIONAL);
    }

    private static JsonNode known() {
        String name = "default-special-tokens.json";
        try (InputStream in = Objects.requireNonNull(DefaultSpecialTokens.class.getResourceAsStream(name), name)) {
            return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.layerwise.data.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Excerpt;

/**
 * Refuses tokenizers whose content ends the process inside the native library (tokenizers of HuggingFace, in Rust), or
 * makes the library give other tokens on each call.
 */
final class TokenizerRules {

    private static final String BROKEN =
            "%s is not a tokenizer that can be read: %s; download it again from where the model came from.";

    private TokenizerRules() {}

    /**
     * Checks a tokenizer.
     *
     * @throws UserException that names the broken part of the file
     */
    static void check(TokenizerFile file) {
        JsonNode tokenizer;
        try {
            tokenizer = Json.parse(new String(file.content(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new UserException(BROKEN.formatted(file.path(), "it is no JSON"), e);
        }
        checkNormalizer(file, tokenizer.path("normalizer"));
        checkMerges(file, tokenizer.path("model"));
        checkDropout(file, tokenizer.path("model").path("dropout"));
    }

    /**
     * Refuses dropout, since the library drops merges of BPE on each encoding, not only in training, and takes no seed.
     */
    private static void checkDropout(TokenizerFile file, JsonNode dropout) {
        if (!dropout.isMissingNode() && !dropout.isNull() && !(dropout.isNumber() && dropout.doubleValue() == 0)) {
            throw new UserException(
                    "%s splits words at random (dropout %s), so that no result could be computed again; set model.dropout to null in it."
                            .formatted(file.path(), dropout.asText()));
        }
    }

    private static void checkNormalizer(TokenizerFile file, JsonNode normalizer) {
        normalizer.path("normalizers").forEach(part -> checkNormalizer(file, part));
        JsonNode charsmap = normalizer.path("precompiled_charsmap");
        if (!charsmap.isTextual()) {
            return; // the library itself reports what is missing
        }
        try {
            PrecompiledCharsmap.check(Base64.getDecoder().decode(charsmap.textValue()));
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    BROKEN.formatted(file.path(), "its precompiled_charsmap is broken (%s)".formatted(e.getMessage())),
                    e);
        }
    }

    /**
     * Checks the merges, since the library removes as many bytes from the second part of a merge as the prefix has
     * characters.
     */
    private static void checkMerges(TokenizerFile file, JsonNode model) {
        String prefix = model.path("continuing_subword_prefix").asText("");
        int cut = prefix.codePointCount(0, prefix.length());
        if (cut == 0) {
            return;
        }
        for (JsonNode merge : model.path("merges")) {
            String second = merge.isArray()
                    ? merge.path(1).asText()
                    : merge.asText().substring(merge.asText().indexOf(' ') + 1);
            byte[] bytes = second.getBytes(StandardCharsets.UTF_8);
            if (bytes.length < cut || bytes.length > cut && (bytes[cut] & 0xc0) == 0x80) {
                throw new UserException(BROKEN.formatted(
                        file.path(),
                        "the merge \"%s\" does not go on with the continuing_subword_prefix \"%s\""
                                .formatted(
                                        Excerpt.text(merge.isArray() ? second : merge.asText()),
                                        Excerpt.text(prefix))));
            }
        }
    }
}

package org.layerwise.data.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.layerwise.base.json.Json;

/**
 * Risks of texts for the process that encodes or decodes them, by what the file of the tokenizer asks for.
 *
 * @param expressions true if regular expressions split or replace text, so that its length is limited
 * @param unknown true if other processes must try the texts: regular expressions are not known, a normalizer makes texts
 *     longer than a limit of their length allows for, or a decoder cuts off more than a token may have
 */
record TokenizationRisks(boolean expressions, boolean unknown) {

    /** The longest replacement of Unicode's own compatibility forms has 33 bytes. */
    private static final int LONGEST_REPLACEMENT = 64;

    private static final JsonNode NFC = Json.object().put("type", "NFC");

    static TokenizationRisks of(TokenizerFile file) {
        JsonNode tokenizer;
        try {
            tokenizer = Json.parse(new String(file.content(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return new TokenizationRisks(false, false); // no tokenizer either, as opening it says
        }
        List<String> expressions = expressions(tokenizer);
        boolean known = KnownExpressions.containAll(expressions)
                && !(mayAddBlanks(tokenizer.path("normalizer")) && KnownExpressions.anyGoesBack(expressions))
                && !KnownExpressions.anyGoesBack(expressions(tokenizer.path("decoder")))
                && !risky(tokenizer.path("normalizer"))
                && !risky(tokenizer.path("decoder"));
        return new TokenizationRisks(!expressions.isEmpty(), !known);
    }

    private static List<String> expressions(JsonNode part) {
        return part.findValues("Regex").stream().map(JsonNode::asText).toList();
    }

    /**
     * Tells if a normalizer may put more blanks than it was given characters. NFC adds none. Others do together: NFKC makes 18
     * characters of U+FDFA, and a replacement of one by one makes each a blank.
     */
    private static boolean mayAddBlanks(JsonNode normalizer) {
        return normalizer.isObject() && !normalizer.equals(NFC);
    }

    /** Looks at keys alone: the library opens normalizers and decoders without a type, too. */
    private static boolean risky(JsonNode part) {
        int replaced = Math.max(1, part.path("pattern").path("String").asText().length());
        if (part.has("pattern") && part.path("content").asText().length() > replaced
                || part.path("prepend").asText().length() > 1
                || longestReplacement(part.path("precompiled_charsmap")) > LONGEST_REPLACEMENT
                || part.path("stop").doubleValue() > 0) {
            return true;
        }
        for (JsonNode inner : part) {
            if (risky(inner)) {
                return true;
            }
        }
        return false;
    }

    private static int longestReplacement(JsonNode charsmap) {
        return charsmap.isTextual()
                ? PrecompiledCharsmap.longestReplacement(Base64.getDecoder().decode(charsmap.textValue()))
                : 0;
    }
}

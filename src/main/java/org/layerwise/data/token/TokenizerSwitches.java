package org.layerwise.data.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Excerpt;
import org.layerwise.model.config.ModelClasses;

/**
 * Switches of a {@code tokenizer_config.json}. transformers applies some of them over {@code tokenizer.json}; if the
 * file does not set them, it applies the defaults of the tokenizer's class.
 *
 * @param folder the checkpoint
 * @param configuration the content; an empty object if there is no file
 */
record TokenizerSwitches(Path folder, JsonNode configuration) {

    private static final String PREFIX = "add_prefix_space";

    private static final String LLAMA = "LlamaTokenizer";

    /** Classes whose constructor replaces a normalizer with other switches ({@code normalizer_state}). */
    private static final Set<String> LOWERING = Set.of(
            "BertTokenizer",
            "DistilBertTokenizer",
            "ElectraTokenizer",
            "ConvBertTokenizer",
            "FunnelTokenizer",
            "LayoutLMTokenizer",
            "LxmertTokenizer",
            "MobileBertTokenizer",
            "SqueezeBertTokenizer");

    /** Classes of encoders without token types for the texts of a pair ({@code model_input_names}). */
    private static final Set<String> UNTYPED = Set.of(
            "BartTokenizer",
            "BigBirdTokenizer",
            "CamembertTokenizer",
            "DistilBertTokenizer",
            "LongformerTokenizer",
            "MPNetTokenizer",
            "RetriBertTokenizer",
            "RobertaTokenizer",
            "XLMRobertaTokenizer");

    /** {@code add_bos_token} if the files do not set it, of the classes that replace the post-processor. */
    private static final Map<String, Boolean> POST_PROCESSING = Map.of(
            LLAMA,
            true,
            "CodeLlamaTokenizer",
            true,
            "GemmaTokenizer",
            true,
            "CohereTokenizer",
            true,
            "GPTNeoXTokenizer",
            false);

    /**
     * Returns a switch; null counts as false, as in Python.
     *
     * @throws UserException if the value is neither true nor false: a text such as "false" would count as true in
     *     Python
     */
    boolean flag(String key, boolean whenSilent) {
        JsonNode value = configuration.path(key);
        if (value.isMissingNode()) {
            return whenSilent;
        }
        if (!value.isBoolean() && !value.isNull()) {
            throw new UserException("%s has %s = %s; true or false is expected."
                    .formatted(folder.resolve(AddedTokens.CONFIGURATION), key, Excerpt.text(Json.line(value))));
        }
        return value.booleanValue();
    }

    /**
     * Makes sure that the switches which transformers applies over {@code tokenizer.json} change nothing in this file.
     *
     * @param tokenizer the content of {@code tokenizer.json}
     * @param config the content of {@code config.json}, which gives the tokenizer's class if nothing else does
     * @throws UserException if a switch would change it
     */
    void requireUnchanged(JsonNode tokenizer, JsonNode config) {
        String type = type(config);
        if (LOWERING.contains(type)) {
            requireNormalizer(tokenizer.path("normalizer"), type);
        }
        boolean given = configuration.hasNonNull(PREFIX);
        if (type.equals(LLAMA)) {
            if (given) {
                requirePrefix(tokenizer);
            }
        } else if (given || !configuration.has(PREFIX)) {
            JsonNode space = tokenizer.path("pre_tokenizer").path(PREFIX);
            if (space.isBoolean()) {
                require(type, PREFIX, flag(PREFIX, false), space.booleanValue());
            }
        }
    }

    /**
     * Returns true if the tokenizer's class itself adds the first and last token of a text and ignores the
     * post-processor of {@code tokenizer.json}.
     *
     * @param config the content of {@code config.json}, which gives the tokenizer's class if nothing else does
     */
    boolean decidesEnds(JsonNode config) {
        return POST_PROCESSING.containsKey(type(config));
    }

    /**
     * Returns true if a tokenizer whose class adds the first and last token itself adds the first token to each text.
     *
     * @param config the content of {@code config.json}, which gives the tokenizer's class if nothing else does
     */
    boolean marksBegin(JsonNode config) {
        return flag("add_bos_token", POST_PROCESSING.getOrDefault(type(config), true));
    }

    /**
     * Returns the default tokens of the tokenizer's class.
     *
     * @param config the content of {@code config.json}, which gives the tokenizer's class if nothing else does
     */
    DefaultSpecialTokens classTokens(JsonNode config) {
        return DefaultSpecialTokens.of(type(config));
    }

    /**
     * Returns the default token of a class that adds the first and last token itself, for example {@code <s>}; empty
     * for other classes and names.
     *
     * @param name name of the token, such as {@code bos_token}
     * @param config the content of {@code config.json}, which gives the tokenizer's class if nothing else does
     */
    Optional<String> usualToken(String name, JsonNode config) {
        return decidesEnds(config) ? classTokens(config).named(name).flatMap(AddedTokens::text) : Optional.empty();
    }

    /**
     * Returns true if transformers passes {@code token_type_ids} to the model.
     *
     * @param config the content of {@code config.json}, which gives the tokenizer's class if nothing else does
     * @throws UserException if {@code model_input_names} is not a list
     */
    boolean typed(JsonNode config) {
        JsonNode names = configuration.path("model_input_names");
        if (names.isMissingNode()) {
            return !UNTYPED.contains(type(config));
        }
        if (!names.isArray()) {
            throw new UserException("%s has model_input_names = %s; a list of names is expected."
                    .formatted(folder.resolve(AddedTokens.CONFIGURATION), Excerpt.text(Json.line(names))));
        }
        for (JsonNode name : names) {
            if (name.asText().equals("token_type_ids")) {
                return true;
            }
        }
        return false;
    }

    private String type(JsonNode config) {
        for (JsonNode source : List.of(configuration, config)) {
            if (source.path("tokenizer_class").isTextual()) {
                return source.path("tokenizer_class").textValue().replaceFirst("Fast$", "");
            }
        }
        return ModelClasses.tokenizer(config.path("model_type").asText()).orElse("");
    }

    private void requireNormalizer(JsonNode normalizer, String type) {
        if (!normalizer.path("type").asText().equals("BertNormalizer")) {
            return;
        }
        boolean lower = flag("do_lower_case", true);
        boolean lowered = normalizer.path("lowercase").booleanValue();
        require(type, "do_lower_case", lower, lowered);
        // null means that accents are stripped if letters are lowered
        JsonNode stripped = normalizer.path("strip_accents");
        require(
                type,
                "strip_accents",
                configuration.hasNonNull("strip_accents") ? flag("strip_accents", lower) : lower,
                stripped.isBoolean() ? stripped.booleanValue() : lowered);
        require(
                type,
                "tokenize_chinese_chars",
                flag("tokenize_chinese_chars", true),
                normalizer.path("handle_chinese_chars").booleanValue());
    }

    private void require(String type, String key, boolean applied, boolean found) {
        if (applied != found) {
            throw new UserException(
                    "%s was saved with %s = %s, but transformers%s takes %s from tokenizer_config.json or by default and would make other tokens; write \"%2$s\": %3$s into tokenizer_config.json if tokenizer.json is right, else let Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) write both anew."
                            .formatted(
                                    folder.resolve("tokenizer.json"),
                                    key,
                                    found,
                                    type.isEmpty() ? "" : "' " + Excerpt.text(type) + "Fast",
                                    applied));
        }
    }

    /**
     * Refuses a {@code tokenizer.json} that differs from the result of LlamaConverter. With this switch,
     * LlamaTokenizerFast ignores {@code tokenizer.json}, and LlamaConverter builds it from the slow tokenizer.
     */
    private void requirePrefix(JsonNode tokenizer) {
        boolean prefix = flag(PREFIX, false);
        boolean legacy = !configuration.hasNonNull("legacy") || flag("legacy", true);
        JsonNode splitter = tokenizer.path("pre_tokenizer");
        List<String> normalizers = new ArrayList<>();
        tokenizer
                .path("normalizer")
                .path("normalizers")
                .forEach(part -> normalizers.add(part.path("type").asText()));
        boolean same = legacy
                ? !splitter.isObject()
                        && normalizers.equals(prefix ? List.of("Prepend", "Replace") : List.of("Replace"))
                : !tokenizer.path("normalizer").isObject()
                        && splitter.path("type").asText().equals("Metaspace")
                        && splitter.path("prepend_scheme").asText().equals(prefix ? "first" : "never");
        if (!same) {
            throw new UserException(
                    "%s was saved with another %s or legacy than the %s and %s of tokenizer_config.json, by which transformers would make other tokens; remove add_prefix_space there if tokenizer.json is right, else let Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) write both anew."
                            .formatted(folder.resolve("tokenizer.json"), PREFIX, prefix, legacy));
        }
    }
}

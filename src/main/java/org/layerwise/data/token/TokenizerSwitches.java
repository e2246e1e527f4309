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
import org.layerwise.model.family.ModelClasses;

/**
 * Switches of a {@code tokenizer_config.json}. transformers applies some of them over {@code tokenizer.json}; if the
 * file does not set them, it applies the defaults of the tokenizer's class. They are applied as in transformers 4.55, and
 * as in transformers 5.24 in files that transformers 5 wrote.
 *
 * @param folder the checkpoint
 * @param configuration the content; an empty object if there is no file
 */
record TokenizerSwitches(Path folder, JsonNode configuration) {

    private static final String PREFIX = "add_prefix_space";

    private static final String LLAMA = "LlamaTokenizer";

    private static final String CODE_LLAMA = "CodeLlamaTokenizer";

    private static final String GPT_NEOX = "GPTNeoXTokenizer";

    /** Class of transformers 5 that changes nothing in {@code tokenizer.json}. */
    private static final String UNCHANGING = "TokenizersBackend";

    private static final String METASPACE = "Metaspace";

    private static final String BYTES = "ByteLevel";

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

    /** Classes with token types for the texts of a pair in transformers 5 ({@code model_input_names}). */
    private static final Set<String> TYPED_IN_5 = Set.of(
            "BertTokenizer",
            "ConvBertTokenizer",
            "DebertaTokenizer",
            "DebertaV2Tokenizer",
            "FNetTokenizer",
            "LayoutLMv2Tokenizer",
            "MarkupLMTokenizer");

    /** Families whose tokenizers transformers 5 opens by {@link #UNCHANGING}, whatever class the files name. */
    private static final Set<String> UNCHANGED_IN_5 = Set.of(
            "glm",
            "glm4",
            "granite",
            "llava",
            "ministral",
            "ministral3",
            "mistral",
            "mistral3",
            "mixtral",
            "modernbert",
            "olmo2",
            "olmo3",
            "phi3");

    /** Classes that replace the post-processor in transformers 5, where {@code add_bos_token} has no effect on files. */
    private static final Set<String> POST_PROCESSING_IN_5 = Set.of(CODE_LLAMA, GPT_NEOX);

    /** {@code add_bos_token} if the files do not set it, of the classes that replace the post-processor. */
    private static final Map<String, Boolean> POST_PROCESSING =
            Map.of(LLAMA, true, CODE_LLAMA, true, "GemmaTokenizer", true, "CohereTokenizer", true, GPT_NEOX, false);

    /** Returns true if transformers 5 wrote the files: earlier versions write neither the backend nor its class. */
    boolean by5() {
        return configuration.path("backend").asText().equals("tokenizers")
                || configuration.path("tokenizer_class").asText().equals(UNCHANGING);
    }

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
        if (type.equals(UNCHANGING)) {
            return;
        }
        if (LOWERING.contains(type)) {
            requireNormalizer(tokenizer.path("normalizer"), type);
        }
        boolean given = configuration.hasNonNull(PREFIX);
        if (type.equals(LLAMA)) {
            if (by5()) {
                requirePrefixOf5(tokenizer);
            } else if (given) {
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
        return (by5() ? POST_PROCESSING_IN_5 : POST_PROCESSING.keySet()).contains(type(config));
    }

    /**
     * Returns true if a tokenizer whose class adds the first and last token itself adds the first token to each text.
     *
     * @param config the content of {@code config.json}, which gives the tokenizer's class if nothing else does
     */
    boolean marksBegin(JsonNode config) {
        boolean usual = POST_PROCESSING.getOrDefault(type(config), true);
        return by5() ? usual : flag("add_bos_token", usual);
    }

    /** Returns true if a tokenizer whose class adds the first and last token itself adds the last token to each text. */
    boolean marksEnd() {
        return !by5() && flag("add_eos_token", false);
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
     * Returns the default token of a class that adds the first and last token itself in transformers 4.55, for example
     * {@code <s>}; empty for other classes and names.
     *
     * @param name name of the token, such as {@code bos_token}
     * @param config the content of {@code config.json}, which gives the tokenizer's class if nothing else does
     */
    Optional<String> usualToken(String name, JsonNode config) {
        return POST_PROCESSING.containsKey(type(config))
                ? classTokens(config).named(name).flatMap(AddedTokens::text)
                : Optional.empty();
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
            return by5() ? TYPED_IN_5.contains(type(config)) : !UNTYPED.contains(type(config));
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

    /** Returns the class that opens the tokenizer, without {@code Fast}; empty if it is not known. */
    private String type(JsonNode config) {
        String family = config.path("model_type").asText();
        if (by5() && UNCHANGED_IN_5.contains(family)) {
            return UNCHANGING;
        }
        for (JsonNode source : List.of(configuration, config)) {
            if (source.path("tokenizer_class").isTextual()) {
                return source.path("tokenizer_class").textValue().replaceFirst("Fast$", "");
            }
        }
        return ModelClasses.tokenizer(family).orElse("");
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
                        && splitter.path("type").asText().equals(METASPACE)
                        && splitter.path("prepend_scheme").asText().equals(prefix ? "first" : "never");
        if (!same) {
            throw otherPrefix(prefix, legacy, "remove add_prefix_space there");
        }
    }

    /**
     * Refuses a {@code tokenizer.json} with another splitter than the one by which LlamaTokenizer of transformers 5
     * replaces it.
     */
    private void requirePrefixOf5(JsonNode tokenizer) {
        JsonNode splitter = tokenizer.path("pre_tokenizer");
        if ((Json.line(splitter) + Json.line(tokenizer.path("decoder"))).contains(BYTES)) {
            return; // opened as UNCHANGING
        }
        boolean prefix = !configuration.hasNonNull(PREFIX) || flag(PREFIX, true);
        boolean legacy = flag("legacy", false);
        String scheme = !prefix ? "never" : legacy ? "always" : "first";
        if (tokenizer.path("normalizer").isObject()
                || !splitter.path("type").asText().equals(METASPACE)
                || !splitter.path("prepend_scheme").asText().equals(scheme)) {
            throw otherPrefix(prefix, legacy, "correct them there");
        }
    }

    private UserException otherPrefix(boolean prefix, boolean legacy, String change) {
        return new UserException(
                "%s was saved with another %s or legacy than the %s and %s of tokenizer_config.json, by which transformers would make other tokens; %s if tokenizer.json is right, else let Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) write both anew."
                        .formatted(folder.resolve("tokenizer.json"), PREFIX, prefix, legacy, change));
    }
}

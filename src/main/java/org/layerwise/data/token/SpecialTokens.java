package org.layerwise.data.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonNumbers;
import org.layerwise.data.Excerpt;

/**
 * Special tokens of a checkpoint, from {@code tokenizer_config.json}, {@code special_tokens_map.json} and
 * {@code added_tokens.json} (older checkpoints), {@code tokenizer.json} and the ids of {@code config.json} and
 * {@code generation_config.json}, as transformers finds them.
 *
 * @param folder the checkpoint
 * @param texts texts of all special tokens by their names in the files and in chat templates, such as {@code bos_token}
 * @param bos token at the beginning of a text; null if there is none
 * @param eos token at the end of a text; null if there is none
 * @param truncatesLeft true if long texts shall lose their beginnings ({@code truncation_side}, else {@code direction}
 *     in {@code tokenizer.json})
 * @param typed true if the tokenizer distinguishes the two texts of a pair ({@code token_type_ids} in
 *     {@code model_input_names})
 * @param decidesEnds true if the tokenizer's class itself adds {@code bos} and {@code eos} and ignores the
 *     post-processor of {@code tokenizer.json}
 * @param marksBegin {@code add_bos_token}; has no effect if {@code decidesEnds} is false
 * @param marksEnd {@code add_eos_token}; has no effect if {@code decidesEnds} is false
 */
public record SpecialTokens(
        Path folder,
        Map<String, String> texts,
        @Nullable Token bos,
        @Nullable Token eos,
        boolean truncatesLeft,
        boolean typed,
        boolean decidesEnds,
        boolean marksBegin,
        boolean marksEnd) {

    private static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    public SpecialTokens {
        texts = Map.copyOf(texts);
    }

    /**
     * Special token.
     *
     * @param text text of the token; empty if only its id is known
     * @param id id in the vocabulary
     */
    public record Token(String text, long id) {}

    /**
     * Reads the files of a folder; missing files are skipped.
     *
     * @throws UserException if a file is broken, or its {@code truncation_side} is neither left nor right
     */
    public static SpecialTokens read(Path folder) {
        JsonNode configuration = object(folder, AddedTokens.CONFIGURATION);
        JsonNode map = object(folder, AddedTokens.MAP);
        JsonNode slow = object(folder, AddedTokens.SLOW);
        JsonNode tokenizer = object(folder, "tokenizer.json");
        AddedTokens added = new AddedTokens(folder, tokenizer, configuration, map, slow);
        return new Reader(added, object(folder, "config.json"), object(folder, "generation_config.json")).tokens();
    }

    /**
     * Returns true if the tokenizer adds its special tokens to the prompt of a chat template, for a model that takes
     * images. It does not if the template has already written the first special token (transformers'
     * {@code ProcessorMixin.apply_chat_template}).
     */
    public boolean addedTo(String prompt) {
        return bos == null || bos.text().isEmpty() || !prompt.startsWith(bos.text());
    }

    Token require(String name, @Nullable Token token) {
        if (token == null || token.text().isEmpty()) {
            throw new UserException(
                    "The class of the tokenizer in %s puts a %2$s at every text, and tokenizer.json has none; name the %2$s or the right tokenizer_class (PreTrainedTokenizerFast leaves it to tokenizer.json) in %3$s."
                            .formatted(folder, name, AddedTokens.CONFIGURATION));
        }
        return token;
    }

    private static JsonNode object(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Json.object();
        }
        JsonNode json = Json.read(file);
        if (!json.isObject()) {
            throw new UserException("%s is not a JSON object; copy or download it again.".formatted(file));
        }
        return json;
    }

    private record Reader(AddedTokens added, JsonNode config, JsonNode generation) {

        SpecialTokens tokens() {
            TokenizerSwitches switches = switches();
            requireUsual(switches);
            switches.requireUnchanged(added.tokenizer(), config);
            return new SpecialTokens(
                    added.folder(),
                    texts(),
                    token("bos"),
                    token("eos"),
                    truncatesLeft(),
                    switches.typed(config),
                    switches.decidesEnds(config),
                    switches.marksBegin(config),
                    switches.marksEnd());
        }

        private TokenizerSwitches switches() {
            return new TokenizerSwitches(added.folder(), added.configuration());
        }

        /**
         * Returns true if texts are truncated on the left. PreTrainedTokenizerFast takes the side from
         * {@code tokenizer.json} if the configuration does not name one.
         */
        private boolean truncatesLeft() {
            JsonNode side = added.configuration().path("truncation_side");
            if (side.isMissingNode() || side.isNull()) {
                return added.tokenizer()
                        .path("truncation")
                        .path("direction")
                        .asText()
                        .equals("Left");
            }
            if (!side.asText().equals("left") && !side.asText().equals("right")) {
                throw new UserException("%s has truncation_side = %s; left or right is expected."
                        .formatted(added.folder().resolve(AddedTokens.CONFIGURATION), Excerpt.text(side.asText())));
            }
            return side.asText().equals("left");
        }

        /** Refuses settings with which transformers makes other tokens than {@code tokenizer.json} alone does. */
        private void requireUsual(TokenizerSwitches switches) {
            if (switches.flag("split_special_tokens", false)) {
                throw new UserException(
                        "%s has split_special_tokens = true, which is not supported; set it to false if your texts hold no special tokens."
                                .formatted(added.folder().resolve(AddedTokens.CONFIGURATION)));
            }
            added.requireUnchanged(NAMES, switches.classTokens(config));
        }

        private Map<String, String> texts() {
            Map<String, String> texts = new HashMap<>();
            for (String name : NAMES) {
                text(name).ifPresent(text -> texts.put(name, text));
            }
            added.configuration().path("extra_special_tokens").properties().forEach(token -> AddedTokens.text(
                            token.getValue())
                    .ifPresent(text -> texts.put(token.getKey(), text)));
            if (switches().by5()) {
                addOwnTokens(texts);
            }
            return texts;
        }

        /** Adds tokens that a model has besides the usual ones, which transformers 5 writes beside those. */
        private void addOwnTokens(Map<String, String> texts) {
            added.configuration().properties().stream()
                    .filter(entry -> entry.getKey().endsWith("_token"))
                    .forEach(entry -> AddedTokens.text(entry.getValue())
                            .ifPresent(text -> texts.putIfAbsent(entry.getKey(), text)));
        }

        private Optional<String> text(String name) {
            return added.isSilent(name)
                    ? switches().usualToken(name, config).filter(text -> id(text) != null)
                    : added.named(name);
        }

        private @Nullable Token token(String name) {
            Optional<String> text = text(name + "_token");
            Long id = text.map(this::id).orElseGet(() -> configured(name + "_token_id"));
            return id == null ? null : new Token(text.orElse(""), id);
        }

        private @Nullable Long configured(String key) {
            for (JsonNode source : new JsonNode[] {generation, config, config.path("text_config")}) {
                JsonNode id = source.path(key);
                // of several end-of-sequence tokens, the first is the tokenizer's
                JsonNode first = id.isArray() ? id.path(0) : id;
                if (JsonNumbers.isWhole(first, 0, Integer.MAX_VALUE)) {
                    return first.longValue();
                }
            }
            return null;
        }

        private @Nullable Long id(String text) {
            for (JsonNode entry : added.tokenizer().path("added_tokens")) {
                if (entry.path("content").asText().equals(text)
                        && JsonNumbers.isWhole(entry.path("id"), 0, Integer.MAX_VALUE)) {
                    return entry.path("id").longValue();
                }
            }
            for (Map.Entry<String, JsonNode> entry :
                    added.configuration().path("added_tokens_decoder").properties()) {
                if (entry.getValue().path("content").asText().equals(text)
                        && entry.getKey().matches("\\d{1,9}")) {
                    return Long.parseLong(entry.getKey());
                }
            }
            return added.inVocabulary(text);
        }
    }
}

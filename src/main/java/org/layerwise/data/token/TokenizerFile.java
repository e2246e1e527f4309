package org.layerwise.data.token;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.DiskFullErrors;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.json.Json;

/**
 * Content of a {@code tokenizer.json} in memory, from which tokenizers with different limits are loaded.
 *
 * @param path path of the file
 * @param content its text as bytes, without padding and truncation, possibly with another post-processor
 */
record TokenizerFile(Path path, byte[] content) {

    private static final long LARGEST = 256L << 20;

    // files that a folder may contain instead of tokenizer.json
    private static final List<List<String>> SLOW = List.of(
            List.of("tokenizer.model"),
            List.of("spiece.model"),
            List.of("sentencepiece.bpe.model"),
            List.of("spm.model"),
            List.of("vocab.json", "merges.txt"),
            List.of("vocab.txt"));

    /**
     * Reads a file.
     *
     * @param specialTokens special tokens, which decide if the beginning and the end of a text are marked, as the
     *     classes similar to Llama's do; null to leave this to the file
     * @throws UserException if the file is missing, too large for a tokenizer, or cannot be read
     */
    static TokenizerFile read(Path file, @Nullable SpecialTokens specialTokens) {
        if (!Files.isRegularFile(file)) {
            throw missing(file);
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new UserException(
                        "%s is larger than 256 MB, which no tokenizer is; copy or download it again.".formatted(file));
            }
            return new TokenizerFile(file, adapted(Files.readAllBytes(file), specialTokens));
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    /**
     * Loads a tokenizer that does not pad.
     *
     * @param limit maximum number of tokens of a row, special tokens included; null for no limit
     * @throws UserException if the file is no tokenizer
     */
    HuggingFaceTokenizer load(@Nullable Integer limit) {
        // otherwise DJL reports its start to a server; a value that the user set with -D is kept
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
        Map<String, String> options = limit == null
                ? Map.of("truncation", "false", "padding", "false")
                // DJL truncates at 512 tokens if no larger modelMaxLength is given
                : Map.of(
                        "truncation",
                        "true",
                        "padding",
                        "false",
                        "maxLength",
                        limit.toString(),
                        "modelMaxLength",
                        limit.toString());
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(content), options);
        } catch (IOException | RuntimeException e) {
            String cache = System.getProperty("DJL_CACHE_DIR", "");
            boolean loading = String.valueOf(e.getMessage()).contains("native library");
            if (DiskFullErrors.isCause(e) || loading && DiskFullErrors.hasNoRoom(cache)) {
                throw DiskFullErrors.ofLibraries(cache, e);
            }
            // the native library throws plain runtime exceptions for all faults of the file
            throw new UserException("%s is not a tokenizer that can be read: %s.".formatted(path, failureReason(e)), e);
        }
    }

    /** Says that a tokenizer of this file can make nothing of a text, such as a word that it does not know without a token for that. */
    UserException failure(Throwable cause) {
        return new UserException(
                "The tokenizer %s fails on this text: %s.".formatted(path, failureReason(cause)), cause);
    }

    private static String failureReason(Throwable e) {
        return String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " ").replaceAll("\\.$", "");
    }

    private static UserException missing(Path file) {
        for (List<String> names : SLOW) {
            if (names.stream().allMatch(name -> Files.isRegularFile(file.resolveSibling(name)))) {
                return new UserException(
                        "There is no tokenizer %s, only %s, which cannot be read; Python's AutoTokenizer.from_pretrained(...).save_pretrained(...) writes the missing file."
                                .formatted(file, String.join(" and ", names)));
            }
        }
        return new UserException(
                "There is no tokenizer %s, so text cannot be tokenised; put the model's tokenizer.json there or use data with input_ids."
                        .formatted(file));
    }

    /**
     * Returns the content with the changes that transformers makes when it opens the file; content that is not a JSON
     * object is returned unchanged.
     */
    private static byte[] adapted(byte[] content, @Nullable SpecialTokens specialTokens) {
        JsonNode json;
        try {
            json = Json.parse(new String(content, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return content; // refused when it is loaded
        }
        if (!(json instanceof ObjectNode tokenizer)) {
            return content;
        }
        boolean adapted = dropLimits(tokenizer);
        if (specialTokens != null && specialTokens.decidesEnds()) {
            setEnds(tokenizer, specialTokens);
            adapted = true;
        }
        return adapted ? Json.line(tokenizer).getBytes(StandardCharsets.UTF_8) : content;
    }

    /**
     * Removes the padding and truncation: the native library would otherwise apply their side and stride to every
     * limit.
     *
     * @return true if there was any
     */
    private static boolean dropLimits(ObjectNode tokenizer) {
        boolean dropped = false;
        for (String key : List.of("truncation", "padding")) {
            if (tokenizer.hasNonNull(key)) {
                tokenizer.putNull(key);
                dropped = true;
            }
        }
        return dropped;
    }

    /**
     * Sets the post-processor as {@code LlamaTokenizerFast.update_post_processor} of transformers does when it opens
     * the tokenizer.
     */
    private static void setEnds(ObjectNode tokenizer, SpecialTokens tokens) {
        SpecialTokens.Token begin = tokens.marksBegin() ? tokens.require("bos_token", tokens.bos()) : null;
        SpecialTokens.Token end = tokens.marksEnd() ? tokens.require("eos_token", tokens.eos()) : null;
        ObjectNode processor = Json.object();
        processor.put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        addPart(single, begin, "A", end, 0);
        ArrayNode pair = processor.putArray("pair");
        addPart(pair, begin, "A", end, 0);
        addPart(pair, begin, "B", end, 1);
        ObjectNode known = processor.putObject("special_tokens");
        describe(known, begin);
        describe(known, end);
        tokenizer.set("post_processor", processor);
    }

    private static void addPart(
            ArrayNode template,
            SpecialTokens.@Nullable Token begin,
            String sequence,
            SpecialTokens.@Nullable Token end,
            int type) {
        if (begin != null) {
            piece(template, "SpecialToken", begin.text(), type);
        }
        piece(template, "Sequence", sequence, type);
        if (end != null) {
            piece(template, "SpecialToken", end.text(), type);
        }
    }

    private static void piece(ArrayNode template, String kind, String id, int type) {
        template.addObject().putObject(kind).put("id", id).put("type_id", type);
    }

    private static void describe(ObjectNode known, SpecialTokens.@Nullable Token token) {
        if (token != null) {
            ObjectNode entry = known.putObject(token.text());
            entry.put("id", token.text());
            entry.putArray("ids").add(token.id());
            entry.putArray("tokens").add(token.text());
        }
    }
}

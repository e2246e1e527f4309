package org.layerwise.data;

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
import org.layerwise.base.FullDisk;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/**
 * A {@code tokenizer.json} in memory, from which tokenizers with different limits are made.
 *
 * @param path where it is
 * @param content its text as bytes, without padding and truncation, perhaps with another post-processor
 */
record TokenizerFile(Path path, byte[] content) {

    private static final long LARGEST = 256L << 20;

    // what a folder may have in the place of tokenizer.json, and whose it is
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
     * @param specialTokens whether beginning and end are marked, which the classes of Llama's kind decide anew; null to leave
     *     that to the file
     * @throws UserException if it is missing, too large to be one, or cannot be read
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
            throw new UserException("Cannot read %s: %s.".formatted(file, WholeFiles.reason(e)), e);
        }
    }

    /**
     * A tokenizer that does not pad.
     *
     * @param limit where it cuts, special tokens included; null for nowhere
     * @throws UserException if the file is no tokenizer
     */
    HuggingFaceTokenizer load(@Nullable Integer limit) {
        // without this, DJL reports its start to a server; whoever asked for something else by -D keeps it
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
        Map<String, String> options = limit == null
                ? Map.of("truncation", "false", "padding", "false")
                // DJL cuts at 512 tokens unless it is told that the model takes more
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
            if (FullDisk.isCause(e) || loading && FullDisk.hasNoRoom(cache)) {
                throw FullDisk.ofLibraries(cache, e);
            }
            // the native library throws plain runtime exceptions for whatever is wrong with the file
            throw new UserException("%s is not a tokenizer that can be read: %s.".formatted(path, why(e)), e);
        }
    }

    /** Says that a tokenizer of this file can make nothing of a text, such as a word that it does not know without a token for that. */
    UserException failure(Throwable cause) {
        return new UserException("The tokenizer %s fails on this text: %s.".formatted(path, why(cause)), cause);
    }

    private static String why(Throwable e) {
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

    /** The content with what transformers changes whenever it opens the file; content that is no JSON object stays as it is. */
    private static byte[] adapted(byte[] content, @Nullable SpecialTokens specialTokens) {
        JsonNode json;
        try {
            json = Json.parse(new String(content, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return content; // refused by whoever opens it
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
     * Drops the padding and truncation: the native library would keep their side and stride under every limit that it is given.
     *
     * @return whether there was any
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

    /** LlamaTokenizerFast.update_post_processor of transformers, which runs whenever the tokenizer is opened there. */
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

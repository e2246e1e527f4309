package org.layerwise.checkpoint.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.ForeignWeights;
import org.layerwise.checkpoint.ModelFolder;

/** Selection of the needed files of a repository: configuration, tokenizer and safetensors weights, nothing else. */
final class ModelFiles {

    static final String CONFIG = "config.json";
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** Maximum size of an index, in bytes. */
    static final long MOST_INDEX_BYTES = 100L << 20;

    private static final List<String> SMALL = List.of(
            CONFIG,
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "spiece.model",
            "spm.model",
            "sentencepiece.bpe.model",
            "chat_template.jinja",
            "chat_template.json",
            "preprocessor_config.json",
            "processor_config.json");

    private ModelFiles() {}

    /** Returns the needed files other than the weights, as far as the repository has them. */
    static List<String> small(ModelInfo info) {
        return SMALL.stream().filter(name -> info.file(name).isPresent()).toList();
    }

    /** Returns true for the name of a file with weights. */
    static boolean isWeights(String name) {
        return name.endsWith(".safetensors");
    }

    /** Returns true if the weights are one file and not shards with an index. */
    static boolean isSingle(ModelInfo info) {
        return info.file(SINGLE).isPresent();
    }

    /**
     * Makes sure that the repository contains a model, before anything is downloaded.
     *
     * @param page address of the model's page for users
     * @throws UserException if it has no config.json
     */
    static void requireConfig(HubId id, String revision, ModelInfo info, String page) {
        if (info.file(CONFIG).isEmpty()) {
            throw new UserException("%s (%s) has no %s, so it is no transformers model; look at %s for what it is."
                    .formatted(id, revision, CONFIG, page));
        }
    }

    /**
     * Makes sure that the repository contains a model whose weights can be opened.
     *
     * @throws UserException if it has no config.json or no safetensors weights, or if it also has an adapter
     */
    static void require(HubId id, String revision, ModelInfo info, String page) {
        requireConfig(id, revision, info, page);
        if (isSingle(info) || info.file(INDEX).isPresent()) {
            if (info.file(ModelFolder.ADAPTER).isPresent()) {
                throw ModelFolder.withAdapter(
                        "%s (%s)".formatted(id, revision),
                        "name the base model or a revision without the adapter, or download the model's own files into a folder");
            }
            return;
        }
        List<String> foreign = info.files().keySet().stream()
                .filter(name -> !name.contains("/"))
                .filter(name -> ForeignWeights.of(name).isPresent())
                .toList();
        if (foreign.isEmpty()) {
            throw new UserException("%s (%s) has no %s and no other weights; look at %s for what it is."
                    .formatted(id, revision, SINGLE, page));
        }
        String reasons = foreign.stream()
                .flatMap(name -> ForeignWeights.of(name).stream())
                .distinct()
                .map(ForeignWeights::reason)
                .collect(Collectors.joining(", and "));
        throw new UserException(
                "%s (%s) has its weights only in %s, and %s; use a revision with safetensors, which the hub's bot often offers as %s@refs/pr/1 (see %s/discussions), or convert it with transformers' save_pretrained(safe_serialization=True)."
                        .formatted(id, revision, foreign.get(0), reasons, id, page));
    }

    /**
     * Returns the shards that an index names, by name.
     *
     * @throws UserException if the content is not an index, or names shards that the repository does not have
     */
    static List<String> shards(HubId id, ModelInfo info, byte[] index) {
        JsonNode weightMap;
        try {
            weightMap = Json.parse(new String(index, StandardCharsets.UTF_8)).path("weight_map");
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "The %s of %s on the hub is not valid JSON: %s.".formatted(INDEX, id, e.getOriginalMessage()), e);
        }
        TreeSet<String> shards = new TreeSet<>();
        weightMap.forEach(shard -> shards.add(shard.asText()));
        if (shards.isEmpty()) {
            throw new UserException(
                    "The %s of %s on the hub names no shards; use another revision.".formatted(INDEX, id));
        }
        for (String shard : shards) {
            // the name becomes a path on this machine
            if (!shard.matches("\\w[\\w.-]*\\.safetensors") || info.file(shard).isEmpty()) {
                throw new UserException(
                        "The %s of %s names the shard '%s', which the hub does not have; use another revision."
                                .formatted(INDEX, id, shard));
            }
        }
        return new ArrayList<>(shards);
    }
}

package org.layerwise.model.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.layerwise.base.UserException;

/** Family of models: reads its own {@code config.json} and names its weights. The general parts do the computation. */
@FunctionalInterface
interface Family {

    /** Families by HuggingFace's {@code model_type}. */
    Map<String, Family> BY_TYPE = Map.ofEntries(
            Map.entry("bert", BertFamily.BERT),
            Map.entry("roberta", BertFamily.ROBERTA),
            Map.entry("xlm-roberta", BertFamily.ROBERTA),
            Map.entry("electra", BertFamily.ELECTRA),
            Map.entry("distilbert", new DistilBertFamily()),
            Map.entry("deberta-v2", new DebertaFamily()),
            Map.entry("modernbert", new ModernBertFamily()),
            Map.entry("llama", new LlamaFamily()),
            Map.entry("mistral", new LlamaFamily()),
            Map.entry("qwen2", new LlamaFamily()),
            Map.entry("qwen3", new LlamaFamily()),
            Map.entry("phi3", new Phi3Family()),
            Map.entry("gemma", new GemmaFamily()),
            Map.entry("gemma2", new Gemma2Family()),
            Map.entry("gemma3_text", new Gemma3Family()),
            Map.entry("olmo2", new Olmo2Family()),
            Map.entry("olmo3", new Olmo2Family()),
            Map.entry("smollm3", new SmolLm3Family()),
            Map.entry("starcoder2", new StarCoder2Family()),
            Map.entry("gpt2", new Gpt2Family()),
            Map.entry("llava", new LlavaFamily()));

    /** Reads the whole configuration; refuses by name any unsupported value that changes the result. */
    ModelDescription read(ConfigReader config);

    /**
     * Returns the family of a configuration.
     *
     * @param file path of the {@code config.json}, for messages
     */
    static Family of(Path file, JsonNode config) {
        JsonNode type = config.path("model_type");
        if (!type.isTextual()) {
            throw new UserException("%s has no model_type, so the kind of model is unknown.".formatted(file));
        }
        Family family = BY_TYPE.get(type.asText());
        if (family == null) {
            throw new UserException("%s is a model of type \"%s\", which Layerwise does not support; it supports %s."
                    .formatted(file.getParent(), type.asText(), String.join(", ", new TreeSet<>(BY_TYPE.keySet()))));
        }
        return family;
    }
}

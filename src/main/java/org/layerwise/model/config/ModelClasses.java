package org.layerwise.model.config;

import java.util.Map;
import java.util.Optional;

/** Names of the model classes in transformers: the {@code architectures} of a {@code config.json}. */
public final class ModelClasses {

    private static final String CLASSIFIER = "ForSequenceClassification";

    /** Prefix of the class names of a family, by HuggingFace's {@code model_type}. */
    private static final Map<String, String> STEMS = Map.ofEntries(
            Map.entry("bert", "Bert"),
            Map.entry("roberta", "Roberta"),
            Map.entry("xlm-roberta", "XLMRoberta"),
            Map.entry("electra", "Electra"),
            Map.entry("distilbert", "DistilBert"),
            Map.entry("deberta-v2", "DebertaV2"),
            Map.entry("modernbert", "ModernBert"),
            Map.entry("llama", "Llama"),
            Map.entry("mistral", "Mistral"),
            Map.entry("qwen2", "Qwen2"),
            Map.entry("qwen3", "Qwen3"),
            Map.entry("phi3", "Phi3"),
            Map.entry("gemma", "Gemma"),
            Map.entry("gemma2", "Gemma2"),
            Map.entry("gemma3_text", "Gemma3"),
            Map.entry("olmo2", "Olmo2"),
            Map.entry("olmo3", "Olmo3"),
            Map.entry("smollm3", "SmolLM3"),
            Map.entry("starcoder2", "Starcoder2"),
            Map.entry("gpt2", "GPT2"));

    private ModelClasses() {}

    /** Returns the class for sequence classification and regression; empty if transformers has none. */
    public static Optional<String> classifier(String family) {
        return Optional.ofNullable(STEMS.get(family)).map(stem -> stem + CLASSIFIER);
    }

    /** Returns the class of a decoder that predicts tokens. */
    public static String languageModel(String family) {
        return switch (family) {
            case "llava" -> "LlavaForConditionalGeneration";
            case "gpt2" -> "GPT2LMHeadModel";
            default -> STEMS.get(family) + "ForCausalLM";
        };
    }
}

package org.layerwise.model.family;

import java.util.Optional;

/** Names of the classes of models and tokenizers in transformers. */
public final class ModelClasses {

    private static final String CLASSIFIER = "ForSequenceClassification";

    private ModelClasses() {}

    /** Returns the class for sequence classification and regression; empty if transformers has none. */
    public static Optional<String> classifier(String family) {
        return switch (family) {
            case "llava",
                    "gemma4",
                    "gemma4_text",
                    "mistral3",
                    "qwen2_5_vl",
                    "qwen3_vl",
                    "cohere",
                    "cohere2",
                    "granite",
                    "olmoe" -> Optional.empty();
            case "gemma3_text" -> Optional.of("Gemma3Text" + CLASSIFIER);
            default -> prefix(family).map(prefix -> prefix + CLASSIFIER);
        };
    }

    /** Returns true if models of a type are supported. */
    public static boolean isKnown(String family) {
        return Family.BY_TYPE.containsKey(family);
    }

    /** Returns the class of a decoder that predicts tokens. */
    public static String languageModel(String family) {
        return switch (family) {
            case "llava", "gemma3", "gemma4", "mistral3", "qwen2_5_vl", "qwen3_vl" ->
                prefix(family).orElseThrow() + "ForConditionalGeneration";
            case "gpt2" -> "GPT2LMHeadModel";
            default -> prefix(family).orElseThrow() + "ForCausalLM";
        };
    }

    /**
     * Returns the tokenizer class of checkpoints that name none.
     *
     * @param family {@code model_type}, also an unknown one
     */
    public static Optional<String> tokenizer(String family) {
        return Optional.ofNullable(Family.BY_TYPE.get(family))
                .map(Family.KnownType::tokenizer)
                .filter(name -> !name.isEmpty());
    }

    private static Optional<String> prefix(String family) {
        return Optional.ofNullable(Family.BY_TYPE.get(family)).map(Family.KnownType::classes);
    }
}

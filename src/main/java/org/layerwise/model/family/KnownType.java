package org.layerwise.model.family;

/**
 * Value of HuggingFace's {@code model_type}, and the names of its classes in transformers.
 *
 * @param family reader of its configurations
 * @param languageModel class of a decoder that predicts tokens
 * @param classifier class for sequence classification and regression; empty if transformers has none
 * @param tokenizer tokenizer class of a checkpoint that names none (AutoTokenizer); empty for one without defaults of its
 *     own
 */
record KnownType(Family family, String languageModel, String classifier, String tokenizer) {

    /** Returns a type with classes of the usual names. */
    static KnownType of(Family family, String prefix, String tokenizer) {
        return new KnownType(family, prefix + "ForCausalLM", prefix + "ForSequenceClassification", tokenizer);
    }

    /** Returns a type of models that have a language model inside, and no class for classification. */
    static KnownType inside(Family family, String prefix, String tokenizer) {
        return new KnownType(family, prefix + "ForConditionalGeneration", "", tokenizer);
    }

    KnownType withoutClassifier() {
        return withClassifier("");
    }

    KnownType withClassifier(String name) {
        return new KnownType(family, languageModel, name, tokenizer);
    }

    KnownType withLanguageModel(String name) {
        return new KnownType(family, name, classifier, tokenizer);
    }
}

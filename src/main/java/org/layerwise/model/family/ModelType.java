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
record ModelType(Family family, String languageModel, String classifier, String tokenizer) {

    /** Returns a type with classes of the usual names. */
    static ModelType of(Family family, String prefix, String tokenizer) {
        return new ModelType(family, prefix + "ForCausalLM", prefix + "ForSequenceClassification", tokenizer);
    }

    /** Returns a type with classes of the usual names, and none for classification. */
    static ModelType withoutClassifier(Family family, String prefix, String tokenizer) {
        return of(family, prefix, tokenizer).withClassifier("");
    }

    /** Returns a type of models that have a language model inside, and no class for classification. */
    static ModelType inside(Family family, String prefix, String tokenizer) {
        return new ModelType(family, prefix + "ForConditionalGeneration", "", tokenizer);
    }

    ModelType withClassifier(String name) {
        return new ModelType(family, languageModel, name, tokenizer);
    }

    ModelType withLanguageModel(String name) {
        return new ModelType(family, name, classifier, tokenizer);
    }
}

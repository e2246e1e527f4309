package org.layerwise.model.family;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Names of the classes of models and tokenizers in transformers. */
public final class ModelClasses {

    private ModelClasses() {}

    /** Returns the class for sequence classification and regression; empty if transformers has none. */
    public static Optional<String> classifier(String family) {
        return name(family, ModelType::classifier);
    }

    /** Returns true if models of a type are supported. */
    public static boolean isKnown(String family) {
        return Family.BY_TYPE.containsKey(family);
    }

    /** Returns the class of a decoder that predicts tokens. */
    public static String languageModel(String family) {
        return Objects.requireNonNull(Family.BY_TYPE.get(family), family).languageModel();
    }

    /**
     * Returns the tokenizer class of checkpoints that name none.
     *
     * @param family {@code model_type}, also an unknown one
     */
    public static Optional<String> tokenizer(String family) {
        return name(family, ModelType::tokenizer);
    }

    private static Optional<String> name(String family, Function<ModelType, String> name) {
        return Optional.ofNullable(Family.BY_TYPE.get(family)).map(name).filter(known -> !known.isEmpty());
    }
}

package org.layerwise.study;

/** Hears what people should know of a model while it is opened and used. Called on the thread that does the work. */
public interface ModelListener {

    /**
     * It is known what the model is and takes; its weights are about to be loaded.
     *
     * @param settings that it is opened with
     */
    default void described(ModelSettings settings, ModelCard card) {}

    /**
     * Some data has a row with more tokens than the model was trained with.
     *
     * @param data its name
     * @param longest tokens of the longest row
     * @param trained the most tokens that the model was trained with
     */
    default void longRow(String data, int longest, int trained) {}

    /**
     * Every row of some data was longer than the limit and lost its end, so that no answer or last word was seen.
     *
     * @param data its name
     * @param limit the most tokens a row may have
     */
    default void allCut(String data, int limit) {}

    /** Nobody. */
    static ModelListener none() {
        return new ModelListener() {};
    }
}

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
     * Some data holds token ids, which are never cut, and a row is longer than the limit that was asked for.
     *
     * @param data its name
     * @param longest tokens of the longest row
     */
    default void uncutRow(String data, int longest) {}

    /** Nobody. */
    static ModelListener none() {
        return new ModelListener() {};
    }
}

package org.layerwise.study.model;

import org.layerwise.settings.ModelSettings;

/**
 * Listener for information about a model while it is opened and used. The methods are called on the thread that does
 * the work.
 */
public interface ModelListener {

    /**
     * Receives the description of a model before its weights are loaded.
     *
     * @param settings settings that the model is opened with
     * @param card architecture and memory need of the model
     */
    default void described(ModelSettings settings, ModelCard card) {}

    /**
     * Receives data with a row that has more tokens than the model was trained with.
     *
     * @param data name of the data
     * @param longest number of tokens of the longest row
     * @param trained maximum number of tokens that the model was trained with
     */
    default void longRow(String data, int longest, int trained) {}

    /**
     * Receives data of token ids with a row that is longer than the limit of the settings. Rows of token ids are never
     * truncated.
     *
     * @param data name of the data
     * @param longest number of tokens of the longest row
     */
    default void uncutRow(String data, int longest) {}

    /** Receives a remark on the model, or on the adapter or the rows that it is used with. */
    default void noted(String remark) {}

    /** Returns a listener that ignores everything. */
    static ModelListener none() {
        return new ModelListener() {};
    }
}

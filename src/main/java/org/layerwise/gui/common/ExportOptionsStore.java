package org.layerwise.gui.common;

/** Stores the last export options. */
public interface ExportOptionsStore {

    /**
     * Returns the last export options. Format and look are those of the last figure of any kind; the size is that of
     * the last figure of the same kind.
     *
     * @param kind kind of figure, such as {@code heatmap}
     * @param otherwise defaults for options that are not stored
     */
    ExportOptions last(String kind, ExportOptions otherwise);

    void remember(String kind, ExportOptions options);
}

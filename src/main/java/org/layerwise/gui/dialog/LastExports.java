package org.layerwise.gui.dialog;

/** Remembers how figures were last written. */
public interface LastExports {

    /**
     * How it was done last: the format and the look are those of the last figure, the size is that of the last one of its kind.
     *
     * @param kind of figure, such as {@code heatmap}
     * @param otherwise what holds as far as nothing is remembered
     */
    ExportOptions last(String kind, ExportOptions otherwise);

    void remember(String kind, ExportOptions options);
}

package org.layerwise.gui.chart;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jfree.chart.JFreeChart;
import org.layerwise.base.file.FileNames;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;

/**
 * Chart that can be redrawn from its values on a background thread, for export to a file.
 *
 * @param kind kind of chart, such as {@code heatmap}; export options are remembered for each kind
 * @param title title for display
 * @param name file name without extension
 * @param size size for a figure in a paper
 * @param draw creates a new chart on each call
 * @param csv supplies the values as a CSV table with a header and all digits
 */
public record Figure(
        String kind,
        String title,
        String name,
        ChartSize size,
        Function<ChartStyle, JFreeChart> draw,
        Supplier<String> csv) {

    /** Returns this figure with a prefix before its file name. */
    public Figure behind(String before) {
        return new Figure(kind, title, before + name, size, draw, csv);
    }

    /** Returns the file name with only those characters that every file system allows. */
    public String fileName() {
        return FileNames.plain(name);
    }
}

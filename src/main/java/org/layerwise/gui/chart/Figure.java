package org.layerwise.gui.chart;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jfree.chart.JFreeChart;
import org.layerwise.base.FileNames;
import org.layerwise.chart.ChartSize;
import org.layerwise.chart.ChartStyle;

/**
 * A chart that can be drawn anew from its values, off the FX thread, to write it to a file.
 *
 * @param kind of chart, such as {@code heatmap}: those of a kind are written alike
 * @param title what it shows, for people
 * @param name of its file, without an ending
 * @param size that suits a figure of a paper
 * @param draw makes a chart of its own each time
 * @param csv its numbers as a table with a header, all digits
 */
public record Figure(
        String kind,
        String title,
        String name,
        ChartSize size,
        Function<ChartStyle, JFreeChart> draw,
        Supplier<String> csv) {

    /** The same under a longer name. */
    public Figure behind(String before) {
        return new Figure(kind, title, before + name, size, draw, csv);
    }

    /** The name as every file system takes it. */
    public String fileName() {
        return FileNames.plain(name);
    }
}

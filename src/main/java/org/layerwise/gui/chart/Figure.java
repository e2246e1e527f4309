package org.layerwise.gui.chart;

import java.util.function.Function;
import org.jfree.chart.JFreeChart;
import org.layerwise.chart.ChartSize;
import org.layerwise.chart.ChartStyle;

/**
 * A chart that can be drawn anew from its values, off the FX thread, to write it to a file.
 *
 * @param title what it shows, above the question how to write it
 * @param name of its file, without an ending
 * @param size that suits a figure of a paper
 */
public record Figure(String title, String name, ChartSize size, Function<ChartStyle, JFreeChart> draw) {}

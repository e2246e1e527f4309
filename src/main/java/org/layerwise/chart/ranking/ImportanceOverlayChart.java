package org.layerwise.chart.ranking;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.entity.XYItemEntity;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.axis.XyFrame;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;

/**
 * Importance of the layers by several measures or on several tasks. Each is a line with markers; known intervals are
 * error bars, and an undefined importance is a gap. Measures with different units can each be scaled to the range 0 to
 * 1.
 *
 * <p>Not safe for use by several threads.
 */
public final class ImportanceOverlayChart {

    private static final double TICK_DISTANCE_X = 22;
    private static final ChartSize EXPORT_SIZE = new ChartSize(640, 380);

    private final OverlayRenderer renderer;
    private final XyFrame frame;

    /**
     * Line of the chart.
     *
     * @param label text in the legend
     * @param importance importance of each layer
     * @param uncertainty uncertainty from resampling; null without resampling
     */
    public record Series(String label, LayerImportance importance, @Nullable Uncertainty uncertainty) {}

    /**
     * Creates a chart of lines that share one quantity, or of lines that are each scaled to a minimum of 0 and a
     * maximum of 1.
     *
     * @param quantity title of the y axis
     * @param scaled true to scale each line
     */
    public ImportanceOverlayChart(List<Series> series, String quantity, boolean scaled, ChartStyle style) {
        XYSeriesCollection values = new XYSeriesCollection();
        OverlayRenderer.Ranges ranges = new OverlayRenderer.Ranges();
        int layers = 1;
        for (Series one : series) {
            Scaling scaling = scaled ? Scaling.of(one.importance()) : Scaling.NONE;
            int number = values.getSeriesCount();
            XYSeries line = new XYSeries(number); // the key is a number, since two tasks may have the same name
            for (int layer = 0; layer < one.importance().layers(); layer++) {
                OptionalDouble value = one.importance().of(layer);
                line.add(layer, value.isPresent() ? scaling.of(value.getAsDouble()) : Double.NaN);
                Interval interval = one.uncertainty() == null || value.isEmpty()
                        ? null
                        : one.uncertainty().interval(layer).orElse(null);
                ranges.add(number, layer, interval == null ? null : scaling.of(interval));
            }
            values.addSeries(line);
            layers = Math.max(layers, one.importance().layers());
        }
        RoundAxis x = RoundAxis.ofLayers("Layer", layers);
        x.setRange(-0.5, layers - 0.5);
        RoundAxis y = RoundAxis.ofNumbers(scaled ? quantity + ", each from 0 to 1" : quantity);
        y.setRange(ranges.with(values));
        renderer = new OverlayRenderer(
                series, ranges, series.stream().map(Series::label).toList(), style);
        frame = new XyFrame(values, renderer, x, TICK_DISTANCE_X, y, renderer::legend, style);
        restyle(style);
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return frame.chart();
    }

    /** Returns a size for a figure in a paper. */
    public ChartSize exportSize() {
        return EXPORT_SIZE;
    }

    /** Marks a layer with a line; null removes the mark. */
    public void highlight(@Nullable Integer layer) {
        renderer.highlight(layer);
        frame.chart().fireChartChanged();
    }

    /** Returns the layer that a chart entity of a mouse event belongs to. */
    public static OptionalInt layerOf(@Nullable ChartEntity entity) {
        return entity instanceof XYItemEntity marker ? OptionalInt.of(marker.getItem()) : OptionalInt.empty();
    }

    /** Changes the style and redraws once. */
    public void restyle(ChartStyle style) {
        frame.restyle(style, () -> renderer.restyle(style));
    }

    private record Scaling(double zero, double unit) {

        static final Scaling NONE = new Scaling(0, 1);

        static Scaling of(LayerImportance importance) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int layer = 0; layer < importance.layers(); layer++) {
                low = Math.min(low, importance.of(layer).orElse(low));
                high = Math.max(high, importance.of(layer).orElse(high));
            }
            return high > low ? new Scaling(low, high - low) : new Scaling(Double.isFinite(low) ? low : 0, 1);
        }

        double of(double value) {
            return (value - zero) / unit;
        }

        Interval of(Interval interval) {
            return new Interval(of(interval.low()), of(interval.high()));
        }
    }
}

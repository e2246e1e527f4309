package org.layerwise.chart;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;

/**
 * The importance of layers by several measures or on several tasks, a line with markers each, with bars where intervals are
 * known and gaps where an importance is undefined. Measures with different units can each be scaled to 0 to 1.
 *
 * <p>Not safe for use by several threads.
 */
public final class ImportanceOverlayChart {

    private static final double TICK_DISTANCE_X = 22;
    private static final ChartSize EXPORT_SIZE = new ChartSize(640, 380);

    private final OverlayRenderer renderer;
    private final XyFrame frame;

    /**
     * A line.
     *
     * @param label what the legend says
     * @param uncertainty null where nothing was resampled
     */
    public record Series(String label, LayerImportance importance, @Nullable Uncertainty uncertainty) {}

    /** Lines as they are, of one quantity. */
    public ImportanceOverlayChart(List<Series> series, ChartStyle style) {
        this(series, "Importance", false, style);
    }

    /**
     * Lines of one quantity, or each scaled so that its least value is 0 and its largest 1.
     *
     * @param quantity what the axis says
     */
    public ImportanceOverlayChart(List<Series> series, String quantity, boolean scaled, ChartStyle style) {
        XYSeriesCollection values = new XYSeriesCollection();
        OverlayRenderer.Ranges ranges = new OverlayRenderer.Ranges();
        int layers = 1;
        for (Series one : series) {
            Scaling scaling = scaled ? Scaling.of(one.importance()) : Scaling.NONE;
            int number = values.getSeriesCount();
            XYSeries line = new XYSeries(number); // two tasks may have one name
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

    /** The chart to show or to export; the same object as long as this one lives. */
    public JFreeChart chart() {
        return frame.chart();
    }

    /** A size that suits a figure of a paper. */
    public ChartSize exportSize() {
        return EXPORT_SIZE;
    }

    /** Marks a layer with a line; null marks nothing. */
    public void highlight(@Nullable Integer layer) {
        renderer.highlight(layer);
        frame.chart().fireChartChanged();
    }

    /** The layer that a marker in this chart stands for, as a mouse event names it. */
    public static OptionalInt layerOf(@Nullable ChartEntity entity) {
        return entity instanceof OverlayRenderer.MarkerEntity marker
                ? OptionalInt.of(marker.getItem())
                : OptionalInt.empty();
    }

    /** Changes the look. Redraws once. */
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

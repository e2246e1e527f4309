package org.layerwise.chart.ranking;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.entity.XYItemEntity;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.data.Range;
import org.jfree.data.xy.XYDataset;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.Strokes;

/**
 * Draws lines of one value per layer, which differ in colour and marker. The interval bars of the lines are slightly
 * beside the layer, so that they do not overlap.
 */
final class OverlayRenderer extends AbstractXYItemRenderer {

    private static final double MARKER = 7;
    private static final double TARGET = 14; // larger than the marker, so that the mouse hits it easily
    private static final double LINE = 1.6;
    private static final double BAR = 1.2;
    private static final double SIDESTEP = 0.09; // as a fraction of the distance between two layers
    private static final double MOST_SIDESTEP = 0.36;
    private static final double HEADROOM = 0.05;

    private final List<ImportanceOverlayChart.Series> series;
    private final Ranges ranges;
    private final List<String> labels;
    private @Nullable Integer highlighted;
    private ChartStyle style;

    /** Intervals of the points, in the units of the y axis. */
    static final class Ranges {

        private record Place(int series, int layer) {}

        private final Map<Place, Interval> intervals = new HashMap<>();

        void add(int series, int layer, @Nullable Interval interval) {
            if (interval != null) {
                intervals.put(new Place(series, layer), interval);
            }
        }

        Optional<Interval> at(int series, int layer) {
            return Optional.ofNullable(intervals.get(new Place(series, layer)));
        }

        /** Returns a range that includes all points, all intervals and 0. */
        Range with(XYDataset values) {
            double low = 0;
            double high = 0;
            for (int line = 0; line < values.getSeriesCount(); line++) {
                for (int item = 0; item < values.getItemCount(line); item++) {
                    double value = values.getYValue(line, item);
                    low = Double.isNaN(value) ? low : Math.min(low, value);
                    high = Double.isNaN(value) ? high : Math.max(high, value);
                }
            }
            for (Interval interval : intervals.values()) {
                low = Math.min(low, interval.low());
                high = Math.max(high, interval.high());
            }
            double room = high > low ? (high - low) * HEADROOM : 1;
            return new Range(low < 0 ? low - room : low, high + room);
        }
    }

    OverlayRenderer(List<ImportanceOverlayChart.Series> series, Ranges ranges, List<String> labels, ChartStyle style) {
        this.series = List.copyOf(series);
        this.ranges = ranges;
        this.labels = labels;
        this.style = style;
    }

    void restyle(ChartStyle other) {
        this.style = other;
    }

    void highlight(@Nullable Integer layer) {
        this.highlighted = layer;
    }

    @Override
    public int getPassCount() {
        return 2;
    }

    @Override
    public void drawItem(
            Graphics2D g2,
            XYItemRendererState state,
            Rectangle2D dataArea,
            @Nullable PlotRenderingInfo info,
            XYPlot plot,
            ValueAxis domainAxis,
            ValueAxis rangeAxis,
            XYDataset dataset,
            int line,
            int layer,
            @Nullable CrosshairState crosshairState,
            int pass) {
        double x = domainAxis.valueToJava2D(layer, dataArea, plot.getDomainAxisEdge());
        if (pass == 0 && line == 0 && highlighted != null && highlighted == layer) {
            draw(
                    g2,
                    new Line2D.Double(x, dataArea.getMinY(), x, dataArea.getMaxY()),
                    style.stroke(1),
                    style.theme().muted());
        }
        double value = dataset.getYValue(line, layer);
        if (Double.isNaN(value)) {
            return;
        }
        Color colour = style.theme().run(line);
        double y = rangeAxis.valueToJava2D(value, dataArea, plot.getRangeAxisEdge());
        if (pass == 0) {
            drawInterval(g2, dataArea, plot, line, layer, colour);
            double before = layer == 0 ? Double.NaN : dataset.getYValue(line, layer - 1);
            if (!Double.isNaN(before)) {
                double fromX = domainAxis.valueToJava2D(layer - 1.0, dataArea, plot.getDomainAxisEdge());
                double fromY = rangeAxis.valueToJava2D(before, dataArea, plot.getRangeAxisEdge());
                draw(g2, new Line2D.Double(fromX, fromY, x, y), style.stroke(LINE), colour);
            }
            return;
        }
        g2.setPaint(style.theme().canvas());
        g2.fill(marker(line, x, y, style.scaled(MARKER + 3)));
        g2.setPaint(colour);
        Shape marker = marker(line, x, y, style.scaled(MARKER));
        g2.fill(marker);
        if (state.getEntityCollection() != null) {
            state.getEntityCollection()
                    .add(new XYItemEntity(
                            marker(line, x, y, style.scaled(TARGET)),
                            dataset,
                            line,
                            layer,
                            describe(line, layer),
                            null));
        }
    }

    private void drawInterval(Graphics2D g2, Rectangle2D dataArea, XYPlot plot, int line, int layer, Color colour) {
        Interval interval = ranges.at(line, layer).orElse(null);
        if (interval == null) {
            return;
        }
        double step = series.size() > 1 ? Math.min(SIDESTEP, 2 * MOST_SIDESTEP / (series.size() - 1)) : 0;
        double place = layer + step * (line - (series.size() - 1) / 2.0);
        double x = plot.getDomainAxis().valueToJava2D(place, dataArea, plot.getDomainAxisEdge());
        double low = plot.getRangeAxis().valueToJava2D(interval.low(), dataArea, plot.getRangeAxisEdge());
        double high = plot.getRangeAxis().valueToJava2D(interval.high(), dataArea, plot.getRangeAxisEdge());
        draw(g2, beam(x, low, high), style.stroke(BAR), colour);
    }

    private Path2D beam(double x, double low, double high) {
        double cap = style.scaled(2.5);
        Path2D beam = new Path2D.Double();
        beam.moveTo(x, low);
        beam.lineTo(x, high);
        for (double y : new double[] {low, high}) {
            beam.moveTo(x - cap, y);
            beam.lineTo(x + cap, y);
        }
        return beam;
    }

    private static void draw(Graphics2D g2, Shape shape, BasicStroke stroke, Color colour) {
        g2.setStroke(stroke);
        g2.setPaint(colour);
        g2.draw(shape);
    }

    /** Returns a circle, a square, a triangle or a diamond, depending on the line's index. */
    private static Shape marker(int line, double x, double y, double size) {
        double half = size / 2;
        return switch (line % 4) {
            case 0 -> new Ellipse2D.Double(x - half, y - half, size, size);
            case 1 -> new Rectangle2D.Double(x - half * 0.9, y - half * 0.9, size * 0.9, size * 0.9);
            case 2 -> polygon(x, y - half * 1.1, x + half * 1.1, y + half * 0.9, x - half * 1.1, y + half * 0.9);
            default -> polygon(x, y - half * 1.25, x + half * 1.25, y, x, y + half * 1.25, x - half * 1.25, y);
        };
    }

    private static Shape polygon(double... corners) {
        Path2D path = new Path2D.Double();
        path.moveTo(corners[0], corners[1]);
        for (int i = 2; i < corners.length; i += 2) {
            path.lineTo(corners[i], corners[i + 1]);
        }
        path.closePath();
        return path;
    }

    private String describe(int line, int layer) {
        ImportanceOverlayChart.Series one = series.get(line);
        String words = "%s   layer %s   %s"
                .formatted(one.label(), layer, one.importance().of(layer).orElseThrow());
        Uncertainty uncertainty = one.uncertainty();
        return uncertainty == null
                ? words
                : words
                        + uncertainty
                                .interval(layer)
                                .map(range -> "   " + IntervalLabels.of(uncertainty, range))
                                .orElse("");
    }

    LegendItemCollection legend() {
        LegendItemCollection items = new LegendItemCollection();
        for (int line = 0; line < labels.size(); line++) {
            LegendItem item = Strokes.item(
                    labels.get(line),
                    style,
                    marker(line, 0, 0, style.scaled(MARKER + 1)),
                    style.theme().run(line));
            item.setLabelPaint(style.theme().text());
            items.add(item);
        }
        double half = style.scaled(MARKER);
        Shape bar = style.stroke(BAR).createStrokedShape(beam(0, -half, half));
        series.stream()
                .map(ImportanceOverlayChart.Series::uncertainty)
                .filter(one -> one != null && one.intervals().stream().anyMatch(Objects::nonNull))
                .map(one -> IntervalLabels.name(Objects.requireNonNull(one)))
                .distinct()
                .forEach(name -> {
                    LegendItem item =
                            Strokes.item(name, style, bar, style.theme().text());
                    item.setLabelPaint(style.theme().text());
                    items.add(item);
                });
        return items;
    }
}

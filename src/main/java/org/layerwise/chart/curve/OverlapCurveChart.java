package org.layerwise.chart.curve;

import java.awt.Color;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.axis.SampleCountAxis;
import org.layerwise.chart.axis.XyFrame;
import org.layerwise.chart.style.ChartNumbers;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.Strokes;

/**
 * Overlap of the selection with selections from fewer examples. The mean over draws is a line and their spread is a
 * band, over the binary logarithm of the number of examples. A second line shows the overlap of a random selection.
 *
 * <p>Not safe for use by several threads.
 */
public final class OverlapCurveChart {

    private static final String SERIES = "overlap";
    private static final double TICK_DISTANCE_X = 40;
    private static final double POINT = 6;
    private static final float BAND_ALPHA = 0.22f;
    private static final double HEADROOM = 1.03;
    private static final ChartSize EXPORT_SIZE = new ChartSize(560, 380);

    private final Uncertainty uncertainty;
    private final DeviationRenderer renderer = new DeviationRenderer(true, true);
    private final ValueMarker chance;
    private final XyFrame frame;
    private ChartStyle style;

    /**
     * Creates a chart.
     *
     * @param importance importance from all examples
     */
    public OverlapCurveChart(Uncertainty uncertainty, LayerImportance importance, ChartStyle style) {
        this.uncertainty = uncertainty;
        this.style = style;
        YIntervalSeries series = new YIntervalSeries(SERIES);
        for (Uncertainty.OverlapAt at : uncertainty.curve()) {
            series.add(SampleCountAxis.position(at.samples()), at.overlap(), at.low(), at.high());
        }
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        data.addSeries(series);
        RoundAxis y = RoundAxis.ofNumbers("Share found again");
        SampleCountAxis x = new SampleCountAxis(
                "Rows (logarithmic)",
                uncertainty.curve().stream()
                        .map(Uncertainty.OverlapAt::samples)
                        .collect(Collectors.toCollection(TreeSet::new)));
        y.setRange(0, HEADROOM);
        frame = new XyFrame(data, renderer, x, TICK_DISTANCE_X, y, this::legendItems, style);
        frame.plot().setNoDataMessage("No smaller numbers of examples were tried.");
        chance = new ValueMarker(chanceOverlap(uncertainty, importance));
        frame.plot().addRangeMarker(chance, Layer.BACKGROUND);
        renderer.setAlpha(BAND_ALPHA);
        renderer.setDefaultToolTipGenerator((dataset, row, item) -> describe(item));
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

    /** Changes the style and redraws once. */
    public void restyle(ChartStyle other) {
        this.style = other;
        frame.restyle(other, () -> {
            frame.plot().setNoDataMessageFont(other.texts());
            frame.plot().setNoDataMessagePaint(other.theme().muted());
            renderer.setSeriesPaint(0, other.theme().accent());
            renderer.setSeriesFillPaint(0, other.theme().accent());
            renderer.setSeriesStroke(0, other.stroke(2));
            renderer.setSeriesShape(0, other.circle(POINT));
            chance.setPaint(other.theme().run(1));
            chance.setStroke(Strokes.dashed(other, 1.5));
        });
    }

    /**
     * Returns the expected overlap of two random selections of as many layers. A layer without importance, which
     * always or never is selected, is in both or in none; the others are drawn from the layers with importance.
     *
     * @param importance importance from all examples
     * @return 0 to 1; 0 if no layer is selected
     */
    public static double chanceOverlap(Uncertainty uncertainty, LayerImportance importance) {
        double always = 0;
        double drawn = 0;
        int defined = 0;
        for (int layer = 0; layer < importance.layers(); layer++) {
            double share = uncertainty.selected().get(layer);
            if (importance.of(layer).isPresent()) {
                drawn += share;
                defined++;
            } else {
                always += share;
            }
        }
        double again = defined == 0 ? 0 : drawn * drawn / defined;
        return always + drawn == 0 ? 0 : (always + again) / (always + drawn);
    }

    private String describe(int item) {
        Uncertainty.OverlapAt at = uncertainty.curve().get(item);
        return "%s examples   overlap %s, 90 %% of draws between %s and %s"
                .formatted(at.samples(), at.overlap(), at.low(), at.high());
    }

    private LegendItemCollection legendItems() {
        LegendItemCollection items = new LegendItemCollection();
        Color accent = style.theme().accent();
        items.add(Strokes.lineItem("mean of the draws", style, style.stroke(2), accent));
        Color band = new Color(accent.getRed(), accent.getGreen(), accent.getBlue(), Math.round(255 * BAND_ALPHA));
        items.add(Strokes.item("90 % of the draws", style, style.square(10), band));
        items.add(Strokes.lineItem(
                "by chance " + ChartNumbers.three(chance.getValue()),
                style,
                Strokes.dashed(style, 1.5),
                style.theme().run(1)));
        return items;
    }
}

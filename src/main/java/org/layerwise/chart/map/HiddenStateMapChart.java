package org.layerwise.chart.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.entity.XYItemEntity;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.Range;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.similarity.HiddenStateMap;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.RedrawGroup;

/**
 * Map of the hidden states of one model, or of two: numbered points, joined in the order of the layers, with axes of equal scales. The
 * colour runs from the embeddings to the last layer. The points of a second model are squares. A caption names the distance and the
 * share of it that the map keeps, and the models if there are two.
 *
 * <p>Not safe for use by several threads.
 */
public final class HiddenStateMapChart {

    private static final double TICK_DISTANCE = 60;
    private static final int EXPORT_WIDTH = 560;
    private static final int PLOT_WIDTH = 480;
    private static final int EXPORT_HIGHER = 110;
    private static final double FLATTEST = 0.45;

    private final HiddenStateMap map;
    private final NumberedPointRenderer renderer;
    private final RoundAxis x = RoundAxis.ofNumbers("Dimension 1");
    private final RoundAxis y = RoundAxis.ofNumbers("Dimension 2");
    private final EqualScalePlot plot;
    private final TextTitle caption;
    private final JFreeChart chart;
    private ChartStyle style;

    /**
     * Creates a chart of one model.
     *
     * @param measure name of the similarity, within a sentence
     */
    public HiddenStateMapChart(HiddenStateMap map, String measure, ChartStyle style) {
        this(map, measure, List.of(), style);
    }

    /**
     * Creates a chart.
     *
     * @param measure name of the similarity, within a sentence
     * @param models names of the models, in their order; empty for a single model
     */
    public HiddenStateMapChart(HiddenStateMap map, String measure, List<String> models, ChartStyle style) {
        this.map = map;
        this.style = style;
        XYSeriesCollection paths = new XYSeriesCollection();
        List<List<HiddenStateMap.Point>> points = new ArrayList<>();
        for (int model = 0; model < map.models(); model++) {
            XYSeries path = new XYSeries(model, false, true);
            map.of(model).forEach(point -> path.add(point.x(), point.y()));
            paths.addSeries(path);
            points.add(map.of(model));
        }
        renderer = new NumberedPointRenderer(
                (model, item) -> String.valueOf(points.get(model).get(item).state()),
                (model, item) -> ColourScale.similarities()
                        .colour(item / Math.max(1.0, points.get(model).size() - 1.0), this.style.theme()),
                style);
        plot = new EqualScalePlot(
                paths, x, range(HiddenStateMap.Point::x), y, range(HiddenStateMap.Point::y), renderer);
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setInsets(RectangleInsets.ZERO_INSETS);
        caption = new TextTitle(String.format(
                Locale.ROOT,
                "Hidden states (0 = embeddings) by 1 − %s.\n%sTwo dimensions keep %.0f %% of the squared distances.",
                measure,
                models.size() > 1 ? "Circles: %s. Squares: %s.\n".formatted(models.get(0), models.get(1)) : "",
                100 * map.share()));
        caption.setPosition(RectangleEdge.TOP);
        caption.setHorizontalAlignment(HorizontalAlignment.LEFT);
        caption.setTextAlignment(HorizontalAlignment.LEFT);
        chart = new JFreeChart(null, style.titles(), plot, false);
        chart.addSubtitle(caption);
        restyle(style);
    }

    private Range range(ToDoubleFunction<HiddenStateMap.Point> coordinate) {
        return new Range(
                map.points().stream().mapToDouble(coordinate).min().orElse(0),
                map.points().stream().mapToDouble(coordinate).max().orElse(0));
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return chart;
    }

    /** Returns the point that a chart entity of a mouse event belongs to. */
    public Optional<HiddenStateMap.Point> pointOf(@Nullable ChartEntity entity) {
        return entity instanceof XYItemEntity item
                ? Optional.of(map.of(item.getSeriesIndex()).get(item.getItem()))
                : Optional.empty();
    }

    /** Returns a size for a figure in a paper, in the proportions of the map. */
    public ChartSize exportSize() {
        double across = range(HiddenStateMap.Point::x).getLength();
        double up = range(HiddenStateMap.Point::y).getLength();
        double proportion = across > 0 ? Math.max(FLATTEST, Math.min(1, 1.2 * up / across)) : 1;
        return new ChartSize(EXPORT_WIDTH, EXPORT_HIGHER + (int) Math.round(PLOT_WIDTH * proportion));
    }

    /** Changes the style and redraws once. */
    public void restyle(ChartStyle other) {
        this.style = other;
        RedrawGroup.once(chart, () -> {
            other.applyTo(chart);
            other.applyTo(x);
            other.applyTo(y);
            x.setSpacing(other.scaled(TICK_DISTANCE));
            y.setSpacing(other.scaled(TICK_DISTANCE));
            plot.setDomainGridlinePaint(other.theme().grid());
            plot.setRangeGridlinePaint(other.theme().grid());
            plot.setDomainGridlineStroke(other.stroke(1));
            plot.setRangeGridlineStroke(other.stroke(1));
            caption.setFont(other.texts());
            caption.setPaint(other.theme().muted());
            caption.setPadding(other.insets(0, 0, 6, 0));
            renderer.restyle(other);
        });
    }
}

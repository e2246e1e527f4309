package org.layerwise.chart;

import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Curves over the steps of one or several runs: each raw and thin, smoothed and thick, and its evaluations as points. The
 * chart is live: points are added as they come.
 *
 * <p>Not safe for use by several threads.
 */
public final class CurveChart {

    /** How much of the past a smoothed curve keeps, as TensorBoard counts it. */
    public static final double SMOOTHING = 0.9;

    private static final double TICK_DISTANCE_X = 64;
    private static final double POINT = 7;
    private static final int RAW_ALPHA = 90;
    private static final ChartSize EXPORT_SIZE = new ChartSize(640, 400);

    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final XYSeriesCollection rawSeries = new XYSeriesCollection();
    private final XYSeriesCollection smoothSeries = new XYSeriesCollection();
    private final XYSeriesCollection evaluationSeries = new XYSeriesCollection();
    private final XYLineAndShapeRenderer rawLines = new XYLineAndShapeRenderer(true, false);
    private final XYLineAndShapeRenderer smoothLines = new XYLineAndShapeRenderer(true, false);
    private final XYLineAndShapeRenderer evaluationPoints = new XYLineAndShapeRenderer(true, true);
    private final XyFrame frame;
    private ChartStyle style;
    private double smoothing = SMOOTHING;

    /** A value at a step; one that is not finite leaves a gap. */
    public record Point(long step, double value) {}

    private record Run(XYSeries raw, XYSeries smooth, XYSeries evaluations, Smoothing average) {}

    /** @param quantity what the curves are, for people, for example {@code Training loss} */
    public CurveChart(String quantity, ChartStyle style) {
        this.style = style;
        RoundAxis x = RoundAxis.ofCounts("Step");
        x.setLowerMargin(0.01);
        x.setUpperMargin(0.02);
        frame = new XyFrame(
                rawSeries, rawLines, x, TICK_DISTANCE_X, RoundAxis.ofNumbers(quantity), this::legendItems, style);
        XYPlot plot = frame.plot();
        plot.setDataset(1, smoothSeries);
        plot.setRenderer(1, smoothLines);
        plot.setDataset(2, evaluationSeries);
        plot.setRenderer(2, evaluationPoints);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        // one translucent path: separate segments would darken where they meet
        rawLines.setDrawSeriesLineAsPath(true);
        smoothLines.setDrawSeriesLineAsPath(true);
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

    /**
     * Adds points to a run's curve, which begins with its first points. Redraws once, however many they are.
     *
     * @param run its name, as the legend shows it
     */
    public void append(String run, Collection<Point> points) {
        quietly(() -> {
            Run curves = run(run);
            for (Point point : points) {
                curves.raw().add(point.step(), finiteOrGap(point.value()), false);
                if (Double.isFinite(point.value())) {
                    curves.smooth().add(point.step(), curves.average().next(point.value()), false);
                }
            }
            curves.raw().fireSeriesChanged();
            curves.smooth().fireSeriesChanged();
        });
    }

    /** Adds an evaluation of a run, in the units of its curve. */
    public void appendEvaluation(String run, Point point) {
        quietly(() -> run(run).evaluations().add(point.step(), finiteOrGap(point.value())));
    }

    /** Removes all runs. */
    public void clear() {
        quietly(() -> {
            runs.clear();
            rawSeries.removeAllSeries();
            smoothSeries.removeAllSeries();
            evaluationSeries.removeAllSeries();
        });
    }

    /**
     * Smooths all curves anew.
     *
     * @param weight of the past, 0 (none: the raw curve) to below 1
     * @throws IllegalArgumentException if it is outside
     */
    public void smooth(double weight) {
        new Smoothing(weight);
        smoothing = weight;
        quietly(() -> runs.replaceAll((name, run) -> {
            Smoothing average = new Smoothing(weight);
            run.smooth().clear();
            for (int i = 0; i < run.raw().getItemCount(); i++) {
                double value = run.raw().getY(i).doubleValue();
                if (Double.isFinite(value)) {
                    run.smooth().add(run.raw().getX(i).doubleValue(), average.next(value), false);
                }
            }
            run.smooth().fireSeriesChanged();
            return new Run(run.raw(), run.smooth(), run.evaluations(), average);
        }));
    }

    /** Changes the look; the curves stay. Redraws once. */
    public void restyle(ChartStyle other) {
        this.style = other;
        frame.restyle(other, () -> {
            for (int run = 0; run < runs.size(); run++) {
                paint(run);
            }
        });
    }

    private Run run(String name) {
        Run known = runs.get(name);
        if (known != null) {
            return known;
        }
        Run run = new Run(series(name), series(name), series(name), new Smoothing(smoothing));
        runs.put(name, run);
        rawSeries.addSeries(run.raw());
        smoothSeries.addSeries(run.smooth());
        evaluationSeries.addSeries(run.evaluations());
        paint(runs.size() - 1);
        return run;
    }

    private static XYSeries series(String name) {
        return new XYSeries(name, false, true);
    }

    private void paint(int run) {
        Color colour = style.theme().run(run);
        rawLines.setSeriesPaint(run, new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), RAW_ALPHA));
        rawLines.setSeriesStroke(run, style.stroke(1));
        smoothLines.setSeriesPaint(run, colour);
        smoothLines.setSeriesStroke(run, style.stroke(2));
        evaluationPoints.setSeriesShape(run, point());
        evaluationPoints.setSeriesPaint(run, colour);
        evaluationPoints.setSeriesFillPaint(run, style.theme().canvas());
        evaluationPoints.setUseFillPaint(true);
        evaluationPoints.setSeriesOutlineStroke(run, style.stroke(1.5));
        evaluationPoints.setUseOutlinePaint(false);
        evaluationPoints.setSeriesLinesVisible(run, false);
    }

    private LegendItemCollection legendItems() {
        LegendItemCollection items = new LegendItemCollection();
        List<String> names = new ArrayList<>(runs.keySet());
        for (int run = 0; run < names.size(); run++) {
            LegendItem item = smoothLines.getLegendItem(1, run);
            if (item != null) {
                items.add(item);
            }
        }
        if (runs.values().stream().anyMatch(run -> !run.evaluations().isEmpty())) {
            items.add(evaluationItem());
        }
        return items;
    }

    private LegendItem evaluationItem() {
        LegendItem item = new LegendItem(
                "evaluation",
                null,
                null,
                null,
                point(),
                style.theme().canvas(),
                style.stroke(1.5),
                style.theme().muted());
        item.setLabelFont(style.texts());
        item.setLabelPaint(style.theme().text());
        return item;
    }

    private Ellipse2D point() {
        double size = style.scaled(POINT);
        return new Ellipse2D.Double(-size / 2, -size / 2, size, size);
    }

    private static double finiteOrGap(double value) {
        return Double.isFinite(value) ? value : Double.NaN;
    }

    private void quietly(Runnable change) {
        Redraw.once(frame.chart(), change);
    }
}

package org.layerwise.chart.curve;

import java.awt.Color;
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
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.axis.MagnitudeAxis;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.axis.SpacedAxis;
import org.layerwise.chart.axis.TimeAxis;
import org.layerwise.chart.axis.XyFrame;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.RedrawGroup;
import org.layerwise.chart.style.Strokes;

/**
 * Curves of one or several runs over steps or time. Each run has a thin raw curve, a thick smoothed curve, and points
 * for its evaluations; the best evaluation is a filled point. The chart is live: points can be added at any time, and
 * 100,000 points are drawn as quickly as a few.
 *
 * <p>Not safe for use by several threads.
 */
public final class CurveChart {

    /** Default weight of the past in a smoothed curve, defined as in TensorBoard. */
    public static final double SMOOTHING = 0.9;

    private static final double TICK_DISTANCE_X = 64;
    private static final int RAW_ALPHA = 90;
    /**
     * Opacity of raw curves in the dark theme. A thin bright line on dark looks fainter than a thin dark line on
     * bright.
     */
    private static final int RAW_ALPHA_DARK = 150;

    private static final double POINT = 7;
    private static final double LEFT_MARGIN = 0.03;
    private static final ChartSize EXPORT_SIZE = new ChartSize(640, 400);

    private final String quantity;
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final CurveSeries rawSeries = new CurveSeries();
    private final CurveSeries smoothSeries = new CurveSeries();
    private final CurveSeries evaluationSeries = new CurveSeries();
    private final CurveSeries bestSeries = new CurveSeries();
    private final XYLineAndShapeRenderer rawLines = new XYLineAndShapeRenderer(true, false);
    private final XYLineAndShapeRenderer smoothLines = new XYLineAndShapeRenderer(true, false);
    private final XYLineAndShapeRenderer evaluationPoints = new XYLineAndShapeRenderer(true, true);
    private final XYLineAndShapeRenderer bestPoints = new XYLineAndShapeRenderer(false, true);
    private final RoundAxis steps = RoundAxis.ofCounts("Step");
    private final TimeAxis time = new TimeAxis("Time");
    private final MagnitudeAxis y;
    private final XyFrame frame;
    private ChartStyle style;
    private double smoothing = SMOOTHING;
    private Along along = Along.STEPS;
    private boolean logarithmic;

    /** Quantity along the x axis. */
    public enum Along {
        STEPS,
        /** Seconds since the start of the run. */
        TIME
    }

    /**
     * Value at a step and at a number of seconds since the start of the run. A value that is not finite leaves a gap.
     */
    public record Point(long step, double seconds, double value) {

        /** Creates a point for a chart along the steps. */
        public Point(long step, double value) {
            this(step, step, value);
        }
    }

    /**
     * Point of a run that is nearest to a position along the x axis.
     *
     * @param run name of the run
     * @param point the point
     * @param smoothed smoothed value; NaN at a gap and for an evaluation
     * @param evaluation true if the point is an evaluation
     */
    public record Reading(String run, Point point, double smoothed, boolean evaluation) {}

    private static final class Run {

        private final String name;
        private final int colour;
        private final CurveData points;
        private final CurveData evaluations = new CurveData(0);
        private @Nullable Point best;

        Run(String name, int colour, CurveData points) {
            this.name = name;
            this.colour = colour;
            this.points = points;
        }
    }

    /**
     * Creates a chart without runs.
     *
     * @param quantity title of the y axis, for example {@code Training loss}
     */
    public CurveChart(String quantity, ChartStyle style) {
        this.quantity = quantity;
        this.style = style;
        y = new MagnitudeAxis(quantity);
        for (SpacedAxis axis : List.of(steps, time)) {
            // a marker at step 0 must not be clipped
            axis.setAutoRangeStickyZero(false);
            axis.setLowerMargin(LEFT_MARGIN);
            axis.setUpperMargin(0.02);
        }
        y.setAutoRangeStickyZero(false);
        frame = new XyFrame(rawSeries, rawLines, steps, TICK_DISTANCE_X, y, this::legendItems, style);
        XYPlot plot = frame.plot();
        plot.setDataset(1, smoothSeries);
        plot.setRenderer(1, smoothLines);
        plot.setDataset(2, evaluationSeries);
        plot.setRenderer(2, evaluationPoints);
        plot.setDataset(3, bestSeries);
        plot.setRenderer(3, bestPoints);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        // draw one translucent path: overlapping ends of separate segments would look darker
        rawLines.setDrawSeriesLineAsPath(true);
        smoothLines.setDrawSeriesLineAsPath(true);
        rawLines.setDefaultCreateEntities(false);
        smoothLines.setDefaultCreateEntities(false);
        plot.setDomainCrosshairLockedOnData(false);
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

    /**
     * Adds a run with the n-th colour of the theme. A run that the chart already contains keeps its colour.
     *
     * @param run name of the run in the legend
     * @param colour index of the colour in the theme, from 0
     */
    public void add(String run, int colour) {
        quietly(() -> run(run, colour));
    }

    /**
     * Adds points to the curve of a run, and adds the run if the chart does not contain it. Redraws once for all
     * points.
     *
     * @param run name of the run in the legend
     */
    public void append(String run, Collection<Point> points) {
        quietly(() -> {
            Run to = run(run, runs.size());
            to.points.add(points);
            draw(to);
        });
    }

    /** Adds an evaluation of a run, in the units of the run's curve. */
    public void appendEvaluation(String run, Point point) {
        quietly(() -> {
            Run to = run(run, runs.size());
            to.evaluations.add(List.of(point));
            draw(to);
        });
    }

    /** Marks the best evaluation of a run; null removes the mark. */
    public void best(String run, @Nullable Point point) {
        quietly(() -> {
            Run to = run(run, runs.size());
            to.best = point;
            draw(to);
        });
    }

    /**
     * Smooths all curves with a new weight.
     *
     * @param weight weight of the past, from 0 (raw curve) to below 1
     * @throws IllegalArgumentException if the weight is below 0, or 1 or more
     */
    public void smooth(double weight) {
        new Smoothing(weight);
        smoothing = weight;
        quietly(() -> runs.values().forEach(run -> {
            run.points.smooth(weight);
            draw(run);
        }));
    }

    /** Puts the steps or the time on the x axis. */
    public void along(Along other) {
        along = other;
        frame.along(other == Along.STEPS ? steps : time);
        restyle(style);
        quietly(() -> runs.values().forEach(this::draw));
    }

    /** Switches the logarithmic y axis on or off. Values that are not above 0 become gaps on a logarithmic axis. */
    public void logarithmic(boolean on) {
        logarithmic = on;
        y.logarithmic(on);
        quietly(() -> runs.values().forEach(this::draw));
    }

    /** Draws a vertical line at a position along the x axis; null removes the line. */
    public void mark(@Nullable Double x) {
        quietly(() -> {
            frame.plot().setDomainCrosshairVisible(x != null);
            if (x != null) {
                frame.plot().setDomainCrosshairValue(x, false);
            }
        });
    }

    /**
     * Returns the points of all runs that are nearest to a position along the x axis, in the order in which the runs
     * were added.
     */
    public List<Reading> at(double x) {
        List<Reading> readings = new ArrayList<>();
        runs.forEach((name, run) -> {
            int point = run.points.nearest(x, along);
            int evaluation = run.evaluations.nearest(x, along);
            if (point >= 0) {
                readings.add(new Reading(name, run.points.point(point), run.points.smoothed(point), false));
            }
            if (evaluation >= 0 && (point < 0 || run.evaluations.x(evaluation, along) == run.points.x(point, along))) {
                readings.add(new Reading(name, run.evaluations.point(evaluation), Double.NaN, true));
            }
        });
        return readings;
    }

    /** Returns a copy of the current chart in another style. Another thread may draw the copy. */
    public CurveChart copy(ChartStyle other) {
        CurveChart copy = new CurveChart(quantity, other);
        copy.smoothing = smoothing;
        copy.along(along);
        copy.logarithmic(logarithmic);
        runs.forEach((name, run) -> {
            Run same = copy.run(name, run.colour);
            same.points.take(run.points);
            same.evaluations.take(run.evaluations);
            same.best = run.best;
            copy.draw(same);
        });
        return copy;
    }

    /** Returns the values of all runs as CSV. Contains every point, also points that are not drawn. */
    public String csv() {
        CurveCsv csv = new CurveCsv();
        runs.forEach((name, run) -> csv.add(name, run.points, run.evaluations));
        return csv.text();
    }

    /** Changes the style, keeps the curves and redraws once. */
    public void restyle(ChartStyle other) {
        this.style = other;
        frame.restyle(other, () -> {
            frame.plot().setDomainCrosshairPaint(other.theme().muted());
            frame.plot().setDomainCrosshairStroke(other.stroke(1));
            int index = 0;
            for (Run run : runs.values()) {
                paint(index++, run);
            }
        });
    }

    private Run run(String name, int colour) {
        Run known = runs.get(name);
        if (known != null) {
            return known;
        }
        Run run = new Run(name, colour, new CurveData(smoothing));
        runs.put(name, run);
        for (CurveSeries series : List.of(rawSeries, smoothSeries, evaluationSeries, bestSeries)) {
            series.set(name, CurveData.Drawn.NOTHING);
        }
        paint(runs.size() - 1, run);
        return run;
    }

    private void draw(Run run) {
        // without a curve of points, the evaluations are joined by a line
        evaluationPoints.setSeriesLinesVisible(evaluationSeries.indexOf(run.name), run.points.size() == 0);
        rawSeries.set(run.name, run.points.raw(along, logarithmic));
        smoothSeries.set(run.name, run.points.smooth(along, logarithmic));
        evaluationSeries.set(run.name, run.evaluations.raw(along, logarithmic));
        CurveData best = new CurveData(0);
        if (run.best != null) {
            best.add(List.of(run.best));
        }
        bestSeries.set(run.name, best.raw(along, logarithmic));
    }

    private void paint(int index, Run run) {
        Color colour = style.theme().run(run.colour);
        int alpha = style.theme() == ChartTheme.DARK ? RAW_ALPHA_DARK : RAW_ALPHA;
        rawLines.setSeriesPaint(index, new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha));
        rawLines.setSeriesStroke(index, style.stroke(1));
        smoothLines.setSeriesPaint(index, colour);
        smoothLines.setSeriesStroke(index, style.stroke(2));
        evaluationPoints.setSeriesShape(index, style.circle(POINT));
        evaluationPoints.setSeriesPaint(index, colour);
        evaluationPoints.setSeriesStroke(index, style.stroke(2));
        evaluationPoints.setSeriesFillPaint(index, style.theme().canvas());
        evaluationPoints.setUseFillPaint(true);
        evaluationPoints.setSeriesOutlineStroke(index, style.stroke(1.5));
        evaluationPoints.setUseOutlinePaint(false);
        evaluationPoints.setSeriesLinesVisible(index, run.points.size() == 0);
        bestPoints.setSeriesShape(index, style.circle(POINT));
        bestPoints.setSeriesPaint(index, colour);
    }

    private LegendItemCollection legendItems() {
        LegendItemCollection items = new LegendItemCollection();
        int index = 0;
        boolean evaluated = false;
        for (Run run : runs.values()) {
            LegendItem item = smoothLines.getLegendItem(1, index);
            if (item != null) {
                items.add(item);
            }
            evaluated |= run.evaluations.size() > 0;
            index++;
        }
        if (evaluated) {
            items.add(legendPoint("evaluation", style.theme().canvas()));
        }
        if (runs.values().stream().anyMatch(run -> run.best != null)) {
            items.add(legendPoint("best", style.theme().muted()));
        }
        return items;
    }

    /** Returns a legend item in a neutral colour instead of the colour of a run. */
    private LegendItem legendPoint(String words, Color fill) {
        return Strokes.outlined(
                words, style, style.circle(POINT), fill, style.theme().muted());
    }

    private void quietly(Runnable change) {
        RedrawGroup.once(frame.chart(), change);
    }
}

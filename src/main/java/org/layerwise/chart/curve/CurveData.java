package org.layerwise.chart.curve;

import java.util.Arrays;
import java.util.Collection;

/**
 * Points of one curve in the order of their steps, raw and smoothed, and the subset of the points to draw. A curve with
 * very many points is drawn by the lowest and the highest point of each of {@link #BUCKETS} short sections, which looks
 * the same.
 */
final class CurveData {

    /** Number of sections in which a long curve is drawn; more than the pixels across a chart. */
    static final int BUCKETS = 1500;

    private static final int START = 256;

    private long[] steps = new long[START];
    private double[] seconds = new double[START];
    private double[] values = new double[START];
    private double[] smooth = new double[START];
    private Smoothing average;
    private int size;

    CurveData(double weight) {
        average = new Smoothing(weight);
    }

    /** Points to draw. All x values are finite; a y value is NaN at a gap. */
    record Drawn(double[] x, double[] y) {

        static final Drawn NOTHING = new Drawn(new double[0], new double[0]);
    }

    /** Replaces the points by copies of the points of another curve. */
    void take(CurveData other) {
        steps = Arrays.copyOf(other.steps, Math.max(other.size, 1));
        seconds = Arrays.copyOf(other.seconds, Math.max(other.size, 1));
        values = Arrays.copyOf(other.values, Math.max(other.size, 1));
        smooth = Arrays.copyOf(other.smooth, Math.max(other.size, 1));
        size = other.size;
    }

    void add(Collection<CurveChart.Point> points) {
        if (size + points.size() > steps.length) {
            int room = Math.max(size + points.size(), 2 * steps.length);
            steps = Arrays.copyOf(steps, room);
            seconds = Arrays.copyOf(seconds, room);
            values = Arrays.copyOf(values, room);
            smooth = Arrays.copyOf(smooth, room);
        }
        for (CurveChart.Point point : points) {
            steps[size] = point.step();
            seconds[size] = point.seconds();
            values[size] = Double.isFinite(point.value()) ? point.value() : Double.NaN;
            smooth[size] = smoothed(values[size]);
            size++;
        }
    }

    /** Smooths all points with a new weight. */
    void smooth(double weight) {
        average = new Smoothing(weight);
        for (int i = 0; i < size; i++) {
            smooth[i] = smoothed(values[i]);
        }
    }

    private double smoothed(double value) {
        return Double.isNaN(value) ? Double.NaN : average.next(value);
    }

    int size() {
        return size;
    }

    /** Returns the i-th point. */
    CurveChart.Point point(int i) {
        return new CurveChart.Point(steps[i], seconds[i], values[i]);
    }

    /** Returns the smoothed value of the i-th point; NaN at a gap. */
    double smoothed(int i) {
        return smooth[i];
    }

    /** Returns the index of the point nearest to a position along the x axis, or -1 if there are no points. */
    int nearest(double x, CurveChart.Along along) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (x(middle, along) < x) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == size) {
            return size - 1;
        }
        return low > 0 && x - x(low - 1, along) < x(low, along) - x ? low - 1 : low;
    }

    /** Returns the position of the i-th point along the x axis. */
    double x(int i, CurveChart.Along along) {
        return along == CurveChart.Along.STEPS ? steps[i] : seconds[i];
    }

    Drawn raw(CurveChart.Along along, boolean logarithmic) {
        return drawn(values, along, logarithmic, true);
    }

    /** Returns the smoothed curve to draw, with lines across the gaps. */
    Drawn smooth(CurveChart.Along along, boolean logarithmic) {
        return drawn(smooth, along, logarithmic, false);
    }

    private Drawn drawn(double[] from, CurveChart.Along along, boolean logarithmic, boolean gaps) {
        double[] x = new double[Math.min(size, 2 * BUCKETS)];
        double[] y = new double[x.length];
        int count = 0;
        if (size <= 2 * BUCKETS) {
            for (int i = 0; i < size; i++) {
                if (gaps || !Double.isNaN(from[i])) {
                    x[count] = x(i, along);
                    y[count++] = scaled(from[i], logarithmic);
                }
            }
        } else {
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                int start = (int) ((long) bucket * size / BUCKETS);
                int end = (int) ((long) (bucket + 1) * size / BUCKETS);
                int least = start;
                int most = start;
                for (int i = start; i < end; i++) {
                    least = !(from[least] <= from[i]) && !Double.isNaN(from[i]) ? i : least;
                    most = !(from[most] >= from[i]) && !Double.isNaN(from[i]) ? i : most;
                }
                if (gaps || !Double.isNaN(from[least])) {
                    int first = Math.min(least, most);
                    int last = Math.max(least, most);
                    x[count] = x(first, along);
                    y[count++] = scaled(from[first], logarithmic);
                    if (last > first) {
                        x[count] = x(last, along);
                        y[count++] = scaled(from[last], logarithmic);
                    }
                }
            }
        }
        return new Drawn(Arrays.copyOf(x, count), Arrays.copyOf(y, count));
    }

    /** Returns the value, or its logarithm. A value that is not above 0 has no logarithm and becomes NaN, a gap. */
    private static double scaled(double value, boolean logarithmic) {
        if (!logarithmic) {
            return value;
        }
        return value > 0 ? Math.log10(value) : Double.NaN;
    }
}

package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.has;
import static org.layerwise.gui.common.Messages.text;

import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Decimals;
import org.layerwise.gui.common.Sheet.Cell;

/** Texts of metrics and their intervals. */
public final class MetricTexts {

    private MetricTexts() {}

    /** Returns the display name of a metric. */
    public static String name(String metric) {
        String key = "metric." + metric;
        return has(key) ? text(key) : metric;
    }

    /**
     * Returns both ends of an interval. An interval with a negative end is written without a dash, which would look
     * like a minus sign.
     */
    public static String interval(Interval interval) {
        return text(
                interval.low() < 0 ? "metric.interval.signed" : "metric.interval",
                NumberTexts.significant(interval.low()),
                NumberTexts.significant(interval.high()));
    }

    /** Returns the cell of an interval: both ends rounded in the window, and with all digits in files. */
    public static Cell cell(Interval interval) {
        if (!Double.isFinite(interval.low()) || !Double.isFinite(interval.high())) {
            return Cell.NONE; // a draw of an infinite perplexity gives no end
        }
        return new Cell(
                interval(interval),
                "%s to %s".formatted(Decimals.shortest(interval.low()), Decimals.shortest(interval.high())));
    }
}

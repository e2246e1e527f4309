package org.layerwise.chart.ranking;

import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.chart.style.ChartNumbers;

/** Texts for intervals in legends and tooltips. */
final class IntervalLabels {

    private IntervalLabels() {}

    /** Returns the confidence level and the scope of the intervals, such as {@code 95 % interval (many rows)}. */
    static String name(Uncertainty uncertainty) {
        return "%s interval (%s)"
                .formatted(
                        ChartNumbers.percent(uncertainty.level()),
                        uncertainty.kind().scope());
    }

    /** Returns the ends of an interval after its name. */
    static String of(Uncertainty uncertainty, Interval interval) {
        return "%s %s to %s".formatted(name(uncertainty), interval.low(), interval.high());
    }
}

package org.layerwise.chart;

import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;

/** Names of intervals in legends and tooltips. */
final class IntervalWords {

    private IntervalWords() {}

    /** The level and the rows that the intervals speak of, such as {@code 95 % interval (many rows)}. */
    static String name(Uncertainty uncertainty) {
        return "%s interval (%s)"
                .formatted(
                        Digits.percent(uncertainty.level()), uncertainty.kind().scope());
    }

    /** An interval with its name. */
    static String of(Uncertainty uncertainty, Interval interval) {
        return "%s %s to %s".formatted(name(uncertainty), interval.low(), interval.high());
    }
}

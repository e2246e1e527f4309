package org.layerwise.study.experiment;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.ByteSize;
import org.layerwise.study.experiment.outcome.OutcomeCharts;

/** Formats numbers for people in a report; a dash for an unknown value. */
final class ReportNumbers {

    private static final String NONE = "–";

    private ReportNumbers() {}

    static String count(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,d", Math.round(value)) : NONE;
    }

    static String metric(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : NONE;
    }

    /** Formats a difference with its sign. */
    static String difference(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%+.4f", value) : NONE;
    }

    static String ratio(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : NONE;
    }

    static String milliseconds(double seconds) {
        return seconds > 0 ? String.format(Locale.ROOT, seconds < 0.01 ? "%.2f ms" : "%.0f ms", seconds * 1000) : NONE;
    }

    static String bytes(double bytes) {
        return bytes > 0 ? ByteSize.of(Math.round(bytes)) : NONE;
    }

    static String rate(double rate) {
        return new BigDecimal(String.valueOf(rate)).stripTrailingZeros().toPlainString();
    }

    static String interval(@Nullable Interval interval) {
        return interval == null ? NONE : "[%s, %s]".formatted(difference(interval.low()), difference(interval.high()));
    }

    /** Formats a p-value. */
    static String p(double value) {
        return Double.isNaN(value) ? NONE : value < 0.0001 ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", value);
    }

    /** Formats a confidence level, such as {@code 95 %}. */
    static String level(double level) {
        return OutcomeCharts.level(level);
    }

    /** Formats the level of the simultaneous intervals of some arms. */
    static String level(List<ArmResult> arms) {
        return level(levelOf(arms));
    }

    /** Returns the level of the simultaneous intervals of some arms. */
    static double levelOf(List<ArmResult> arms) {
        return arms.stream()
                .map(arm -> arm.fromAll() == null ? arm.fromRandom() : arm.fromAll())
                .filter(Objects::nonNull)
                .mapToDouble(difference -> Objects.requireNonNull(difference).level())
                .findFirst()
                .orElse(Comparisons.LEVEL);
    }
}

package org.layerwise.gui.common;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.ByteSize;
import org.layerwise.chart.style.ChartNumbers;
import org.layerwise.selection.LayerList;

/** Formats numbers for the window. The format does not depend on the locale, so that the window and the files agree. */
public final class NumberTexts {

    // a no-break space keeps a number and its unit on one line
    private static final String UNIT = "\u00a0";

    private NumberTexts() {}

    /**
     * Formats a count of parameters in millions, thousands or billions: {@code 0.66 M}, {@code 12.3 k}, {@code 7.24 B}.
     */
    public static String parameters(long count) {
        if (count < 10_000) {
            return exact(count);
        }
        if (count < 100_000) {
            return significant(count / 1e3) + UNIT + "k";
        }
        return count < 1_000_000_000 ? significant(count / 1e6) + UNIT + "M" : significant(count / 1e9) + UNIT + "B";
    }

    /** Formats a rate per second: {@code 87.5}, {@code 2,100}, {@code 12.3 k}. */
    public static String rate(double each) {
        return each < 1000 || !Double.isFinite(each) ? significant(each) : parameters(Math.round(each));
    }

    /** Formats all digits with thousands separators. Tables do this for each of their rows, so it does without a {@code Formatter}. */
    public static String exact(long count) {
        StringBuilder digits = new StringBuilder(Long.toString(count));
        int first = count < 0 ? 1 : 0;
        for (int at = digits.length() - 3; at > first; at -= 3) {
            digits.insert(at, ',');
        }
        return digits.toString();
    }

    /**
     * Formats a value with three significant digits and all digits before the point: {@code 0.617}, {@code 1235}. Very
     * small and very large values have an exponent. Rounds as charts do.
     */
    public static String significant(double value) {
        return Double.isFinite(value) ? ChartNumbers.three(value) : "–";
    }

    /** Formats a value with two decimals. */
    public static String hundredths(double value) {
        return String.format(Locale.ENGLISH, "%.2f", value);
    }

    /** Formats a fraction as a whole percentage. */
    public static String percent(double fraction) {
        return Math.round(100 * fraction) + UNIT + "%";
    }

    /**
     * Formats a fraction of 1 as a percentage as charts do: with one decimal if it would otherwise be rounded to 0 or
     * 100.
     */
    public static String share(double part) {
        return ChartNumbers.percent(part).replace(" ", UNIT);
    }

    /** Formats a duration: {@code 0:21}, {@code 1:02:03}; below ten seconds in seconds with one decimal. */
    public static String duration(double seconds) {
        if (seconds < 9.95) {
            return String.format(Locale.ENGLISH, "%.1f" + UNIT + "s", Math.max(0, seconds));
        }
        return clock(seconds);
    }

    /** Formats a short duration in seconds with three significant digits. */
    public static String seconds(double seconds) {
        return significant(seconds) + UNIT + "s";
    }

    /** Formats a duration in clock format: {@code 0:21}, {@code 1:02:03}. */
    public static String clock(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? String.format(Locale.ENGLISH, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
                : String.format(Locale.ENGLISH, "%d:%02d", whole / 60, whole % 60);
    }

    /** Formats a memory or file size as messages do: {@code 127 MiB}. */
    public static String bytes(long bytes) {
        return ByteSize.of(bytes).replace(" ", UNIT);
    }

    /** Formats layer numbers in ascending order with ranges: {@code 0, 3–5, 8}. */
    public static String layers(Collection<Integer> layers) {
        return LayerList.format(layers).replace(",", ", ").replace('-', '–');
    }

    /** Returns the name of the first of one or more objects, and how many more there are. */
    public static <T> String andMore(List<T> all, Function<T, String> name) {
        String first = name.apply(all.get(0));
        return all.size() == 1 ? first : Messages.text("and.more", first, all.size() - 1);
    }

    /** Joins values with commas. */
    public static String list(Collection<?> words) {
        return words.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}

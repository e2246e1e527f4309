package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.Decimals;
import org.layerwise.chart.curve.CurveChart.Along;
import org.layerwise.chart.curve.CurveChart.Point;
import org.layerwise.chart.curve.CurveChart.Reading;
import org.layerwise.gui.common.NumberTexts;

/**
 * Line below the curves of one or several runs: the values at the points that are nearest to the pointer.
 *
 * @param along quantity along the x axis
 * @param severalRuns true if each value needs the name of its run
 * @param smoothed true if the smoothed values are told, too
 */
record CurveReadout(Along along, boolean severalRuns, boolean smoothed) {

    private static final int MOST_READ = 6;

    /**
     * Returns the position along the x axis, in steps or seconds, of the reading that is nearest to the pointer.
     *
     * @param readings at least one reading
     * @param pointer position of the pointer along the x axis
     */
    double nearest(List<Reading> readings, double pointer) {
        return readings.stream()
                .mapToDouble(reading -> x(reading.point()))
                .boxed()
                .min(Comparator.comparingDouble(x -> Math.abs(x - pointer)))
                .orElseThrow();
    }

    /**
     * Returns the line. It starts with the position of the reading nearest to the pointer. A reading at another
     * position, as of a run that ended earlier, names its own.
     *
     * @param readings at least one reading
     * @param pointer position of the pointer along the x axis
     */
    String line(List<Reading> readings, double pointer) {
        double nearest = nearest(readings, pointer);
        Stream<String> values = readings.stream().limit(MOST_READ).map(reading -> words(reading, nearest));
        Stream<String> more = readings.size() > MOST_READ
                ? Stream.of(text("run.curves.more", readings.size() - MOST_READ))
                : Stream.empty();
        String where = text(along == Along.TIME ? "run.curves.at.time" : "run.curves.at.step", place(nearest));
        return Stream.of(Stream.of(where), values, more).flatMap(part -> part).collect(Collectors.joining(" · "));
    }

    private double x(Point point) {
        return along == Along.TIME ? point.seconds() : point.step();
    }

    private String place(double x) {
        return along == Along.TIME ? NumberTexts.clock(x) : NumberTexts.exact((long) x);
    }

    private String words(Reading reading, double nearest) {
        String who = severalRuns ? reading.run() + ": " : "";
        String own = place(x(reading.point()));
        if (own.equals(place(nearest))) {
            return who + value(reading);
        }
        return who + text(along == Along.TIME ? "run.curves.own.time" : "run.curves.own.step", value(reading), own);
    }

    private String value(Reading reading) {
        String value = number(reading.point().value());
        if (reading.evaluation()) {
            return text("run.curves.evaluation", value);
        }
        return smoothed && Double.isFinite(reading.smoothed())
                ? text("run.curves.smoothed", value, NumberTexts.significant(reading.smoothed()))
                : value;
    }

    private String number(double value) {
        // three digits per value fit into the line for several runs; the table has all digits
        return severalRuns || !Double.isFinite(value) ? NumberTexts.significant(value) : Decimals.shortest(value);
    }
}

package org.layerwise.chart.axis;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.Locale;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.ui.RectangleEdge;

/** Axis of seconds with ticks in clock format: {@code 0:30}, {@code 1:02:00}. */
public final class TimeAxis extends SpacedAxis {

    private static final int HOUR = 3600;
    private static final int[] ROUND = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR
    };

    public TimeAxis(String title) {
        super(title);
        setAutoRangeIncludesZero(false);
    }

    @Override
    public void selectAutoTickUnit(Graphics2D g2, Rectangle2D dataArea, RectangleEdge edge) {
        double smallest = getRange().getLength() * spacing() / Math.max(dataArea.getWidth(), 1);
        int unit = 24 * HOUR;
        for (int at = ROUND.length - 1; at >= 0; at--) {
            unit = ROUND[at] >= smallest ? ROUND[at] : unit;
        }
        while (unit < smallest) {
            unit *= 2;
        }
        setTickUnit(new Tick(unit), false, false);
    }

    private static final class Tick extends NumberTickUnit {

        Tick(double size) {
            super(size);
        }

        @Override
        public String valueToString(double value) {
            long seconds = Math.round(value);
            return seconds >= HOUR
                    ? String.format(Locale.ROOT, "%d:%02d:%02d", seconds / HOUR, seconds / 60 % 60, seconds % 60)
                    : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
        }
    }
}

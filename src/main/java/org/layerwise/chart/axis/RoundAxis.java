package org.layerwise.chart.axis;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.Range;

/** Axis with few ticks, at round numbers. */
public class RoundAxis extends SpacedAxis {

    private static final int LABEL_EVERY_LAYER_UP_TO = 16;
    private static final int STEP_ABOVE = 4;
    private static final double[] ROUND = {1, 2, 5};
    /** Half of the range of equal values, as a share of their size. */
    private static final double AROUND_EQUAL = 0.1;

    private final int multiplesOf;
    private final double leastUnit;

    RoundAxis(String title, int multiplesOf, double leastUnit) {
        super(title);
        this.multiplesOf = multiplesOf;
        this.leastUnit = leastUnit;
        setAutoRangeIncludesZero(false);
    }

    /** Creates an axis with ticks at 1, 2 or 5 times a power of ten. */
    public static RoundAxis ofNumbers(String title) {
        return new RoundAxis(title, 0, Double.MIN_NORMAL);
    }

    /** Creates an axis with ticks at 1, 2 or 5 times a power of ten, and at whole numbers only. */
    public static RoundAxis ofCounts(String title) {
        return new RoundAxis(title, 0, 1);
    }

    /** Creates an axis with a tick at every layer, or at every fourth layer if there are more than 16. */
    public static RoundAxis ofLayers(String title, int layers) {
        return ofMultiples(title, layers <= LABEL_EVERY_LAYER_UP_TO ? 1 : STEP_ABOVE);
    }

    /**
     * Creates an axis with ticks at multiples of a whole number. The distance is doubled until the ticks are far enough
     * apart.
     */
    static RoundAxis ofMultiples(String title, int step) {
        return new RoundAxis(title, step, step);
    }

    /** Gives equal values a range that is proportional to them; otherwise the ticks would differ in the ninth digit. */
    @Override
    protected void autoAdjustRange() {
        super.autoAdjustRange();
        Range range = getRange();
        double middle = range.getCentralValue();
        double half = AROUND_EQUAL * Math.abs(middle);
        if (range.getLength() < 2 * getAutoRangeMinimumSize() && half > range.getLength()) {
            setRange(new Range(middle - half, middle + half), false, false);
        }
    }

    @Override
    protected void selectAutoTickUnit(Graphics2D g2, Rectangle2D dataArea, RectangleEdge edge) {
        double length = RectangleEdge.isTopOrBottom(edge) ? dataArea.getWidth() : dataArea.getHeight();
        double smallest = getRange().getLength() * spacing() / Math.max(length, 1);
        setTickUnit(multiplesOf > 0 ? multiple(smallest) : round(Math.max(smallest, leastUnit)), false, false);
    }

    private NumberTickUnit multiple(double smallest) {
        // many layers are numbered in steps of four, but a zoomed part with few layers numbers each
        int step = getRange().getLength() <= LABEL_EVERY_LAYER_UP_TO + 1 ? 1 : multiplesOf;
        while (step < smallest && step < Integer.MAX_VALUE / 2) {
            step *= 2;
        }
        return new Tick(step, 0);
    }

    static NumberTickUnit round(double smallest) {
        int exponent = (int) Math.floor(Math.log10(smallest));
        for (double factor : ROUND) {
            double unit = BigDecimal.valueOf(factor).scaleByPowerOfTen(exponent).doubleValue();
            if (unit >= smallest) {
                return new Tick(unit, Math.max(0, -exponent));
            }
        }
        return new Tick(BigDecimal.ONE.scaleByPowerOfTen(exponent + 1).doubleValue(), Math.max(0, -exponent - 1));
    }

    private static final class Tick extends NumberTickUnit {

        private final int decimals;

        Tick(double size, int decimals) {
            super(size);
            this.decimals = decimals;
        }

        @Override
        public String valueToString(double value) {
            // never "-0", and a decimal point in every locale
            BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN);
            return rounded.signum() == 0 ? "0" : rounded.toPlainString();
        }
    }
}

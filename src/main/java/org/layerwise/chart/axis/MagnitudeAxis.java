package org.layerwise.chart.axis;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.ValueTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/**
 * Axis of values or of their decimal logarithms. A logarithmic axis has its ticks at round values and labels them with
 * the values.
 */
public final class MagnitudeAxis extends RoundAxis {

    private static final double[][] FRACTIONS = {{1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 5}, {1, 3}, {1}};
    private static final int MOST_DECADES = 400;
    private static final int LEAST_TICKS = 2;

    private boolean logarithmic;

    public MagnitudeAxis(String title) {
        super(title, 0, Double.MIN_NORMAL);
    }

    /** Sets whether the values on the axis are decimal logarithms. */
    public void logarithmic(boolean on) {
        logarithmic = on;
    }

    @Override
    public List<ValueTick> refreshTicks(Graphics2D g2, AxisState state, Rectangle2D dataArea, RectangleEdge edge) {
        if (!logarithmic) {
            @SuppressWarnings("unchecked") // JFreeChart declares a raw list
            List<ValueTick> ticks = super.refreshTicks(g2, state, dataArea, edge);
            return ticks;
        }
        List<ValueTick> ticks = List.of();
        for (double[] fractions : FRACTIONS) {
            ticks = ticks(values(fractions));
            if (apart(ticks, dataArea, edge)) {
                break;
            }
        }
        for (int every = 2; !apart(ticks, dataArea, edge) && every < MOST_DECADES; every++) {
            List<ValueTick> fewer = new ArrayList<>();
            for (int i = 0; i < ticks.size(); i += every) {
                fewer.add(ticks.get(i));
            }
            if (apart(fewer, dataArea, edge)) {
                return fewer;
            }
        }
        return ticks.size() < LEAST_TICKS ? ticks(narrow(dataArea)) : ticks;
    }

    private List<Double> values(double[] fractions) {
        List<Double> values = new ArrayList<>();
        int first = (int) Math.floor(getLowerBound());
        for (int decade = first; decade <= getUpperBound() && decade - first < MOST_DECADES; decade++) {
            for (double fraction : fractions) {
                values.add(
                        BigDecimal.valueOf(fraction).scaleByPowerOfTen(decade).doubleValue());
            }
        }
        return values;
    }

    /** Returns round values with equal distances, for a range of less than one decade. */
    private List<Double> narrow(Rectangle2D dataArea) {
        double low = Math.pow(10, getLowerBound());
        double high = Math.pow(10, getUpperBound());
        double unit = round((high - low) * spacing() / Math.max(dataArea.getHeight(), 1))
                .getSize();
        List<Double> values = new ArrayList<>();
        for (double value = Math.ceil(low / unit) * unit; value <= high; value += unit) {
            values.add(value);
        }
        return values;
    }

    private List<ValueTick> ticks(List<Double> values) {
        List<ValueTick> ticks = new ArrayList<>();
        for (double value : values) {
            double place = Math.log10(value);
            if (getRange().contains(place)) {
                ticks.add(new NumberTick(place, words(value), TextAnchor.CENTER_RIGHT, TextAnchor.CENTER_RIGHT, 0));
            }
        }
        return ticks;
    }

    private boolean apart(List<ValueTick> ticks, Rectangle2D dataArea, RectangleEdge edge) {
        for (int i = 1; i < ticks.size(); i++) {
            double distance = valueToJava2D(ticks.get(i - 1).getValue(), dataArea, edge)
                    - valueToJava2D(ticks.get(i).getValue(), dataArea, edge);
            if (distance < spacing() / 2) {
                return false;
            }
        }
        return true;
    }

    private static String words(double value) {
        BigDecimal plain = BigDecimal.valueOf(value).round(new MathContext(4)).stripTrailingZeros();
        boolean small = value < 1e-4 || value >= 1e7;
        return small ? plain.unscaledValue() + "e" + -plain.scale() : plain.toPlainString();
    }
}

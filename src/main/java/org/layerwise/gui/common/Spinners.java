package org.layerwise.gui.common;

import java.math.BigDecimal;
import java.util.function.Function;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.LongProperty;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory;
import javafx.scene.control.SpinnerValueFactory.DoubleSpinnerValueFactory;
import javafx.scene.control.SpinnerValueFactory.IntegerSpinnerValueFactory;
import javafx.util.StringConverter;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.Setting;

/** Creates spinners that accept typed text, keep the value within its bounds and ignore text that is not a number. */
public final class Spinners {

    private static final double WIDTH = 110;

    private Spinners() {}

    /**
     * Creates a spinner for whole numbers. Typed text takes effect when the field loses the focus or Enter is pressed.
     */
    public static Spinner<Integer> of(String id, int least, int most, int start, int step) {
        return editable(id, new WholeNumbers(Range.atLeast(least).atMost(most), start, step));
    }

    /** Creates a spinner for the values of a setting. */
    public static Spinner<Integer> of(String id, Setting<Integer> setting, int start, int step) {
        return editable(id, new WholeNumbers(setting.range().orElse(Range.FINITE), start, step));
    }

    /** Creates a spinner for whole numbers that is bound to a property in both directions. */
    public static Spinner<Integer> of(String id, int least, int most, int step, IntegerProperty property) {
        return bound(of(id, least, most, property.get(), step), property);
    }

    /** Creates a spinner for the values of a setting that is bound to a property in both directions. */
    public static Spinner<Integer> of(String id, Setting<Integer> setting, int step, IntegerProperty property) {
        return bound(of(id, setting, property.get(), step), property);
    }

    private static Spinner<Integer> bound(Spinner<Integer> spinner, IntegerProperty property) {
        spinner.valueProperty().addListener((value, was, is) -> property.set(is));
        property.addListener((value, was, is) -> spinner.getValueFactory().setValue(is.intValue()));
        return spinner;
    }

    /** Creates a spinner for a seed, which may be any whole number of 64 bits, bound to a property in both directions. */
    public static Spinner<Long> seed(String id, LongProperty property) {
        Spinner<Long> spinner = editable(id, new SeedNumbers(property.get()));
        spinner.valueProperty().addListener((value, was, is) -> property.set(is));
        property.addListener((value, was, is) -> spinner.getValueFactory().setValue(is.longValue()));
        return spinner;
    }

    private static <N> Spinner<N> editable(String id, SpinnerValueFactory<N> values) {
        Spinner<N> spinner = new Spinner<>(values);
        spinner.setId(id);
        spinner.setEditable(true);
        spinner.setPrefWidth(WIDTH);
        spinner.valueProperty().addListener((value, was, is) -> write(spinner));
        spinner.getEditor().focusedProperty().addListener((focused, was, is) -> {
            if (!is) {
                spinner.commitValue();
                write(spinner);
            }
        });
        return spinner;
    }

    private static <N> void write(Spinner<N> spinner) {
        spinner.getEditor().setText(spinner.getValueFactory().getConverter().toString(spinner.getValue()));
    }

    /** Sets how values are shown and how typed texts are read. A text that is not a number keeps the last value. */
    private static <N> void convert(
            SpinnerValueFactory<N> values, Function<N, String> shown, Function<String, N> typed) {
        values.setConverter(new StringConverter<>() {
            @Override
            public String toString(N value) {
                return shown.apply(value);
            }

            @Override
            public N fromString(String text) {
                try {
                    return typed.apply(text);
                } catch (NumberFormatException e) {
                    return values.getValue();
                }
            }
        });
    }

    /** Shows a value that may lie beyond the bounds of a spinner, such as one from a file. The bounds then widen. */
    public static void show(Spinner<Double> spinner, double value) {
        DoubleSpinnerValueFactory values = (DoubleSpinnerValueFactory) spinner.getValueFactory();
        values.setMin(Math.min(values.getMin(), value));
        values.setMax(Math.max(values.getMax(), value));
        values.setValue(value);
    }

    private static String digits(String typed) {
        return typed.replaceAll("[\\s,]", "");
    }

    /**
     * Creates a spinner for decimal numbers. Typed text takes effect when the field loses the focus or Enter is
     * pressed.
     */
    public static Spinner<Double> real(String id, double least, double most, double start, double step) {
        DoubleSpinnerValueFactory values = new DoubleSpinnerValueFactory(least, most, start, step);
        convert(values, value -> BigDecimal.valueOf(value).stripTrailingZeros().toPlainString(), typed -> {
            double value = Double.parseDouble(typed.strip());
            return Double.isFinite(value) ? Math.max(least, Math.min(most, value)) : values.getValue();
        });
        return editable(id, values);
    }

    /** Values of a spinner for whole numbers within a range. */
    private static final class WholeNumbers extends IntegerSpinnerValueFactory {

        private final Range range;

        WholeNumbers(Range range, int start, int step) {
            super(
                    (int) (range.zeroIncluded() ? Math.min(0, range.low()) : range.low()),
                    (int) range.high(),
                    start,
                    step);
            this.range = range;
            convert(this, String::valueOf, typed -> fitting(Integer.parseInt(digits(typed)), false));
        }

        @Override
        public void increment(int steps) {
            setValue(fitting((long) getValue() + (long) steps * getAmountToStepBy(), false));
        }

        @Override
        public void decrement(int steps) {
            setValue(fitting((long) getValue() - (long) steps * getAmountToStepBy(), true));
        }

        /** Returns the number of the range next to a wanted one; 0 from above only if {@code down}. */
        private int fitting(long wanted, boolean down) {
            if (range.zeroIncluded() && wanted < range.low() && (down || wanted <= 0)) {
                return 0;
            }
            return (int) Math.max(range.low(), Math.min(Math.min(range.high(), Integer.MAX_VALUE), wanted));
        }
    }

    /** Values of a spinner for seeds. */
    private static final class SeedNumbers extends SpinnerValueFactory<Long> {

        SeedNumbers(long start) {
            setValue(start);
            convert(this, String::valueOf, typed -> Long.parseLong(digits(typed)));
        }

        @Override
        public void increment(int steps) {
            setValue(getValue() + steps);
        }

        @Override
        public void decrement(int steps) {
            setValue(getValue() - steps);
        }
    }
}

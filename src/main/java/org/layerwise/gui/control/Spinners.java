package org.layerwise.gui.control;

import java.math.BigDecimal;
import javafx.beans.property.IntegerProperty;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory.DoubleSpinnerValueFactory;
import javafx.scene.control.SpinnerValueFactory.IntegerSpinnerValueFactory;
import javafx.util.StringConverter;

/** Creates spinners that accept typed text, keep the value within its bounds and ignore text that is not a number. */
public final class Spinners {

    private static final double WIDTH = 110;

    private Spinners() {}

    /**
     * Creates a spinner for whole numbers. Typed text takes effect when the field loses the focus or Enter is pressed.
     */
    public static Spinner<Integer> of(String id, int least, int most, int start, int step) {
        IntegerSpinnerValueFactory values = new IntegerSpinnerValueFactory(least, most, start, step);
        values.setConverter(new StringConverter<>() {
            @Override
            public String toString(Integer value) {
                return String.valueOf(value);
            }

            @Override
            public Integer fromString(String typed) {
                try {
                    return Math.max(least, Math.min(most, Integer.parseInt(typed.replaceAll("[\\s,]", ""))));
                } catch (NumberFormatException e) {
                    return values.getValue(); // not a number: keeps the last value
                }
            }
        });
        Spinner<Integer> spinner = new Spinner<>(values);
        spinner.setId(id);
        spinner.setEditable(true);
        spinner.setPrefWidth(WIDTH);
        spinner.valueProperty()
                .addListener((value, was, is) -> spinner.getEditor().setText(String.valueOf(is)));
        spinner.getEditor().focusedProperty().addListener((focused, was, is) -> {
            if (!is) {
                spinner.commitValue();
                spinner.getEditor().setText(String.valueOf(spinner.getValue()));
            }
        });
        return spinner;
    }

    /** Creates a spinner for whole numbers that is bound to a property in both directions. */
    public static Spinner<Integer> of(String id, int least, int most, int step, IntegerProperty property) {
        Spinner<Integer> spinner = of(id, least, most, property.get(), step);
        spinner.valueProperty().addListener((value, was, is) -> property.set(is));
        property.addListener((value, was, is) -> spinner.getValueFactory().setValue(is.intValue()));
        return spinner;
    }

    /** Returns true if a spinner for whole numbers can hold a number, such as a seed. */
    public static boolean holds(long number) {
        return number == (int) number;
    }

    /**
     * Creates a spinner for decimal numbers. Typed text takes effect when the field loses the focus or Enter is
     * pressed.
     */
    public static Spinner<Double> real(String id, double least, double most, double start, double step) {
        DoubleSpinnerValueFactory values = new DoubleSpinnerValueFactory(least, most, start, step);
        values.setConverter(new StringConverter<>() {
            @Override
            public String toString(Double value) {
                return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
            }

            @Override
            public Double fromString(String typed) {
                try {
                    double value = Double.parseDouble(typed.strip());
                    return Double.isFinite(value) ? Math.max(least, Math.min(most, value)) : values.getValue();
                } catch (NumberFormatException e) {
                    return values.getValue(); // not a number: keeps the last value
                }
            }
        });
        Spinner<Double> spinner = new Spinner<>(values);
        spinner.setId(id);
        spinner.setEditable(true);
        spinner.setPrefWidth(WIDTH);
        spinner.getEditor().focusedProperty().addListener((focused, was, is) -> {
            if (!is) {
                spinner.commitValue();
                spinner.getEditor().setText(values.getConverter().toString(spinner.getValue()));
            }
        });
        return spinner;
    }
}

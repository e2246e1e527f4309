package org.layerwise.gui.control;

import java.math.BigDecimal;
import javafx.beans.property.IntegerProperty;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory.DoubleSpinnerValueFactory;
import javafx.scene.control.SpinnerValueFactory.IntegerSpinnerValueFactory;
import javafx.util.StringConverter;

/** Spinners for whole numbers that take what is typed, keep to their bounds and never choke on text. */
public final class Spinners {

    private static final double WIDTH = 110;

    private Spinners() {}

    /** A spinner; what is typed counts when the field is left or Enter is pressed. */
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
                    return values.getValue(); // not a number: the last one stands
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

    /** A spinner that shows and changes a property. */
    public static Spinner<Integer> of(String id, int least, int most, int step, IntegerProperty property) {
        Spinner<Integer> spinner = of(id, least, most, property.get(), step);
        spinner.valueProperty().addListener((value, was, is) -> property.set(is));
        property.addListener((value, was, is) -> spinner.getValueFactory().setValue(is.intValue()));
        return spinner;
    }

    /** Whether a spinner of whole numbers can hold one, such as a seed. */
    public static boolean holds(long number) {
        return number == (int) number;
    }

    /** A spinner for a number that need not be whole; what is typed counts when the field is left or Enter is pressed. */
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
                    return values.getValue(); // not a number: the last one stands
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

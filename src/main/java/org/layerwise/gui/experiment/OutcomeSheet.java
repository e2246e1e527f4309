package org.layerwise.gui.experiment;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Decimals;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.Sheet.Cell;
import org.layerwise.gui.common.Sheet.Column;
import org.layerwise.study.experiment.outcome.ArmOutcome;
import org.layerwise.study.experiment.outcome.Outcome;

/** Creates the table of the arms of an experiment: cost, results and differences. */
final class OutcomeSheet {

    private OutcomeSheet() {}

    /** Column with the function that returns its cell for an arm. */
    private record Field(Column column, Function<ArmOutcome, Cell> cell) {}

    /** Returns the table; without rows before the first final run. */
    static Sheet of(@Nullable Outcome outcome) {
        if (outcome == null) {
            return Sheet.empty();
        }
        String metric = outcome.metric().name();
        List<Field> fields = new ArrayList<>();
        fields.add(new Field(heading("arm", false), arm -> new Cell(arm.words(), arm.id())));
        fields.add(new Field(heading("runs", true), arm -> Cell.count(arm.runs())));
        fields.add(new Field(
                new Column(metric, "mean", text("experiment.column.tip.mean", metric, outcome.rows()), true),
                arm -> decimals(arm.mean())));
        fields.add(new Field(heading("interval", true), arm -> interval(arm.interval())));
        fields.add(number("parameters", ArmOutcome::adapterParameters, value -> NumberTexts.parameters((long) value)));
        fields.add(number("step-time", arm -> positive(arm.secondsPerStep()), NumberTexts::seconds));
        fields.add(number("memory", arm -> positive(arm.peakMemoryBytes()), value -> NumberTexts.bytes((long) value)));
        fields.add(number("rate", ArmOutcome::rate, Decimals::shortest));
        fields.add(new Field(heading("from-all", true), arm -> difference(arm.fromAll())));
        fields.add(new Field(
                heading("from-all-interval", true),
                arm -> arm.fromAll() == null
                        ? Cell.NONE
                        : interval(arm.fromAll().interval())));
        fields.add(new Field(heading("from-random", true), arm -> difference(arm.fromRandom())));
        fields.add(new Field(
                heading("from-random-interval", true),
                arm -> arm.fromRandom() == null
                        ? Cell.NONE
                        : interval(arm.fromRandom().interval())));
        return new Sheet(
                        fields.stream().map(Field::column).toList(),
                        outcome.arms().stream()
                                .map(arm -> fields.stream()
                                        .map(field -> field.cell().apply(arm))
                                        .toList())
                                .toList())
                .withoutEmptyColumns();
    }

    private static Column heading(String key, boolean number) {
        return new Column(
                text("experiment.column." + key), key.replace('-', '_'), text("experiment.column.tip." + key), number);
    }

    /** Words of a number. */
    private interface Words {
        String of(double value);
    }

    private static Field number(String key, ToDoubleFunction<ArmOutcome> value, Words words) {
        return new Field(heading(key, true), arm -> {
            double exact = value.applyAsDouble(arm);
            return Double.isFinite(exact) ? Cell.of(words.of(exact), exact) : Cell.NONE;
        });
    }

    /** Returns a cost; NaN if it is unknown, as for an arm that is not trained. */
    private static double positive(double cost) {
        return cost > 0 ? cost : Double.NaN;
    }

    private static Cell difference(ArmOutcome.@Nullable Difference difference) {
        if (difference == null || !Double.isFinite(difference.value())) {
            return Cell.NONE;
        }
        return Cell.of(signed(difference.value()), difference.value());
    }

    private static Cell decimals(double value) {
        return Double.isFinite(value) ? Cell.of(rounded(value), value) : Cell.NONE;
    }

    private static Cell interval(@Nullable Interval interval) {
        return interval == null
                ? Cell.NONE
                : new Cell(
                        text("experiment.interval", rounded(interval.low()), rounded(interval.high())),
                        Decimals.shortest(interval.low()) + " " + Decimals.shortest(interval.high()));
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String signed(double value) {
        return (value > 0 ? "+" : "") + rounded(value);
    }
}

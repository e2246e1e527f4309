package org.layerwise.gui.prediction;

import java.util.Locale;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.heatmap.HeatmapChart.Pair;
import org.layerwise.gui.prediction.PredictionsViewModel.Shown;
import org.layerwise.study.evaluation.PredictedRow;
import org.layerwise.study.evaluation.RowChange;

/** Rows of the predictions that pass a filter, a search and a chosen cell of the confusion matrix. */
final class ShownRows {

    /** Filter of rows by their predictions. */
    enum Filter {
        ALL,
        WRONG,
        FIXED,
        BROKEN;

        boolean passes(PredictedRow row) {
            return switch (this) {
                case ALL -> true;
                case WRONG -> row.wrong();
                case FIXED -> row.change().filter(RowChange.FIXED::equals).isPresent();
                case BROKEN -> row.change().filter(RowChange.BROKEN::equals).isPresent();
            };
        }

        /** Returns the id of its message. */
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final ObservableList<PredictedRow> all = FXCollections.observableArrayList();
    private final FilteredList<PredictedRow> passing = new FilteredList<>(all);
    private final ObjectProperty<Filter> filter = new SimpleObjectProperty<>(Filter.ALL);
    private final ObjectProperty<@Nullable Pair> cell = new SimpleObjectProperty<>();
    private final StringProperty search = new SimpleStringProperty("");

    ShownRows() {
        filter.subscribe(is -> narrow());
        cell.subscribe(is -> narrow());
        search.subscribe(is -> narrow());
    }

    /** Shows other rows without a chosen cell; a filter that only two models have ends with the second one. */
    void show(@Nullable Shown shown) {
        cell.set(null);
        boolean compared = shown != null && shown.result().rows().compared();
        if (!compared && (filter.get() == Filter.FIXED || filter.get() == Filter.BROKEN)) {
            filter.set(Filter.ALL);
        }
        if (shown == null) {
            all.clear();
        } else {
            all.setAll(shown.result().rows().rows());
        }
    }

    private void narrow() {
        Filter by = filter.get();
        Pair chosen = cell.get();
        String words = search.get().strip().toLowerCase(Locale.ROOT);
        passing.setPredicate(row -> by.passes(row)
                && (chosen == null
                        || row.labelClass() == chosen.row() && row.prediction().predictedClass() == chosen.column())
                && (words.isEmpty() || has(row, words)));
    }

    private static boolean has(PredictedRow row, String words) {
        return row.text().toLowerCase(Locale.ROOT).contains(words)
                || row.secondText() != null
                        && row.secondText().toLowerCase(Locale.ROOT).contains(words);
    }

    /** Returns the rows that pass, in the order of the data. */
    ObservableList<PredictedRow> passing() {
        return passing;
    }

    /** Returns the number of all rows. */
    int size() {
        return all.size();
    }

    /** Returns the number of rows that a filter alone lets pass. */
    long count(Filter by) {
        return all.stream().filter(by::passes).count();
    }

    ObjectProperty<Filter> filterProperty() {
        return filter;
    }

    /** Cell of the confusion matrix, by label and predicted class, whose rows are shown; null for all cells. */
    ObjectProperty<@Nullable Pair> cellProperty() {
        return cell;
    }

    /** Text that the rows contain, regardless of case. */
    StringProperty searchProperty() {
        return search;
    }
}

package org.layerwise.gui.prediction;

import static org.layerwise.gui.common.Messages.text;

import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.control.ComboBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.Nodes;
import org.layerwise.study.evaluation.PredictionsJob.Side;

/** Choice of a model or an adapter. */
final class SideChoice extends ComboBox<@Nullable Side> {

    private static final double WIDTH = 210;

    private final ObservableList<@Nullable Side> choices = FXCollections.observableArrayList();
    private boolean filling;

    /**
     * Creates a choice.
     *
     * @param sides models and adapters, which may change
     * @param current chosen one; null for none
     * @param optional true to offer none as well
     * @param chosen receives what the user chooses
     */
    SideChoice(
            String id,
            ObservableList<Side> sides,
            ObservableValue<? extends @Nullable Side> current,
            boolean optional,
            Consumer<@Nullable Side> chosen) {
        setId(id);
        setPrefWidth(WIDTH);
        setItems(choices);
        setConverter(Nodes.words(side -> side == null ? text("prediction.nothing") : side.name()));
        fill(sides, current, optional);
        sides.addListener((ListChangeListener<Side>) change -> fill(sides, current, optional));
        current.addListener((observable, was, is) -> show(is));
        valueProperty().addListener((observable, was, is) -> {
            if (!filling) {
                chosen.accept(is);
            }
        });
    }

    private void fill(ObservableList<Side> sides, ObservableValue<? extends @Nullable Side> current, boolean optional) {
        filling = true;
        choices.clear();
        if (optional) {
            choices.add(null);
        }
        choices.addAll(sides);
        filling = false;
        show(current.getValue());
    }

    private void show(@Nullable Side side) {
        filling = true;
        setValue(side);
        filling = false;
    }
}

package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.property.ObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.scene.control.ChoiceBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.study.model.OpenModel;

/** Chooses the token that represents an example. The default depends on the model. */
final class PositionChoice extends ChoiceBox<@Nullable Position> {

    private static final double WIDTH = 190;

    private final ObservableValue<@Nullable OpenModel> model;

    PositionChoice(ObjectProperty<@Nullable Position> position, ObservableValue<@Nullable OpenModel> model) {
        super(FXCollections.observableArrayList(null, Position.FIRST, Position.LAST, Position.MEAN));
        this.model = model;
        setId("position");
        setPrefWidth(WIDTH);
        setMinWidth(USE_PREF_SIZE);
        setAccessibleText(text("analysis.position"));
        Tooltips.set(this, text("position.tip"));
        setConverter(Nodes.words(this::words));
        valueProperty().bindBidirectional(position);
        model.addListener((observable, was, is) -> setConverter(Nodes.words(this::words)));
    }

    private String words(@Nullable Position position) {
        if (position != null) {
            return text("position." + position.id());
        }
        OpenModel open = model.getValue();
        return open == null
                ? text("position.auto")
                : text(
                        "position.auto.of",
                        text("position." + open.card().defaultPosition().id()));
    }
}

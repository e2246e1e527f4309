package org.layerwise.gui.prediction;

import static org.layerwise.gui.common.Messages.text;

import java.util.Objects;
import java.util.stream.Stream;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.LongTextArea;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.prediction.PredictionsViewModel.Shown;
import org.layerwise.study.evaluation.PredictedRow;
import org.layerwise.study.evaluation.PredictedRow.Prediction;

/** Selected row in full: its predictions and its whole texts; hidden while no row is selected. */
final class RowDetails extends VBox {

    private static final double TEXT_HEIGHT = 90;

    private final Label title = Nodes.label("", "heading");
    private final Label of = Nodes.wrapped(Nodes.label("", "figures"));
    private final Label other = Nodes.wrapped(Nodes.label("", "figures"));
    private final LongTextArea words = new LongTextArea("prediction-text");

    RowDetails() {
        setId("prediction-row");
        of.setId("prediction-row-of");
        other.setId("prediction-row-other");
        words.setPrefHeight(TEXT_HEIGHT);
        words.setMinHeight(TEXT_HEIGHT);
        getStyleClass().add("field");
        getChildren().setAll(title, of, other, words);
        show(null, null);
    }

    /** Shows a row, or nothing for null. */
    void show(@Nullable PredictedRow row, @Nullable Shown shown) {
        Nodes.show(this, row != null && shown != null);
        if (row == null || shown == null) {
            words.clear();
            return;
        }
        title.setText(
                row.label().isEmpty()
                        ? text("prediction.row.title", row.number())
                        : text("prediction.row.labelled", row.number(), row.label()));
        of.setText(sentence(shown.of().name(), row.prediction()));
        Nodes.show(other, row.other() != null && shown.other() != null);
        if (row.other() != null && shown.other() != null) {
            other.setText(sentence(shown.other().name(), row.other()));
        }
        words.setAccessibleText(title.getText());
        words.show(
                Stream.of(row.text(), row.secondText()).filter(Objects::nonNull).toList());
    }

    private static String sentence(String name, Prediction prediction) {
        String error = NumberTexts.significant(prediction.error());
        if (prediction.predictedClass() >= 0) {
            return text(
                    "prediction.row.class",
                    name,
                    prediction.name(),
                    NumberTexts.significant(prediction.probability()),
                    error);
        }
        return prediction.name().isEmpty()
                ? text("prediction.row.loss", name, error)
                : text("prediction.row.number", name, prediction.name(), error);
    }
}

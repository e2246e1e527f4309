package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.util.Locale;
import java.util.function.Function;
import javafx.beans.property.Property;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.VBox;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;

/** Choices for opening the next model: the device, the precision, the loading mode and the quantisation. */
final class OpenOptionsRow extends FlowPane {

    private static final double WIDTH = 150;

    /**
     * @param prefix prefix of the ids of the controls
     * @param more controls to append to the choices
     */
    OpenOptionsRow(OpenOptions choices, String prefix, Node... more) {
        getStyleClass().add("fields");
        setRowValignment(VPos.BOTTOM);
        getChildren()
                .add(field(
                        prefix + "device",
                        text("open.device"),
                        text("open.device.tip"),
                        choices.devices(),
                        choices.deviceProperty(),
                        OpenOptionsRow::device));
        getChildren()
                .add(field(
                        prefix + "type",
                        text("open.type"),
                        text("open.type.tip"),
                        FXCollections.observableArrayList(ComputeType.values()),
                        choices.typeProperty(),
                        type -> text("open.type." + type.id())));
        getChildren()
                .add(field(
                        prefix + "loading",
                        text("open.loading"),
                        text("open.loading.tip"),
                        FXCollections.observableArrayList(Loading.values()),
                        choices.loadingProperty(),
                        loading -> text("open.loading." + loading.id())));
        getChildren()
                .add(field(
                        prefix + "quantization",
                        text("open.quantization"),
                        text("open.quantization.tip"),
                        FXCollections.observableArrayList(WeightQuantization.values()),
                        choices.quantizationProperty(),
                        quantization -> text("open.quantization." + quantization.id())));
        CheckBox keep = new CheckBox(text("open.quantization.keep"));
        keep.setId(prefix + "keep");
        Tooltips.set(keep, text("open.quantization.keep.tip"));
        keep.selectedProperty().bindBidirectional(choices.keepsProperty());
        Nodes.showWhen(
                keep, choices.quantizationProperty().map(quantization -> quantization != WeightQuantization.NONE));
        getChildren().add(keep);
        getChildren().addAll(more);
    }

    private static String device(String id) {
        return OpenOptions.AUTO.equals(id) ? text("open.auto") : id.toUpperCase(Locale.ROOT);
    }

    private static <T> Node field(
            String id,
            String caption,
            String tip,
            ObservableList<T> values,
            Property<T> chosen,
            Function<T, String> words) {
        ChoiceBox<T> choice = new ChoiceBox<>(values);
        choice.setId(id);
        choice.setPrefWidth(WIDTH);
        choice.setConverter(Nodes.words(value -> value == null ? "" : words.apply(value)));
        choice.valueProperty().bindBidirectional(chosen);
        Tooltips.set(choice, tip);
        VBox field = new VBox(Nodes.caption(caption, choice), choice);
        field.getStyleClass().add("field");
        return field;
    }
}

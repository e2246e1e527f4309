package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.RunLocationRow;

/** Settings of a training, its estimated cost, and the button that starts it. */
final class FormView extends VBox {

    private final TrainingViewModel training;

    FormView(TrainingViewModel training, TrainingView.Choosers choosers) {
        this.training = training;
        FieldEditors editors = new FieldEditors(training.modelProperty(), choosers);
        VBox groups = new VBox();
        training.form().groups().forEach(group -> groups.getChildren().add(new FieldGroupView(group, editors)));
        groups.getStyleClass().add("form-groups");
        ScrollPane scroll = new ScrollPane(groups);
        scroll.setId("training-form");
        scroll.setFitToWidth(true);
        scroll.setFocusTraversable(false);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        VBox.setVgrow(scroll, Priority.ALWAYS);

        Label layers = Nodes.sentence(
                "training-layers", Bindings.createStringBinding(this::layers, training.selectionProperty()), "muted");
        Label unmeasured = Nodes.wrapped(Nodes.label(text("training.no.validation"), "notice"));
        unmeasured.setId("training-unmeasured");
        Nodes.showWhen(unmeasured, training.unmeasured());
        Button train = Nodes.primary("train", text("action.train.now"), training::train);
        train.textProperty()
                .bind(Bindings.createStringBinding(
                        this::start,
                        training.work().busyProperty(),
                        training.runOn().placeProperty()));
        train.setMaxWidth(Double.MAX_VALUE);
        train.disableProperty().bind(training.ready().not());
        Label memory = line("training-memory", training.memoryProperty(), "muted", "figures");
        Tooltips.bind(memory, training.memoryPartsProperty());
        VBox foot = new VBox(
                new RunLocationRow("training", training.runOn(), choosers.clusters()),
                line("training-cost", training.costProperty(), "muted", "figures"),
                memory,
                line("training-memory-warning", training.memoryWarningProperty(), "notice"),
                unmeasured,
                line("training-other-model", training.otherModelProperty(), "notice"),
                line("training-mistake", training.mistakeProperty(), "notice"),
                train);
        foot.getStyleClass().add("form-foot");
        VBox head = new VBox(Nodes.label(text("training.form"), "title-text"), layers);
        head.getStyleClass().add("form-head");
        getStyleClass().add("training-form");
        getChildren().setAll(head, scroll, foot);
    }

    private String start() {
        String place = training.runOn().placeProperty().get();
        if (!place.isEmpty()) {
            return text("action.train.there", place);
        }
        return text(training.work().busyProperty().get() ? "action.train.next" : "action.train.now");
    }

    private static Label line(String id, ReadOnlyStringProperty words, String... styles) {
        Label label = Nodes.sentence(id, words, styles);
        Nodes.showWhen(label, words.isNotEmpty());
        return label;
    }

    private String layers() {
        var selection = training.selectionProperty().getValue();
        if (selection == null || selection.layers().isEmpty()) {
            return text("training.layers.none");
        }
        return text(
                "training.layers", selection.layers().size(), selection.of(), NumberTexts.layers(selection.layers()));
    }
}

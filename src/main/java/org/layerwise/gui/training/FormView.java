package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.binding.Bindings;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
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
        ScrollPane scroll = Nodes.scrolledForm("training-form", groups);

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
        Label memory = Nodes.optionalSentence("training-memory", training.memoryProperty(), "muted", "figures");
        Tooltips.bind(memory, training.memoryPartsProperty());
        VBox foot = new VBox(
                new RunLocationRow("training", training.runOn(), choosers.clusters()),
                Nodes.optionalSentence("training-cost", training.costProperty(), "muted", "figures"),
                memory,
                Nodes.optionalSentence("training-memory-warning", training.memoryWarningProperty(), "notice"),
                unmeasured,
                Nodes.optionalSentence("training-other-model", training.otherModelProperty(), "notice"),
                Nodes.optionalSentence("training-mistake", training.mistakeProperty(), "notice"),
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

    private String layers() {
        var selection = training.selectionProperty().getValue();
        if (selection == null || selection.layers().isEmpty()) {
            return text("training.layers.none");
        }
        return text(
                "training.layers", selection.layers().size(), selection.of(), NumberTexts.layers(selection.layers()));
    }
}

package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

import java.util.Optional;
import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.RunLocationRow;

/** Settings of a training, its estimated cost, and the button that starts it. */
final class FormView extends VBox {

    private static final KeyCombination START = KeyCombination.keyCombination("Shortcut+Enter");

    private final TrainingViewModel training;
    private final VBox groups = new VBox();
    private final Button train;

    FormView(TrainingViewModel training, TrainingView.Choosers choosers) {
        this.training = training;
        FieldEditors editors = new FieldEditors(training.modelProperty(), choosers);
        training.form().groups().forEach(group -> groups.getChildren().add(new FieldGroupView(group, editors)));
        groups.getStyleClass().add("form-groups");
        ScrollPane scroll = Nodes.scrolledForm("training-form", groups);

        Label layers = Nodes.sentence(
                "training-layers", Bindings.createStringBinding(this::layers, training.selectionProperty()), "muted");
        Label unmeasured = Nodes.wrapped(Nodes.label(text("training.no.validation"), "notice"));
        unmeasured.setId("training-unmeasured");
        Nodes.showWhen(unmeasured, training.unmeasured());
        train = Nodes.primary("train", text("action.train.now"), training::train);
        Tooltips.set(train, START.getDisplayText());
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
        training.focusRequestsProperty().subscribe(request -> {
            if (request.intValue() > 0) {
                focusFirst();
            }
        });
    }

    /** Starts the training if the keys ask for it and it can be started. */
    void press(KeyEvent key) {
        if (START.match(key)) {
            train.fire();
            key.consume();
        }
    }

    /** Moves the focus to the first setting, as soon as the form is part of the window. */
    private void focusFirst() {
        if (getScene() == null) {
            sceneProperty().addListener(new ChangeListener<>() {
                @Override
                public void changed(ObservableValue<? extends Scene> scene, Scene was, Scene is) {
                    sceneProperty().removeListener(this);
                    focusFirst();
                }
            });
            return;
        }
        // later, since the pane may come to the front after this
        Platform.runLater(() -> first(groups).ifPresent(Node::requestFocus));
    }

    private static Optional<Node> first(Node node) {
        if (!node.isVisible() || node.isDisabled()) {
            return Optional.empty();
        }
        if (node instanceof Control && !(node instanceof Label) && node.isFocusTraversable()) {
            return Optional.of(node);
        }
        return node instanceof Parent parent
                ? parent.getChildrenUnmodifiable().stream()
                        .map(FormView::first)
                        .flatMap(Optional::stream)
                        .findFirst()
                : Optional.empty();
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

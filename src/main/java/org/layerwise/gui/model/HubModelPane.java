package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.model.HubViewModel.Found;
import org.layerwise.gui.model.HubViewModel.State;

/** Downloads a model by its name on the hub. */
final class HubModelPane extends VBox {

    private final HubViewModel hub;

    HubModelPane(HubViewModel hub) {
        this.hub = hub;
        TextField name = new TextField();
        name.setId("hub-name");
        name.setPromptText(text("hub.prompt"));
        name.textProperty().bindBidirectional(hub.nameProperty());
        name.setOnAction(event -> hub.check());
        HBox.setHgrow(name, Priority.ALWAYS);
        BooleanBinding fetching = is(State.FETCHING);
        name.disableProperty().bind(fetching);
        Button check = Nodes.button("hub-check", text("hub.check"), hub::check);
        check.disableProperty()
                .bind(fetching.or(Bindings.createBooleanBinding(
                        () -> hub.nameProperty().get().isBlank(), hub.nameProperty())));
        HBox field = Nodes.row(name, check);
        VBox asked = new VBox(Nodes.caption(text("hub.name"), name), field);
        asked.getStyleClass().add("field");
        Label advice = Nodes.wrapped(Nodes.label(text("hub.advice"), "muted"));
        getStyleClass().add("way");
        getChildren().setAll(asked, failed(), answer(), advice);
    }

    private HBox failed() {
        Label sentence = Nodes.sentence(
                "hub-problem",
                hub.problemProperty().map(ReportedError::sentence).orElse(""));
        Nodes.fillWidth(sentence);
        Button retry = Nodes.button("hub-retry", text("action.retry"), () -> {
            ReportedError problem = hub.problemProperty().get();
            if (problem != null && problem.retry() != null) {
                problem.retry().run();
            }
        });
        retry.getStyleClass().add("small");
        HBox row = new HBox(Icons.of(Material2OutlinedMZ.REPORT_PROBLEM), sentence, retry);
        row.getStyleClass().add("problem-box");
        Nodes.showWhen(row, hub.problemProperty().map(shown -> true).orElse(false));
        return row;
    }

    private HBox answer() {
        Label words = Nodes.wrapped(Nodes.label("", "figures"));
        words.setId("hub-answer");
        Nodes.fillWidth(words);
        BooleanBinding without = hub.withoutWeights();
        words.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> words(without.get()), hub.stateProperty(), hub.foundProperty(), without));
        Button download = Nodes.primary("hub-download", "", hub::download);
        download.setGraphic(Icons.of(Material2OutlinedAL.CLOUD_DOWNLOAD));
        download.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> {
                            Found found = hub.foundProperty().get();
                            boolean there = found != null && found.missing() == 0;
                            return text(there || without.get() ? "hub.open" : "hub.download");
                        },
                        hub.foundProperty(),
                        without));
        Nodes.showWhen(download, is(State.FOUND).or(is(State.STOPPED)));
        HBox row = new HBox(words, download);
        row.getStyleClass().add("answer-box");
        Nodes.showWhen(row, words.textProperty().isNotEmpty());
        return row;
    }

    private String words(boolean without) {
        Found found = hub.foundProperty().get();
        return switch (hub.stateProperty().get()) {
            case UNKNOWN -> "";
            case CHECKING -> text("hub.asking");
            case FETCHING -> text("hub.running", found == null ? "" : found.name());
            case STOPPED -> text("hub.stopped");
            case FOUND -> found == null ? "" : size(found) + (without ? " " + text("hub.found.without") : "");
        };
    }

    private static String size(Found found) {
        int files = found.size().files();
        String all = NumberTexts.bytes(found.size().bytes());
        if (found.missing() == 0) {
            return text("hub.found.there", files, all);
        }
        return found.size().bytesThere() == 0
                ? text("hub.found", files, all)
                : text(
                        "hub.found.part",
                        files,
                        all,
                        NumberTexts.bytes(found.missing()),
                        NumberTexts.bytes(found.size().bytesThere()));
    }

    private BooleanBinding is(State state) {
        return Bindings.createBooleanBinding(() -> hub.stateProperty().get() == state, hub.stateProperty());
    }
}

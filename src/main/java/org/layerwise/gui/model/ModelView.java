package org.layerwise.gui.model;

import static org.layerwise.gui.text.Messages.text;

import java.util.Locale;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.control.EmptyState;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.dialog.ProblemBar;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.gui.text.Figures;
import org.layerwise.study.ModelCard;

/** The model card. */
public final class ModelView extends BorderPane {

    private final ModelViewModel model;
    private final StackPane card = new StackPane();
    private final Node empty;
    private final Node opening;

    /**
     * @param working what is being done, empty if nothing is
     * @param openFolder asks for a model folder
     * @param openSample opens the sample study
     */
    public ModelView(ModelViewModel model, ObservableValue<String> working, Runnable openFolder, Runnable openSample) {
        this.model = model;
        this.empty = new EmptyState(
                Material2OutlinedMZ.SCATTER_PLOT,
                text("model.empty.title"),
                text("model.empty.advice"),
                Nodes.primary("welcome-sample", text("action.sample"), openSample),
                Nodes.button("welcome-open", text("action.open.model"), openFolder));
        opening = new EmptyState(Material2OutlinedAL.HOURGLASS_EMPTY, working, text("working.advice"));
        getStyleClass().add("pane");
        setTop(new ProblemBar(model.problemProperty()));
        setCenter(card);
        model.modelProperty().addListener((observable, was, is) -> show(is));
        model.openingProperty()
                .addListener((observable, was, is) -> show(model.modelProperty().get()));
        show(model.modelProperty().get());
    }

    private void show(@Nullable LoadedModel loaded) {
        card.getChildren()
                .setAll(
                        loaded != null
                                ? facts(loaded.card())
                                : model.openingProperty().get() ? opening : empty);
    }

    private Node facts(ModelCard facts) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("facts");
        add(grid, "model.family", facts.family());
        add(grid, "model.layers", String.valueOf(facts.layers()));
        add(grid, "model.hidden", Figures.exact(facts.hiddenSize()));
        add(grid, "model.heads", String.valueOf(facts.heads()));
        Label parameters = add(grid, "model.parameters", Figures.parameters(facts.parameters()));
        parameters.setTooltip(new Tooltip(text("exact.parameters", Figures.exact(facts.parameters()))));
        add(grid, "model.weights", text("model.weights.value", Figures.bytes(facts.weightBytes()), facts.dtype()));
        add(grid, "model.vocabulary", text("model.tokens", Figures.exact(facts.vocabularySize())));
        add(grid, "model.positions", text("model.tokens", Figures.exact(facts.maxPositions())));
        add(grid, "model.tokenizer", text(facts.hasTokenizer() ? "model.tokenizer.yes" : "model.tokenizer.no"));
        add(grid, "model.targets", Figures.list(facts.targetModules()));
        add(grid, "model.device", facts.device().toUpperCase(Locale.ROOT));
        Label folder = add(grid, "model.folder", facts.folder().toString());
        folder.setTooltip(new Tooltip(facts.folder().toString()));
        Label name = Nodes.shortened(Nodes.label(facts.name(), "title-text"));
        name.setId("model-name");
        VBox page = new VBox(name, grid, device());
        page.getStyleClass().add("page");
        ScrollPane scroll = new ScrollPane(page);
        scroll.setFitToWidth(true);
        return scroll;
    }

    private Node device() {
        ChoiceBox<String> choice = new ChoiceBox<>(model.devices());
        choice.setId("device");
        choice.valueProperty().bindBidirectional(model.deviceProperty());
        ObservableValue<Boolean> opening = model.openingProperty();
        choice.disableProperty().bind(opening);
        var reload = Nodes.button("reload", text("model.reload"), model::reopen);
        reload.disableProperty().bind(opening);
        HBox row = new HBox(Nodes.caption(text("model.load.to"), choice), choice, reload);
        row.getStyleClass().add("row");
        return row;
    }

    private static Label add(GridPane grid, String key, String value) {
        Label label = Nodes.label(value, "fact");
        label.setWrapText(true);
        label.setAccessibleText(text(key) + " " + value);
        int row = grid.getRowCount();
        Label caption = Nodes.label(text(key), "muted");
        caption.setMinWidth(USE_PREF_SIZE);
        grid.addRow(row, caption, label);
        return label;
    }
}

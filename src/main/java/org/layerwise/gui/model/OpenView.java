package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Nodes;

/** Pane that opens a model: from a folder, from the cache of this computer, or from the hub. */
final class OpenView extends BorderPane {

    private static final double WIDTH = 760;
    private static final double HEIGHT = 560;

    /** Source of a model. */
    private enum Way {
        FOLDER,
        CACHE,
        HUB
    }

    private final CacheViewModel cache;
    private final Map<Way, Node> content = new EnumMap<>(Way.class);
    private final ToggleGroup ways = new ToggleGroup();
    private final StackPane shown = new StackPane();

    /** @param chooseFolder asks for a model folder and opens it */
    OpenView(ModelViewModel model, CacheViewModel cache, HubViewModel hub, Runnable chooseFolder) {
        this.cache = cache;
        content.put(Way.FOLDER, new ModelFolderPane(model, chooseFolder));
        content.put(Way.CACHE, new CachedModelPane(cache, model.memory(), () -> choose(Way.HUB)));
        content.put(Way.HUB, new HubModelPane(hub));
        HBox switches =
                new HBox(way(Way.FOLDER, "left-pill"), way(Way.CACHE, "center-pill"), way(Way.HUB, "right-pill"));
        switches.getStyleClass().add("segments");
        HBox heading = Nodes.row(
                Nodes.label(text("open.title"), "title-text"),
                Nodes.spring(),
                Nodes.iconButton(
                        "open-close", Material2OutlinedAL.CLOSE, text("action.close"), () -> model.choosingProperty()
                                .set(false)));
        Label memory =
                Nodes.wrapped(Nodes.sentence("open-memory", model.memory().sentenceProperty(), "muted", "figures"));
        Nodes.showWhen(memory, memory.textProperty().isNotEmpty());
        VBox choices = new VBox(
                Nodes.label(text("open.how"), "heading"), new OpenOptionsRow(model.choices(), "open-"), memory);
        choices.getStyleClass().add("group");
        VBox.setVgrow(shown, Priority.ALWAYS);
        VBox page = new VBox(heading, switches, shown, choices);
        page.getStyleClass().add("page");
        page.setMaxSize(WIDTH, HEIGHT);
        StackPane centred = new StackPane(page);
        centred.setAlignment(Pos.TOP_LEFT);
        ScrollPane scroll = new ScrollPane(centred);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        setId("open-pane");
        Nodes.onKey(this, key -> key.getCode() == KeyCode.ESCAPE, () -> model.choosingProperty()
                .set(false));
        setCenter(scroll);
        choose(Way.FOLDER);
        hub.wantedProperty().subscribe(wanted -> {
            if (wanted) {
                choose(Way.HUB);
                hub.wantedProperty().set(false);
            }
        });
        // lists models that were downloaded meanwhile
        model.choosingProperty().addListener((observable, was, is) -> {
            if (is
                    && ways.getSelectedToggle() != null
                    && ways.getSelectedToggle().getUserData() == Way.CACHE) {
                cache.refresh();
            }
        });
    }

    private ToggleButton way(Way way, String shape) {
        ToggleButton button = new ToggleButton(text("open.way." + id(way)));
        button.setId("way-" + id(way));
        button.setUserData(way);
        button.setToggleGroup(ways);
        button.getStyleClass().add(shape);
        button.setOnAction(event -> choose(way));
        return button;
    }

    private void choose(Way way) {
        ways.getToggles().forEach(toggle -> toggle.setSelected(toggle.getUserData() == way));
        shown.getChildren().setAll(content.get(way));
        if (way == Way.CACHE) {
            cache.refresh();
        }
    }

    private static String id(Way way) {
        return way.name().toLowerCase(Locale.ROOT);
    }
}

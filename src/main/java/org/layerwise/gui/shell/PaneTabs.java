package org.layerwise.gui.shell;

import static org.layerwise.gui.text.Messages.text;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.scene.Node;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.navigator.Pane;

/** The panes in the middle of the window, a tab each. */
final class PaneTabs {

    private final TabPane tabs = new TabPane();
    private final Map<Pane, Tab> tabOf = new EnumMap<>(Pane.class);

    PaneTabs() {
        tabs.setId("tabs");
        tabs.setAccessibleText(text("tabs.accessible"));
    }

    Node node() {
        return tabs;
    }

    /** Adds a pane behind those that are there. */
    void add(Pane pane, Node content) {
        Tab tab = new Tab(text("pane." + pane.id()));
        tab.setId("tab-" + pane.id());
        tab.setClosable(false);
        // a hidden pane would be styled and laid out with every change: each joins the window when it is first shown
        tab.selectedProperty().addListener((selected, was, is) -> {
            if (is && tab.getContent() == null) {
                tab.setContent(content);
            }
        });
        tabs.getTabs().add(tab);
        tabOf.put(pane, tab);
    }

    /** Brings a pane to the front. */
    void show(Pane pane) {
        tabs.getSelectionModel().select(tabOf.get(pane));
    }

    /** Whether a pane is in front. */
    ReadOnlyBooleanProperty inFront(Pane pane) {
        return tabOf.get(pane).selectedProperty();
    }

    /** The id of the pane in front; null before there is one. */
    @Nullable
    String inFront() {
        return tabOf.entrySet().stream()
                .filter(entry -> entry.getValue().isSelected())
                .map(entry -> entry.getKey().id())
                .findFirst()
                .orElse(null);
    }

    /** Hears which pane comes to the front. */
    void onFront(Consumer<Pane> listener) {
        tabOf.forEach((pane, tab) -> tab.selectedProperty().addListener((selected, was, is) -> {
            if (is) {
                listener.accept(pane);
            }
        }));
    }
}

package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.scene.Node;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.study.Pane;

/**
 * Tabs with the panes in the middle of the window. A pane is built when it is first shown or prepared. One that comes to the front
 * of a painted window before it is prepared is prepared first: styled as a whole in one pulse it would stall the window.
 */
final class PaneTabs {

    /** Prepares a pane that comes to the front of a painted window. */
    @FunctionalInterface
    interface Arrival {
        /**
         * Prepares a pane.
         *
         * @param ready called on the FX thread when the pane is prepared, at once or some pulses later
         */
        void prepare(Pane pane, Runnable ready);
    }

    private final TabPane tabs = new TabPane();
    private final Map<Pane, Tab> tabOf = new EnumMap<>(Pane.class);
    private final Map<Pane, Supplier<? extends Node>> unbuilt = new EnumMap<>(Pane.class);
    private final Map<Pane, List<Runnable>> parts = new EnumMap<>(Pane.class);
    private final Map<Pane, Node> built = new EnumMap<>(Pane.class);
    private final Set<Pane> ready = EnumSet.noneOf(Pane.class);
    private Arrival arrival = (pane, then) -> then.run();
    private BiConsumer<Node, Runnable> placing = (view, put) -> put.run();

    PaneTabs() {
        tabs.setId("tabs");
        tabs.setAccessibleText(text("tabs.accessible"));
    }

    Region node() {
        return tabs;
    }

    /**
     * Adds a pane after the existing ones. The first one is shown and therefore built at once.
     *
     * @param content builds the pane; called at most once
     * @param steps each builds a part of the pane, which the pane else builds itself
     */
    void add(Pane pane, Supplier<? extends Node> content, Runnable... steps) {
        Tab tab = new Tab(text("pane." + pane.id()));
        tab.setId("tab-" + pane.id());
        tab.setClosable(false);
        unbuilt.put(pane, content);
        parts.put(pane, List.of(steps));
        // JavaFX styles and lays out hidden panes with every change, so each pane is added when it is first shown
        tab.selectedProperty().addListener((selected, was, is) -> {
            if (is && tab.getContent() == null) {
                if (ready.contains(pane)) {
                    place(pane);
                } else {
                    arrival.prepare(pane, () -> place(pane));
                }
            }
        });
        tabOf.put(pane, tab);
        tabs.getTabs().add(tab);
    }

    /**
     * Sets the preparation of panes that come to the front before they are prepared; without it they appear at once.
     *
     * @param placement puts a prepared pane into its tab, with the function that does so
     */
    void setArrival(Arrival preparation, BiConsumer<Node, Runnable> placement) {
        arrival = preparation;
        placing = placement;
    }

    /** Marks a pane as prepared: it is not prepared again when it is shown. */
    void setReady(Pane pane) {
        ready.add(pane);
    }

    /** Puts a pane into its tab, unless another pane came to the front while it was prepared. */
    private void place(Pane pane) {
        Tab tab = Objects.requireNonNull(tabOf.get(pane));
        if (tab.isSelected() && tab.getContent() == null) {
            build(pane);
            Node view = Objects.requireNonNull(built.remove(pane));
            placing.accept(view, () -> tab.setContent(view));
        }
    }

    /** Returns the steps that build parts of a pane before it is built itself. */
    List<Runnable> parts(Pane pane) {
        return Objects.requireNonNull(parts.get(pane));
    }

    /** Builds a pane and returns it; empty if it was shown before. */
    Optional<Node> prepare(Pane pane) {
        build(pane);
        return Optional.ofNullable(built.get(pane));
    }

    private void build(Pane pane) {
        Supplier<? extends Node> content = unbuilt.remove(pane);
        if (content != null) {
            built.put(pane, content.get());
        }
    }

    /** Brings a pane to the front. */
    void show(Pane pane) {
        tabs.getSelectionModel().select(tabOf.get(pane));
    }

    /** Returns the property that is true while a pane is in front. */
    ReadOnlyBooleanProperty inFront(Pane pane) {
        return Objects.requireNonNull(tabOf.get(pane)).selectedProperty();
    }

    /** Returns the id of the pane in front; null if no pane has been added. */
    @Nullable
    String inFront() {
        return tabOf.entrySet().stream()
                .filter(entry -> entry.getValue().isSelected())
                .map(entry -> entry.getKey().id())
                .findFirst()
                .orElse(null);
    }

    /** Adds a listener for the pane that comes to the front. */
    void onFront(Consumer<Pane> listener) {
        tabOf.forEach((pane, tab) -> tab.selectedProperty().addListener((selected, was, is) -> {
            if (is) {
                listener.accept(pane);
            }
        }));
    }
}

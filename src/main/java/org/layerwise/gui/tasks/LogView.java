package org.layerwise.gui.tasks;

import static org.layerwise.gui.common.Messages.text;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import javafx.application.Platform;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SelectionMode;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.Clipboards;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;

/** List of the entries of an {@link ActivityLog}, with the newest one at the end and visible. Entries can be copied. */
public final class LogView extends StackPane {

    private static final KeyCombination COPY = new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN);
    private static final double LEAST_HEIGHT = 64;
    private static final double USUAL_HEIGHT = 150;

    private final ZoneId zone;
    private final ListView<ActivityLog.Entry> list;

    /**
     * Creates a view of a log.
     *
     * @param zone time zone of the displayed times
     */
    public LogView(ActivityLog log, ZoneId zone) {
        this.zone = zone;
        list = new ListView<>(log.entries());
        list.setId("log-list");
        list.setAccessibleText(text("log.title"));
        list.setPlaceholder(Nodes.label(text("log.empty"), "muted"));
        list.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        list.setCellFactory(view -> new Line());
        MenuItem copy = new MenuItem(text("log.copy"));
        copy.setId("log-copy");
        copy.setOnAction(event -> copy());
        list.setContextMenu(new ContextMenu(copy));
        Nodes.onKey(list, COPY::match, this::copy);
        // later, because the list view receives the new entry after this listener
        log.entries()
                .addListener((ListChangeListener<ActivityLog.Entry>) change -> Platform.runLater(this::showNewest));
        setMinHeight(LEAST_HEIGHT);
        setPrefHeight(USUAL_HEIGHT);
        getStyleClass().add("log");
        getChildren().setAll(list);
    }

    /** Scrolls to the newest entry. */
    public void showNewest() {
        list.scrollTo(list.getItems().size() - 1);
    }

    /** Copies the selected entries, or all entries if none is selected, with tabs between time, kind and message. */
    private void copy() {
        var chosen = list.getSelectionModel().getSelectedItems();
        Clipboards.put((chosen.isEmpty() ? list.getItems() : chosen)
                .stream()
                        .map(entry -> "%s\t%s\t%s"
                                .formatted(
                                        at("yyyy-MM-dd HH:mm:ss", entry),
                                        entry.kind().name().toLowerCase(Locale.ROOT),
                                        entry.words()))
                        .collect(Collectors.joining("\n")));
    }

    private String at(String pattern, ActivityLog.Entry entry) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                .withZone(zone)
                .format(entry.time());
    }

    private static Ikon icon(ActivityLog.Kind kind) {
        return switch (kind) {
            case NOTE -> Material2OutlinedAL.INFO;
            case DONE -> Material2OutlinedAL.CHECK;
            case CANCELLED -> Material2OutlinedAL.CANCEL;
            case FAILED -> Material2OutlinedMZ.REPORT_PROBLEM;
        };
    }

    private final class Line extends ListCell<ActivityLog.Entry> {

        private final Label time = Nodes.label("", "muted", "figures");
        private final FontIcon icon = Icons.of(Material2OutlinedAL.INFO);
        private final Label words = Nodes.label("");
        private final HBox row = new HBox(time, icon, words);

        private Line() {
            time.setMinWidth(Region.USE_PREF_SIZE);
            words.setWrapText(true);
            row.getStyleClass().add("log-line");
            row.setAlignment(Pos.TOP_LEFT);
            setPrefWidth(0); // no wider than the list, so that long text wraps
        }

        @Override
        protected void updateItem(ActivityLog.@Nullable Entry entry, boolean empty) {
            super.updateItem(entry, empty);
            if (empty || entry == null) {
                setGraphic(null);
                setAccessibleText(null);
                return;
            }
            boolean failed = entry.kind() == ActivityLog.Kind.FAILED;
            time.setText(at("HH:mm:ss", entry));
            icon.setIconCode(icon(entry.kind()));
            icon.getStyleClass().remove("danger-icon-small");
            if (failed) {
                icon.getStyleClass().add("danger-icon-small");
            }
            words.setText(entry.words());
            setAccessibleText(text(
                    "log.line",
                    time.getText(),
                    text("log.kind." + entry.kind().name().toLowerCase(Locale.ROOT)),
                    entry.words()));
            setGraphic(row);
        }
    }
}

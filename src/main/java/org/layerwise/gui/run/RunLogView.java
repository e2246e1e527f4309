package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javafx.application.Platform;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.SelectionMode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.Clipboards;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunRemark;

/**
 * Log of a run, one line per remark, with the latest at the end. The copy keys copy the selected lines, or all lines if
 * none is selected.
 */
final class RunLogView extends ListView<RunRemark> {

    private static final KeyCombination COPY = KeyCombination.keyCombination("Shortcut+C");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final double TIME_WIDTH = 48;

    private final ListChangeListener<RunRemark> added = change -> follow();
    private @Nullable RunEntry run;

    RunLogView() {
        setId("run-log");
        setAccessibleText(text("run.log"));
        getStyleClass().add("run-log");
        setPlaceholder(Nodes.label(text("run.log.empty"), "muted"));
        getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        setCellFactory(list -> new Line());
        // catches up with lines that were added while the log was hidden
        visibleProperty().addListener((visible, was, is) -> follow());
        addEventHandler(KeyEvent.KEY_PRESSED, key -> {
            if (COPY.match(key)) {
                copy();
                key.consume();
            }
        });
    }

    /**
     * Shows the log of a run and scrolls to new lines.
     *
     * @param next run to show; null for none
     */
    void show(@Nullable RunEntry next) {
        if (run != null) {
            run.remarks().removeListener(added);
        }
        run = next;
        ObservableList<RunRemark> remarks = next == null ? FXCollections.observableArrayList() : next.remarks();
        setItems(remarks);
        remarks.addListener(added);
        follow();
    }

    private void follow() {
        int last = getItems().size() - 1;
        if (last >= 0) {
            scrollTo(last);
            Platform.runLater(() -> scrollTo(last)); // again after the layout, since lines have no height before
        }
    }

    private void copy() {
        List<RunRemark> marked = getSelectionModel().getSelectedItems();
        List<RunRemark> taken = marked.isEmpty() ? getItems() : marked;
        Clipboards.put(taken.stream()
                .map(remark -> time(remark) + "\t" + remark.words())
                .collect(Collectors.joining("\n", "", "\n")));
    }

    private static String time(RunRemark remark) {
        Instant when = remark.when();
        return when == null ? "" : TIME.format(when.atZone(ZoneId.systemDefault()));
    }

    private static Ikon icon(RunRemark.Kind kind) {
        return switch (kind) {
            case COURSE -> Material2OutlinedMZ.PLAY_ARROW;
            case EVALUATION -> Material2OutlinedAL.CHECK;
            case CHECKPOINT -> Material2OutlinedMZ.SAVE;
            case NOTE -> Material2OutlinedAL.INFO;
            case PROBLEM -> Material2OutlinedAL.ERROR_OUTLINE;
        };
    }

    private static final class Line extends ListCell<RunRemark> {

        private final Label time = Nodes.label("", "caption", "figures");

        Line() {
            setPrefWidth(0); // as wide as the list, so that long lines wrap
            setWrapText(true);
            setAlignment(Pos.TOP_LEFT);
            time.setMinWidth(TIME_WIDTH);
        }

        @Override
        protected void updateItem(@Nullable RunRemark remark, boolean empty) {
            super.updateItem(remark, empty);
            if (empty || remark == null) {
                setGraphic(null);
                setText(null);
                return;
            }
            time.setText(time(remark));
            FontIcon icon = Icons.of(icon(remark.kind()));
            if (remark.kind() == RunRemark.Kind.PROBLEM) {
                icon.getStyleClass().add("danger");
            }
            HBox before = Nodes.row(time, icon);
            setGraphic(before);
            setText(remark.words());
        }
    }
}

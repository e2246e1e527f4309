package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.Function;
import javafx.beans.InvalidationListener;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.study.model.CachedModelCard;

/** Opens one of the hub's models in the cache of this computer. */
final class CachedModelPane extends VBox {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);
    private static final PseudoClass UNUSABLE = PseudoClass.getPseudoClass("unusable");
    private static final int SHORT_COMMIT = 7;

    private final CacheViewModel cache;
    private final TableView<CachedModelCard> table = new TableView<>();
    private final Label total = Nodes.label("", "muted", "figures");
    private final Label trouble = Nodes.wrapped(Nodes.label("", "notice"));

    /** @param fetch shows the download of models */
    CachedModelPane(CacheViewModel cache, OpenMemory memory, Runnable fetch) {
        this.cache = cache;
        table.setId("cached");
        table.getStyleClass().add("dense");
        table.setAccessibleText(text("cache.table"));
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.setPlaceholder(Nodes.label(text("cache.looking"), "muted"));
        table.setRowFactory(of -> new Row());
        table.getColumns().add(column("cache.name", 280, CachedModelCard::id, Function.identity(), false));
        table.getColumns().add(column("cache.revision", 130, CachedModelPane::revision, Function.identity(), false));
        table.getColumns().add(column("cache.size", 90, CachedModelCard::bytes, NumberTexts::bytes, true));
        table.getColumns()
                .add(column(
                        "cache.used",
                        120,
                        CachedModelCard::lastUsed,
                        used -> DAY.format(used.atZone(ZoneId.systemDefault())),
                        true));
        Nodes.onKey(table, key -> key.getCode() == KeyCode.ENTER, this::openChosen);
        VBox.setVgrow(table, Priority.ALWAYS);
        Button open = Nodes.primary("cache-open", text("cache.open"), this::openChosen);
        var chosen = table.getSelectionModel().selectedItemProperty();
        Nodes.disableWhen(open, chosen.map(card -> card.problem().isPresent()).orElse(true));
        Button refresh =
                Nodes.iconButton("cache-refresh", Material2OutlinedMZ.REFRESH, text("cache.refresh"), cache::refresh);
        refresh.disableProperty().bind(cache.lookingProperty());
        HBox foot = Nodes.row(total, Nodes.spring(), refresh, open);
        trouble.setId("cache-problem");
        chosen.addListener((observable, was, is) -> {
            explain();
            memory.look(
                    is == null || is.problem().isPresent() ? null : is.folder().toString());
        });
        cache.problemProperty().addListener((observable, was, is) -> explain());
        Node empty = new EmptyState(
                Material2OutlinedAL.INBOX,
                text("cache.empty.title"),
                text("cache.empty.advice"),
                Nodes.primary("cache-fetch", text("cache.fetch"), fetch),
                Nodes.button("cache-refresh-empty", text("cache.refresh"), cache::refresh));
        VBox.setVgrow(empty, Priority.ALWAYS);
        var nothing = cache.knownProperty().and(Bindings.isEmpty(cache.models()));
        Nodes.showWhen(empty, nothing);
        Nodes.showWhen(table, nothing.not());
        Nodes.showWhen(foot, nothing.not());
        Nodes.showWhen(trouble, trouble.textProperty().isNotEmpty());
        getStyleClass().add("way");
        getChildren().setAll(table, trouble, foot, empty);
        cache.models().addListener((ListChangeListener<CachedModelCard>) change -> fill());
        fill();
    }

    private void fill() {
        table.getItems().setAll(cache.models());
        table.sort();
        long bytes = cache.models().stream().mapToLong(CachedModelCard::bytes).sum();
        total.setText(
                cache.models().isEmpty()
                        ? ""
                        : text("cache.total", cache.models().size(), NumberTexts.bytes(bytes)));
    }

    private void explain() {
        CachedModelCard card = table.getSelectionModel().getSelectedItem();
        var problem = cache.problemProperty().get();
        trouble.setText(
                problem != null
                        ? problem.sentence()
                        : card == null ? "" : card.problem().orElse(""));
    }

    private void openChosen() {
        CachedModelCard chosen = table.getSelectionModel().getSelectedItem();
        if (chosen != null) {
            cache.open(chosen);
        }
    }

    private static String revision(CachedModelCard card) {
        return card.revisions().isEmpty()
                ? card.commit()
                        .substring(0, Math.min(SHORT_COMMIT, card.commit().length()))
                : NumberTexts.list(card.revisions());
    }

    private static <T extends Comparable<? super T>> TableColumn<CachedModelCard, T> column(
            String key, double width, Function<CachedModelCard, T> value, Function<T, String> words, boolean number) {
        TableColumn<CachedModelCard, T> column = new TableColumn<>(text(key));
        column.setPrefWidth(width);
        column.setMinWidth(width / 2);
        column.setComparator(Comparator.naturalOrder());
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(value.apply(row.getValue())));
        if (number) {
            column.getStyleClass().add("number-cell");
        }
        column.setCellFactory(of -> new TableCell<>() {
            {
                setAlignment(number ? Pos.CENTER_RIGHT : Pos.CENTER_LEFT);
            }

            @Override
            protected void updateItem(@Nullable T item, boolean isEmpty) {
                super.updateItem(item, isEmpty);
                setText(isEmpty || item == null ? null : words.apply(item));
            }
        });
        return column;
    }

    /** Row of a model; grey with the reason in its tooltip if the model cannot be opened. */
    private final class Row extends TableRow<CachedModelCard> {

        Row() {
            setOnMouseClicked(event -> {
                if (event.getClickCount() == 2 && getItem() != null) {
                    cache.open(getItem());
                }
            });
            itemProperty().addListener((InvalidationListener) item -> mark());
        }

        private void mark() {
            CachedModelCard card = getItem();
            String problem = card == null ? "" : card.problem().orElse("");
            pseudoClassStateChanged(UNUSABLE, !problem.isEmpty());
            Tooltips.set(this, problem.isEmpty() && card != null ? card.folder().toString() : problem);
        }
    }
}

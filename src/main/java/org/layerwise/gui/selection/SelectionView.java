package org.layerwise.gui.selection;

import static org.layerwise.gui.common.Messages.text;

import atlantafx.base.controls.ProgressSliderSkin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.Slider;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.controlsfx.control.CheckListView;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.AdapterCounts;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.SelectionRule;

/** Selection pane: the rule, the selected layers, the savings, and the actions. */
public final class SelectionView extends BorderPane {

    private static final double LEAST_RATIO = 0.01;
    private static final double ROW_HEIGHT = 30;

    private final SelectionViewModel selection;
    private final Label count = Nodes.label("", "title-text");
    private final Label rule = Nodes.label("", "muted");
    private final Label shortfall = Nodes.label("", "notice");
    private final Slider ratio = new Slider(LEAST_RATIO, 1, SelectionViewModel.DEFAULT_RATIO);
    private final Label ratioText = Nodes.label("", "figures");
    private final MenuButton rules = new MenuButton(text("selection.rule"));
    private final CheckBox include = new CheckBox(text("selection.include"));
    private final CheckListView<Integer> layers = new CheckListView<>();
    private final List<LayerCell> cells = new ArrayList<>();
    private final Label trainable = Nodes.label("", "figures");
    private final Label full = Nodes.label("", "figures");
    private final Label saved = Nodes.label("", "figures", "strong");
    private final StackPane content = new StackPane();
    private final Region body;
    private boolean showing;
    private boolean showsLayers;

    /**
     * @param save saves the selection
     * @param export opens the export window
     * @param train opens the training pane
     * @param training true while the training pane with its own button is visible
     */
    public SelectionView(
            SelectionViewModel selection,
            Runnable save,
            Runnable export,
            Runnable train,
            ObservableValue<Boolean> training) {
        this.selection = selection;
        Label empty = Nodes.label(text("selection.empty"), "muted");
        empty.setWrapText(true);
        StackPane nothing = new StackPane(empty);
        nothing.getStyleClass().add("page");
        nothing.setAlignment(Pos.TOP_LEFT);
        Label heading = Nodes.label(text("selection.title"), "section");
        body = body(save, export, train, training);
        Nodes.showWhen(body, selection.selectionProperty().map(shown -> true).orElse(false));
        Nodes.showWhen(
                nothing, selection.selectionProperty().map(shown -> false).orElse(true));
        getStyleClass().addAll("pane", "side");
        setTop(heading);
        content.getChildren().setAll(nothing);
        setCenter(content);
        selection.selectionProperty().addListener((observable, was, is) -> show());
        selection.importanceProperty().addListener((observable, was, is) -> show());
        show();
        selection.countsProperty().subscribe(counts -> show(counts));
    }

    /** Returns the controls that will be added to the window; empty if they are there. */
    public Optional<Node> unattached() {
        return content.getChildren().contains(body) ? Optional.empty() : Optional.of(body);
    }

    /** Adds the controls to the window, if they are not there. They appear with the first selection. */
    public void attach() {
        unattached().ifPresent(content.getChildren()::add);
    }

    /**
     * Styles and lays out the controls before they appear, with rows in a part of the list, so that these are there when the list gets
     * layers. Does nothing once a selection was shown.
     *
     * @param part share of the window's height that the list gets at most, in (0, 1]: a list makes all of its rows as soon as it has
     *     their height, so growing parts make a few rows at a time
     */
    public void prepareRows(double part) {
        if (showsLayers) {
            return;
        }
        double height = content.getHeight();
        if (layers.getItems().isEmpty()) {
            layers.getItems()
                    .setAll(IntStream.range(0, (int) (height / ROW_HEIGHT))
                            .boxed()
                            .toList());
        }
        layers.setMaxHeight(part * height);
        body.applyCss();
        body.resize(content.getWidth(), height);
        body.layout();
    }

    /** Takes the prepared rows out of the list, which keeps them for its layers. */
    public void finishRows() {
        layers.setMaxHeight(Region.USE_COMPUTED_SIZE);
        if (!showsLayers) {
            layers.getItems().clear();
        }
    }

    private Region body(Runnable save, Runnable export, Runnable train, ObservableValue<Boolean> training) {
        count.setId("selection-count");
        count.setWrapText(true);
        rule.setId("selection-rule");
        rule.setWrapText(true);
        shortfall.setId("selection-shortfall");
        shortfall.setWrapText(true);
        Nodes.showWhen(shortfall, shortfall.textProperty().isNotEmpty());
        include.setId("include-undefined");
        Tooltips.set(include, text("selection.include.tip"));
        include.setOnAction(event ->
                selection.setUndefined(include.isSelected() ? UndefinedLayers.INCLUDE : UndefinedLayers.EXCLUDE));
        var saveButton = Nodes.button("save-selection", text("action.save"), save);
        var trainButton = Nodes.primary("go-train", text("action.train"), train);
        var exportButton = Nodes.button("export-selection", text("action.export.more"), export);
        Nodes.fillWidth(saveButton);
        Nodes.fillWidth(exportButton);
        Nodes.fillWidth(trainButton);
        Nodes.showWhen(trainButton, training.map(shown -> !shown));
        Label untrainable = Nodes.wrapped(Nodes.label(text("selection.untrainable"), "notice"));
        untrainable.setId("selection-untrainable");
        Nodes.showWhen(untrainable, selection.trainableHere().map(can -> !can));
        HBox buttons = Nodes.row(saveButton, exportButton, trainButton);
        VBox.setVgrow(layers, Priority.ALWAYS);
        layers();
        VBox body =
                new VBox(new VBox(count, rule), ratio(), shortfall, layers, include, counts(), untrainable, buttons);
        body.getStyleClass().add("page");
        return body;
    }

    private Node ratio() {
        ratio.setId("ratio");
        ratio.setSkin(new ProgressSliderSkin(ratio));
        ratio.setBlockIncrement(0.05);
        HBox.setHgrow(ratio, Priority.ALWAYS);
        ratio.valueProperty().addListener((value, was, is) -> {
            if (!showing) {
                selection.ratioProperty().set(Math.max(LEAST_RATIO, Math.round(is.doubleValue() * 100) / 100.0));
            }
        });
        selection.ratioProperty().subscribe(share -> showRatio(share.doubleValue()));
        ratio.disableProperty()
                .bind(Bindings.createBooleanBinding(
                        () -> !selection.ranked() && !selection.selectsLast(),
                        selection.analysisProperty(),
                        selection.selectionProperty()));
        HBox row = Nodes.row(Nodes.caption(text("selection.ratio"), ratio), ratio, ratioText, rules);
        ratioText.setMinWidth(USE_PREF_SIZE);
        rules.setId("select-rule");
        rules.setMinWidth(USE_PREF_SIZE);
        Tooltips.set(rules, text("selection.rule.tip"));
        return row;
    }

    private void showRules() {
        MenuItem important = item("ratio", text("selection.rule.ratio"), selection::selectByRatio);
        important.setDisable(!selection.ranked());
        rules.getItems().setAll(important, item("last", text("selection.rule.last"), selection::selectLast));
        List<LayerKind> differing = selection.kinds().differing();
        if (!differing.isEmpty()) {
            rules.getItems().add(new SeparatorMenuItem());
            differing.stream().map(this::item).forEach(rules.getItems()::add);
        }
    }

    private MenuItem item(LayerKind kind) {
        int layers = selection.kinds().layers(kind).size();
        return item(kind.id(), text("selection.kind", kind.title(), layers), () -> selection.choose(kind));
    }

    private static MenuItem item(String id, String words, Runnable select) {
        MenuItem item = new MenuItem(words);
        item.setId("select-" + id);
        item.setOnAction(event -> select.run());
        return item;
    }

    private void showRatio(double value) {
        boolean before = showing;
        showing = true;
        ratio.setValue(value);
        showing = before;
        ratioText.setText(NumberTexts.percent(value));
    }

    private void layers() {
        layers.setId("layers");
        layers.setAccessibleText(text("selection.list"));
        layers.setFixedCellSize(ROW_HEIGHT);
        layers.setMinHeight(3 * ROW_HEIGHT);
        layers.setCellFactory(list -> {
            LayerCell cell = new LayerCell(selection, layers::getItemBooleanProperty);
            cells.add(cell);
            return cell;
        });
        layers.getCheckModel().getCheckedItems().addListener((ListChangeListener<Integer>) change -> checked());
        layers.addEventFilter(KeyEvent.KEY_PRESSED, key -> {
            Integer layer = layers.getFocusModel().getFocusedItem();
            if (layer != null && key.getCode() == KeyCode.SPACE) {
                selection.toggle(layer);
                key.consume();
            } else if (layer != null && key.getCode() == KeyCode.L && !key.isShortcutDown()) {
                selection.setLock(layer, selection.lock(layer).next());
                key.consume();
            }
        });
        layers.getFocusModel().focusedItemProperty().addListener((item, was, is) -> {
            if (layers.isFocused()) {
                selection.highlightedProperty().set(is);
            }
        });
    }

    private void checked() {
        LayerSelection now = selection.selectionProperty().get();
        if (showing || now == null) {
            return;
        }
        List<Integer> differing = layers.getItems().stream()
                .filter(layer -> layers.getCheckModel().isChecked(layer) != now.contains(layer))
                .toList();
        differing.forEach(selection::toggle);
    }

    private Node counts() {
        trainable.setId("trainable");
        full.setId("full");
        saved.setId("saved");
        VBox rows = new VBox(
                new HBox(Nodes.label(text("selection.trainable"), "muted"), Nodes.spring(), trainable),
                new HBox(Nodes.label(text("selection.full"), "muted"), Nodes.spring(), full),
                new HBox(Nodes.label(text("selection.saving.part"), "muted"), Nodes.spring(), saved));
        rows.getStyleClass().add("counts");
        return rows;
    }

    private void show() {
        LayerSelection now = selection.selectionProperty().get();
        LayerImportance importance = selection.importanceProperty().get();
        if (now != null) {
            attach();
        }
        if (now == null || importance == null || importance.layers() != now.of()) {
            return;
        }
        showing = true;
        showsLayers = true;
        layers.setMaxHeight(Region.USE_COMPUTED_SIZE); // the rows may be half prepared
        List<Integer> all = IntStream.range(0, now.of()).boxed().toList();
        if (!all.equals(layers.getItems())) {
            layers.getCheckModel().clearChecks();
            layers.getItems().setAll(all);
        }
        for (int layer : all) {
            if (layers.getCheckModel().isChecked(layer) != now.contains(layer)) {
                layers.getItemBooleanProperty(layer).set(now.contains(layer));
            }
        }
        count.setText(count(now));
        rule.setText(words(now));
        shortfall.setText(now.reason().shortfallSentence().orElse(""));
        boolean undefined = selection.ranked()
                && all.stream().anyMatch(layer -> importance.of(layer).isEmpty());
        Nodes.show(include, undefined);
        include.setSelected(selection.undefined() == UndefinedLayers.INCLUDE);
        showRules();
        cells.forEach(LayerCell::refresh); // the list would take all rows out, and JavaFX would style each anew
        showing = false;
    }

    private static String count(LayerSelection now) {
        String layers = text("selection.count", now.layers().size(), now.of());
        return now.modules() == null
                ? layers
                : text("selection.count.maps", layers, now.modules().words());
    }

    private String words(LayerSelection now) {
        RankBudget budget = now.reason().budget();
        String by = ofRule(now);
        return budget == null ? by : text("selection.by.budget", by, NumberTexts.exact(budget.parameters()));
    }

    private String ofRule(LayerSelection now) {
        SelectionRule by = now.reason().rule();
        if (by instanceof SelectionRule.TopRatio) {
            return text("selection.by.ratio");
        }
        if (by instanceof SelectionRule.ByHand) {
            return text(
                    selection.ranked()
                            ? "selection.by.hand"
                            : now.layers().size() == now.of() ? "selection.by.all" : "selection.by.hand");
        }
        return text("selection.by.rule", by.words());
    }

    private void show(@Nullable AdapterCounts counts) {
        show(trainable, counts == null ? -1 : counts.trainable());
        show(full, counts == null ? -1 : counts.full());
        saved.setText(counts == null ? "–" : NumberTexts.percent(counts.saved()));
    }

    private static void show(Label label, long parameters) {
        label.setText(parameters < 0 ? "–" : NumberTexts.parameters(parameters));
        Tooltips.set(label, parameters < 0 ? "" : text("exact.adapters", NumberTexts.exact(parameters)));
    }
}

package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import atlantafx.base.controls.ProgressSliderSkin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ModuleImportance.Module;
import org.layerwise.gui.analysis.ModulesViewModel.Shown;
import org.layerwise.gui.analysis.RankBudgetViewModel.Over;
import org.layerwise.gui.analysis.RankBudgetViewModel.Spread;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.SheetTable;
import org.layerwise.gui.common.Spinners;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.lora.LoraSettings;
import org.layerwise.selection.RankRule;

/** Budget of parameters with the ranks that it gives each linear map. */
final class RankBudgetView extends VBox {

    private static final double FIELD_WIDTH = 84;
    private static final double RANK_WIDTH = 100;
    private static final double STEP = 0.05;
    private static final double TABLE_HEIGHT = 196;

    private final RankBudgetViewModel budget;
    private final ModulesViewModel modules;
    private final ReadOnlyObjectWrapper<Sheet> sheet = new ReadOnlyObjectWrapper<>(Sheet.empty());
    private final Label result = Nodes.label("", "figures");

    RankBudgetView(RankBudgetViewModel budget, ModulesViewModel modules) {
        this.budget = budget;
        this.modules = modules;
        SheetTable table = new SheetTable("budget-ranks", text("budget.table"), sheet);
        table.setPrefHeight(TABLE_HEIGHT);
        table.setMinHeight(0);
        VBox.setVgrow(table, Priority.ALWAYS);
        table.visibleProperty().bind(budget.spreadProperty().isNotNull());
        Label mistake = Nodes.sentence("budget-mistake", budget.mistakeProperty(), "notice");
        Nodes.showWhen(mistake, budget.mistakeProperty().isNotEmpty());
        getStyleClass().add("group");
        getChildren().setAll(amount(), spreading(), mistake, table);
        budget.spreadProperty().addListener((observable, was, is) -> show(is));
        show(budget.spreadProperty().get());
    }

    private Node amount() {
        Slider slider = new Slider(0, 1, budget.shareProperty().get());
        slider.setId("budget-share");
        slider.setSkin(new ProgressSliderSkin(slider));
        slider.setBlockIncrement(STEP);
        slider.valueProperty().bindBidirectional(budget.shareProperty());
        HBox.setHgrow(slider, Priority.ALWAYS);
        TextField field = new TextField();
        field.setId("budget");
        field.setPrefWidth(FIELD_WIDTH);
        field.setMinWidth(FIELD_WIDTH);
        Tooltips.set(field, text("budget.tip"));
        field.textProperty().bindBidirectional(budget.budgetProperty());
        result.setId("budget-result");
        result.setMinWidth(USE_PREF_SIZE);
        Button keep = Nodes.button("budget-keep", text("budget.keep"), budget::keep);
        Tooltips.set(keep, text("budget.keep.tip"));
        keep.disableProperty().bind(Bindings.isNull(budget.spreadProperty()));
        HBox row = Nodes.row(Nodes.caption(text("budget.amount"), slider), slider, field, result, keep);
        field.setAccessibleText(text("budget.amount"));
        return row;
    }

    private Node spreading() {
        ChoiceBox<RankRule> rule = new ChoiceBox<>(budget.rules());
        rule.setId("budget-rule");
        rule.setConverter(Nodes.words(of -> of == null ? "" : text("budget.rule." + of.id())));
        Tooltips.set(rule, text("budget.rule.tip"));
        rule.valueProperty().bindBidirectional(budget.ruleProperty());
        ChoiceBox<Over> over = new ChoiceBox<>(FXCollections.observableArrayList(Over.values()));
        over.setId("budget-over");
        over.setConverter(Nodes.words(of -> of == null ? "" : text("budget.over." + of.id())));
        over.valueProperty().bindBidirectional(budget.overProperty());
        int highest = (int) LoraSettings.RANKS.high();
        Spinner<Integer> least = Spinners.of("budget-min-rank", 1, highest, 1, budget.minRankProperty());
        Spinner<Integer> most = Spinners.of("budget-max-rank", 1, highest, 1, budget.maxRankProperty());
        for (Spinner<Integer> spinner : List.of(least, most)) {
            spinner.setPrefWidth(RANK_WIDTH);
            spinner.setMinWidth(RANK_WIDTH);
        }
        most.setAccessibleText(text("budget.max"));
        HBox row = Nodes.row(
                Nodes.caption(text("budget.over"), over),
                over,
                rule,
                Nodes.caption(text("budget.ranks"), least),
                least,
                Nodes.label("–", "muted"),
                most);
        rule.setAccessibleText(text("budget.rule"));
        least.setAccessibleText(text("budget.min"));
        return row;
    }

    private void show(@Nullable Spread spread) {
        Shown shown = modules.shownProperty().get();
        if (spread == null || shown == null) {
            result.setText("");
            sheet.set(Sheet.empty());
            return;
        }
        result.setText(text(
                "budget.result",
                NumberTexts.exact(spread.parameters()),
                NumberTexts.exact(spread.budget()),
                NumberTexts.share((double) spread.parameters() / spread.full())));
        sheet.set(ranks(shown, spread.ranks()));
    }

    /** Returns the ranks with a row for each type and a column for each layer, as the heatmap shows them. */
    private static Sheet ranks(Shown shown, Map<String, Integer> ranks) {
        List<Sheet.Column> columns = new ArrayList<>();
        columns.add(new Sheet.Column(text("budget.column.map"), "module", "", false));
        IntStream.range(0, shown.layers())
                .mapToObj(layer -> new Sheet.Column(
                        String.valueOf(layer), "layer_" + layer, text("budget.column.layer", layer), true))
                .forEach(columns::add);
        Map<String, Sheet.Cell[]> rows = new HashMap<>();
        shown.importance().types().forEach(type -> {
            Sheet.Cell[] cells = new Sheet.Cell[shown.layers()];
            Arrays.fill(cells, Sheet.Cell.of(""));
            rows.put(type, cells);
        });
        for (Module module : shown.importance().modules()) {
            Sheet.Cell[] cells = rows.get(module.type());
            if (cells != null) {
                cells[module.layer()] = Sheet.Cell.count(ranks.get(module.name()));
            }
        }
        List<List<Sheet.Cell>> lines = new ArrayList<>();
        shown.importance().labels().forEach((type, label) -> {
            List<Sheet.Cell> line = new ArrayList<>(List.of(new Sheet.Cell(label, type)));
            line.addAll(List.of(rows.getOrDefault(type, new Sheet.Cell[0])));
            lines.add(line);
        });
        return new Sheet(columns, lines);
    }
}

package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import java.util.SortedSet;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SelectionDiff;
import org.layerwise.selection.SelectionRule;

/**
 * Comparison of two selections: one chip per layer, coloured by the selections that contain the layer, and a
 * description of the differences.
 */
public final class SelectionDiffView extends VBox {

    private static final double WIDTH = 460;

    private final String firstName;
    private final String secondName;

    /**
     * Creates the comparison.
     *
     * @param firstName display name of the first selection
     * @param secondName display name of the second selection
     */
    public SelectionDiffView(SelectionDiff diff, String firstName, String secondName) {
        this.firstName = firstName;
        this.secondName = secondName;
        getStyleClass().add("selection-diff");
        setPrefWidth(WIDTH);
        Label sentence = Nodes.label(sentence(diff));
        sentence.setId("diff-sentence");
        sentence.setWrapText(true);
        getChildren().setAll(sentence, chips(diff), legend(), facts(diff));
    }

    private Node chips(SelectionDiff diff) {
        FlowPane chips = new FlowPane();
        chips.setId("diff-chips");
        chips.getStyleClass().add("diff-chips");
        for (int layer = 0; layer < diff.first().of(); layer++) {
            String who = describeMembership(diff, layer);
            Label chip = Nodes.label(String.valueOf(layer), "diff-chip", "diff-" + who, "figures");
            String words = text("diff.chip." + who, layer, firstName, secondName);
            Tooltips.set(chip, words);
            chip.setAccessibleText(words);
            chips.getChildren().add(chip);
        }
        chips.setAccessibleRole(AccessibleRole.TEXT);
        chips.setAccessibleText(sentence(diff));
        return chips;
    }

    private static String describeMembership(SelectionDiff diff, int layer) {
        if (diff.both().contains(layer)) {
            return "both";
        }
        return diff.onlyFirst().contains(layer) ? "first" : diff.onlySecond().contains(layer) ? "second" : "none";
    }

    private Node legend() {
        return Nodes.row(
                key("both", text("diff.both")),
                key("first", text("diff.only", firstName)),
                key("second", text("diff.only", secondName)));
    }

    private static Node key(String who, String words) {
        Label mark = Nodes.label("", "diff-chip", "diff-mark", "diff-" + who);
        HBox key = new HBox(mark, Nodes.shortened(Nodes.label(words, "caption")));
        key.getStyleClass().add("legend-key");
        key.setAlignment(Pos.CENTER_LEFT);
        return key;
    }

    private Node facts(SelectionDiff diff) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("facts");
        fact(grid, 0, firstName, diff.first());
        fact(grid, 1, secondName, diff.second());
        return grid;
    }

    private static void fact(GridPane grid, int row, String name, LayerSelection selection) {
        Label words = Nodes.label(summary(selection));
        words.setWrapText(true);
        Label title = Nodes.label(name, "muted");
        title.setMinWidth(USE_PREF_SIZE);
        grid.addRow(row, title, words);
    }

    private static String summary(LayerSelection selection) {
        LayerSelection.Reason reason = selection.reason();
        String how = reason.rule() instanceof SelectionRule.TopRatio top
                ? text("diff.by.ratio", NumberTexts.percent(top.ratio()))
                : text("selection.by.rule", reason.rule().words());
        StringBuilder words =
                new StringBuilder(text("selection.count", selection.layers().size(), selection.of()));
        if (!selection.layers().isEmpty()) {
            words.append(" (").append(NumberTexts.layers(selection.layers())).append(")");
        }
        words.append(", ").append(how);
        if (!reason.locks().always().isEmpty()) {
            words.append(text("diff.always", NumberTexts.layers(reason.locks().always())));
        }
        if (!reason.locks().never().isEmpty()) {
            words.append(text("diff.never", NumberTexts.layers(reason.locks().never())));
        }
        return words.toString();
    }

    private String sentence(SelectionDiff diff) {
        if (diff.same()) {
            return text("diff.same", firstName, secondName);
        }
        if (diff.sameLayers()) {
            return text("diff.reason", firstName, secondName);
        }
        return text(
                "diff.sentence",
                secondName,
                layers(diff.onlySecond()),
                layers(diff.onlyFirst()),
                layers(diff.both()),
                NumberTexts.percent(diff.overlap()));
    }

    private static String layers(SortedSet<Integer> layers) {
        return layers.isEmpty() ? text("diff.none") : NumberTexts.layers(layers);
    }
}

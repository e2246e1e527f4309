package org.layerwise.gui.help;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.layerwise.gui.help.PageBlock.Table;

/** Table whose columns share the width of the page according to their content. A table that is too wide scrolls. */
final class TableNode extends StackPane {

    private static final double LETTER = 7.2; // slightly more than the mean width of a letter at 13 px
    private static final double PADDING = 26;
    private static final double BAR = 16;
    private static final double EDGES = 2;
    private static final double LEAST = 44;
    private static final int LONGEST_WORD = 24;

    private final GridPane grid = new GridPane();
    private final ScrollPane sideways = new ScrollPane();
    private final List<Double> least = new ArrayList<>();
    private final List<Double> whole = new ArrayList<>();

    TableNode(Table table, LineView.Follow links) {
        for (int column = 0; column < table.head().size(); column++) {
            measure(table, column);
            grid.add(cell(table.head().get(column), links, "help-head"), column, 0);
            for (int row = 0; row < table.rows().size(); row++) {
                grid.add(cell(table.rows().get(row).get(column), links, "help-cell"), column, row + 1);
            }
        }
        grid.getStyleClass().add("help-table");
        sideways.getStyleClass().add("help-sideways");
        sideways.setVbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        sideways.setFocusTraversable(false);
        setAlignment(Pos.TOP_LEFT);
        setMinWidth(0); // the page may become narrower than the table
        getChildren().setAll(grid);
    }

    private static VBox cell(List<InlineText> line, LineView.Follow links, String style) {
        LineView words = new LineView(line, links);
        VBox cell = new VBox(words);
        cell.getStyleClass().add(style);
        cell.setMaxHeight(Double.MAX_VALUE);
        GridPane.setVgrow(cell, Priority.ALWAYS);
        return cell;
    }

    private void measure(Table table, int column) {
        int longest = 0;
        int word = 0;
        List<String> cells = new ArrayList<>();
        cells.add(InlineText.plain(table.head().get(column)));
        table.rows().forEach(row -> cells.add(InlineText.plain(row.get(column))));
        for (String cell : cells) {
            longest = Math.max(longest, cell.length());
            for (String part : cell.split("[\\s/-]+")) {
                word = Math.max(word, part.length());
            }
        }
        least.add(Math.max(LEAST, Math.min(word, LONGEST_WORD) * LETTER + PADDING));
        whole.add(Math.max(LEAST, longest * LETTER + PADDING));
    }

    /**
     * Gives each column the width of its longest word, and distributes the remaining width in proportion to the width
     * that each column lacks.
     *
     * @param width available width in pixels
     */
    void fit(double width) {
        double needed = sum(least);
        double wanted = sum(whole);
        double share = wanted <= needed ? 0 : Math.max(0, Math.min(1, (width - EDGES - needed) / (wanted - needed)));
        grid.getColumnConstraints().clear();
        double total = 0;
        for (int column = 0; column < least.size(); column++) {
            double own = Math.floor(least.get(column) + share * Math.max(0, whole.get(column) - least.get(column)));
            total += own;
            ColumnConstraints constraints = new ColumnConstraints(own, own, own);
            grid.getColumnConstraints().add(constraints);
        }
        grid.setMinWidth(total + EDGES);
        grid.setPrefWidth(total + EDGES);
        grid.setMaxWidth(total + EDGES);
        if (total + EDGES > width) {
            getChildren().setAll(sideways);
            sideways.setContent(grid);
            sideways.setMinHeight(grid.prefHeight(total + EDGES) + BAR);
        } else {
            sideways.setContent(null);
            getChildren().setAll(grid);
        }
    }

    private static double sum(List<Double> widths) {
        return widths.stream().mapToDouble(Double::doubleValue).sum();
    }
}

package org.layerwise.gui.compare;

import static org.layerwise.gui.text.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.chart.ChartStyle;
import org.layerwise.chart.ImportanceOverlayChart;
import org.layerwise.gui.sheet.Sheet;
import org.layerwise.gui.sheet.Sheet.Cell;
import org.layerwise.gui.sheet.Sheet.Column;
import org.layerwise.gui.text.Figures;

/** Two or more rankings of equally many layers. */
record Rankings(List<Subject> subjects) {

    Rankings {
        subjects = List.copyOf(subjects);
    }

    /** What keeps subjects from being compared, in one sentence; empty if nothing does. */
    static Optional<String> mistake(List<Subject> subjects) {
        if (subjects.size() < 2) {
            return Optional.of(text("compare.needs.two"));
        }
        List<Integer> layers =
                subjects.stream().map(Subject::layers).distinct().sorted().toList();
        return layers.size() > 1
                ? Optional.of(text(
                        "compare.needs.same",
                        layers.stream().map(String::valueOf).collect(Collectors.joining(text("compare.and")))))
                : Optional.empty();
    }

    /** Number of layers. */
    int layers() {
        return subjects.get(0).layers();
    }

    /** The importance by each, over the layers; those of several measures each from 0 to 1. */
    ImportanceOverlayChart overlay(ChartStyle style) {
        boolean scaled = subjects.stream()
                        .map(subject -> subject.result().measure())
                        .distinct()
                        .count()
                > 1;
        String quantity = scaled
                ? text("compare.importance.scaled")
                : text("compare.importance", subjects.get(0).result().measure().importanceTitle());
        return new ImportanceOverlayChart(
                subjects.stream()
                        .map(subject -> new ImportanceOverlayChart.Series(
                                subject.label(),
                                subject.result().importance(),
                                subject.result().uncertainty()))
                        .toList(),
                quantity,
                scaled,
                style);
    }

    /** A row a layer: importance and rank by each. */
    Sheet layersSheet() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column(text("stability.column.layer"), "layer", text("stability.tip.layer"), false));
        for (Subject subject : subjects) {
            columns.add(
                    new Column(subject.label(), subject.label() + " importance", text("compare.tip.importance"), true));
            columns.add(
                    new Column(text("compare.column.rank"), subject.label() + " rank", text("compare.tip.rank"), true));
            columns.add(new Column("", subject.label() + " proposed", text("compare.tip.proposed"), false));
        }
        List<List<Integer>> order = subjects.stream()
                .map(subject -> subject.result().importance().ranking(UndefinedLayers.EXCLUDE))
                .toList();
        List<List<Cell>> rows = new ArrayList<>();
        for (int layer = 0; layer < layers(); layer++) {
            List<Cell> row = new ArrayList<>();
            row.add(Cell.of(String.valueOf(layer)));
            for (int at = 0; at < subjects.size(); at++) {
                OptionalDouble importance =
                        subjects.get(at).result().importance().of(layer);
                int rank = order.get(at).indexOf(layer);
                boolean proposed = subjects.get(at).proposed().contains(layer);
                row.add(
                        importance.isPresent()
                                ? new Cell(
                                        Figures.significant(importance.getAsDouble()),
                                        String.valueOf(importance.getAsDouble()))
                                : Cell.NONE);
                row.add(rank < 0 ? Cell.NONE : Cell.of(String.valueOf(rank + 1)));
                row.add(new Cell(proposed ? "✓" : "", proposed ? "1" : "0"));
            }
            rows.add(row);
        }
        return new Sheet(columns, rows);
    }
}

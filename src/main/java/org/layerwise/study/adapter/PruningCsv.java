package org.layerwise.study.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.layerwise.base.CsvText;
import org.layerwise.training.Evaluation;

/**
 * Formats the steps of a pruning as CSV: {@code removed,layers,remaining,parameters,loss}, then the metrics, then {@code kept} (1 or
 * 0). The layers are numbers with spaces between; numbers are lossless with a decimal point,
 * and one that is not finite is an empty cell.
 */
final class PruningCsv {

    private PruningCsv() {}

    static String text(PruningResult result) {
        List<String> metrics =
                List.copyOf(result.steps().get(0).evaluation().metrics().keySet());
        List<String> columns =
                new ArrayList<>(List.of("removed", "layers", "remaining", "parameters", Evaluation.LOSS));
        metrics.forEach(metric -> columns.add(CsvText.quoted(metric)));
        columns.add("kept");
        StringBuilder text = new StringBuilder(String.join(",", columns)).append('\n');
        for (PruningStep step : result.steps()) {
            Evaluation evaluation = step.evaluation();
            List<String> cells = new ArrayList<>();
            cells.add(step.removed() == null ? "" : step.removed().toString());
            cells.add(step.layers().stream().map(String::valueOf).collect(Collectors.joining(" ")));
            cells.add(String.valueOf(step.layers().size()));
            cells.add(String.valueOf(step.parameters()));
            cells.add(CsvText.number(evaluation.loss()));
            metrics.forEach(
                    metric -> cells.add(CsvText.number(evaluation.metrics().getOrDefault(metric, Double.NaN))));
            cells.add(step == result.kept() ? "1" : "0");
            text.append(String.join(",", cells)).append('\n');
        }
        return text.toString();
    }
}

package org.layerwise.cli.report;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.cli.console.TextTable;
import org.layerwise.study.experiment.ExperimentReport;
import org.layerwise.study.experiment.ExperimentResult;

/** Formats the table of an experiment, followed by its remarks. */
public final class ExperimentTable {

    private ExperimentTable() {}

    public static List<String> lines(ExperimentResult result) {
        List<List<String>> rows = ExperimentReport.table(result);
        List<String> headings = new ArrayList<>(rows.get(0));
        headings.replaceAll(heading -> headings.indexOf(heading) < 2 ? heading : ">" + heading);
        TextTable table = TextTable.of(headings.toArray(String[]::new));
        rows.subList(1, rows.size()).forEach(row -> table.row(row.toArray(String[]::new)));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        lines.addAll(ExperimentReport.remarks(result));
        return lines;
    }
}

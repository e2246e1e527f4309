package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.base.WholeFiles;

/**
 * What is written of an experiment beside its runs: {@code results.csv}, a line a run; {@code summary.csv}, a line an arm; three
 * pictures; {@code report.md}; and {@code report.html}, which needs no other file. The same results give the same files.
 */
public final class ExperimentFolder {

    /** The report to open. */
    public static final String REPORT = "report.html";

    private ExperimentFolder() {}

    /** Writes into the experiment's folder, the report last. */
    public static void write(ExperimentResult result) {
        Path out = result.settings().out();
        WholeFiles.writeString(out.resolve("results.csv"), ExperimentCsv.runs(result));
        WholeFiles.writeString(out.resolve("summary.csv"), ExperimentCsv.arms(result));
        new ExperimentCharts(result).write(out);
        List<Block> blocks = ExperimentReport.blocks(result);
        WholeFiles.writeString(out.resolve("report.md"), MarkdownReport.of(blocks));
        WholeFiles.writeString(out.resolve(REPORT), new HtmlReport(out).of(ExperimentReport.title(result), blocks));
    }
}

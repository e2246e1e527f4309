package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.layerwise.base.WholeFiles;
import org.layerwise.study.MarkedFolder;

/**
 * What is written of an experiment beside its runs: {@code results.csv}, a line a run; {@code summary.csv}, a line an arm; three
 * pictures; {@code report.md}; and {@code report.html}, which needs no other file. The same results give the same files.
 */
public final class ExperimentFolder {

    private static final String RESULTS = "results.csv";
    private static final String SUMMARY = "summary.csv";
    private static final String TEXT = "report.md";

    /** The report to open. */
    public static final String REPORT = "report.html";

    /** The names of all that is written into an experiment's folder. */
    private static final Set<String> WRITTEN = Set.of(
            "runs",
            ExperimentJob.ANALYSIS,
            ExperimentFile.NAME,
            ExperimentCharts.METRIC,
            ExperimentCharts.TRADE_OFF,
            ExperimentCharts.CURVES,
            RESULTS,
            SUMMARY,
            TEXT,
            REPORT);

    private ExperimentFolder() {}

    /** Whether a file or folder of that name is one of an experiment. */
    public static boolean writes(String name) {
        return WRITTEN.contains(name);
    }

    /**
     * Makes sure that a new experiment takes nothing of others for its own: an analysis of something else would choose the layers,
     * and reports of others would be replaced.
     *
     * @throws org.layerwise.base.UserException if there is a file or folder of one of its names
     */
    static void requireNothingOfOthers(Path out) {
        new MarkedFolder(out, ExperimentFile.NAME, "experiment").requireNone(WRITTEN);
    }

    /** Writes into the experiment's folder, the report last. */
    static void write(ExperimentResult result) {
        Path out = result.settings().out();
        WholeFiles.writeString(out.resolve(RESULTS), ExperimentCsv.runs(result));
        WholeFiles.writeString(out.resolve(SUMMARY), ExperimentCsv.arms(result));
        new ExperimentCharts(result).write(out);
        List<Block> blocks = ExperimentReport.blocks(result);
        WholeFiles.writeString(out.resolve(TEXT), MarkdownReport.of(blocks));
        WholeFiles.writeString(out.resolve(REPORT), new HtmlReport(out).of(ExperimentReport.title(result), blocks));
    }
}

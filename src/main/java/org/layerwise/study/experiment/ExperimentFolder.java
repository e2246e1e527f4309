package org.layerwise.study.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.Progress;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FilesReplacement;
import org.layerwise.base.file.OwnedFolder;
import org.layerwise.base.file.SymbolicLinks;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.study.experiment.report.HtmlReport;
import org.layerwise.study.experiment.report.MarkdownReport;
import org.layerwise.study.experiment.report.ReportBlock;
import org.layerwise.study.experiment.rules.ExperimentRules;

/**
 * Writes the results of an experiment into its folder: {@code results.csv}, one line per run; {@code summary.csv}, one
 * line per arm; up to five pictures; {@code report.md}; and {@code report.html}, which needs no other file. Equal results
 * give equal files.
 */
public final class ExperimentFolder {

    /** Name of the file with the settings, by which the folder of an experiment is known. */
    public static final String SETTINGS = ExperimentFile.NAME;

    /** Name of the table with one line per run. */
    public static final String RESULTS = "results.csv";

    /** Name of the table with one line per arm. */
    public static final String SUMMARY = "summary.csv";

    /** Heading of the report under which the conclusion stands. */
    public static final String CONCLUSION = "Result";

    /** Name of the report as Markdown. */
    public static final String TEXT = "report.md";

    /** Name of the report for people. */
    public static final String REPORT = "report.html";

    /** Name of the result of a pilot. */
    public static final String PILOT = Pilot.NAME;

    /** Names of the files with the results. */
    private static final Set<String> FILES = Set.of(
            ExperimentCharts.METRIC,
            ExperimentCharts.TRADE_OFF,
            ExperimentCharts.DIFFERENCES,
            ExperimentCharts.RANKS,
            ExperimentCharts.CURVES,
            RESULTS,
            SUMMARY,
            TEXT,
            REPORT);

    /** Names of all files and folders that are written into an experiment's folder. */
    private static final Set<String> WRITTEN = Stream.concat(
                    FILES.stream(),
                    Stream.of("runs", ExperimentAnalysis.FOLDER, ExperimentFile.NAME, ExperimentPlan.NAME, Pilot.NAME))
            .collect(Collectors.toUnmodifiableSet());

    private static final FilesReplacement.Kind KIND =
            new FilesReplacement.Kind("results", REPORT, ".experiment.ready", ".experiment.lock", FILES::contains);

    /**
     * Settings that an experiment adds to those of an analysis and a training.
     *
     * @param arms compared arms
     * @param rates learning rates to choose from
     * @param seeds number of final runs per arm
     * @param rules rules of the choice of learning rates and of the comparison
     */
    public record Choices(List<Arm> arms, List<Double> rates, int seeds, ExperimentRules rules) {}

    private ExperimentFolder() {}

    /** Returns the command that runs, resumes or extends an experiment. */
    public static EquivalentCommand command(ExperimentSettings settings) {
        return new EquivalentCommand("experiment", ExperimentFile.flags(settings));
    }

    /**
     * Returns the settings with which an experiment was last run.
     *
     * @throws org.layerwise.base.UserException if its file cannot be read, or has an arm that does not exist
     */
    public static Choices choices(Path folder) {
        return ExperimentFile.choices(folder.resolve(SETTINGS));
    }

    /** Returns true if a folder has an experiment, finished or not. */
    public static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(SETTINGS));
    }

    /** Returns true if a file or folder with this name belongs to an experiment. */
    public static boolean writes(String name) {
        return WRITTEN.contains(name);
    }

    /**
     * Requires that a folder contains nothing that a new experiment would mistake for its own files: an analysis of
     * other data would choose the layers, and other reports would be replaced.
     *
     * @throws org.layerwise.base.UserException if there is a file or folder with one of the experiment's names
     */
    static void requireNothingOfOthers(Path out) {
        new OwnedFolder(out, ExperimentFile.NAME, "experiment").requireNone(WRITTEN);
    }

    /**
     * Requires that the experiment's files stay in its folder, which may come from another person.
     *
     * @throws org.layerwise.base.UserException if a symbolic link would lead them out of the folder
     */
    static void requireNoLinks(Path out) {
        SymbolicLinks.requireNone(out, WRITTEN);
        new FilesReplacement(out, KIND).requireNoLinkAsLock();
    }

    /**
     * Moves results to their final locations if a writer was killed before it did so.
     *
     * @throws org.layerwise.base.UserException if the folder cannot be written
     */
    static void finish(Path out) {
        new FilesReplacement(out, KIND).finish();
    }

    /**
     * Replaces the results in the experiment's folder in a single step.
     *
     * @throws org.layerwise.base.UserException if a file cannot be written; the earlier results are then unchanged
     * @throws org.layerwise.base.CancelledException if cancelled while the results are written
     */
    static void write(ExperimentResult result, Progress progress) {
        new FilesReplacement(result.settings().out(), KIND)
                .replace(
                        beside -> write(result, beside),
                        written -> FILES, // not all results have all figures
                        progress);
    }

    private static void write(ExperimentResult result, Path out) {
        AtomicFiles.writeString(out.resolve(RESULTS), ExperimentCsv.runs(result));
        AtomicFiles.writeString(out.resolve(SUMMARY), ExperimentCsv.arms(result));
        new ExperimentCharts(result).write(out);
        List<ReportBlock> blocks = ExperimentReport.blocks(result);
        AtomicFiles.writeString(out.resolve(TEXT), MarkdownReport.of(blocks));
        AtomicFiles.writeString(out.resolve(REPORT), new HtmlReport(out).of(ExperimentReport.title(result), blocks));
    }
}

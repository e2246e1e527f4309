package org.layerwise.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.cli.report.ComparisonReport;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.comparison.Comparison;
import org.layerwise.study.comparison.ComparisonFolder;
import org.layerwise.study.comparison.ComparisonReplacement;
import org.layerwise.study.comparison.CrossFolder;
import org.layerwise.study.comparison.CrossSimilarity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code compare}: shows the agreement of measures, tasks and models on the important layers. */
@Command(
        name = "compare",
        customSynopsis = "layerwise compare --analysis DIR [--analysis DIR ...] [OPTIONS]",
        description =
                "Compare rankings of layers: of several analyses, or of several measures of one. Tells how far they"
                        + " agree and which layers they select together, and how alike two models are on the same data.")
final class CompareCommand extends LayerwiseCommand {

    @Option(
            names = "--analysis",
            paramLabel = "DIR,...",
            required = true,
            description = "Folder that analyze wrote; once for each analysis, or several with commas between.")
    private List<String> analyses = List.of();

    @Option(
            names = "--measure",
            paramLabel = "cka,rsa",
            split = ",",
            description = "Measures to compare, with commas between. Default: all that the analyses hold.")
    private @Nullable List<String> measures;

    @Option(
            names = "--ratio",
            paramLabel = "R",
            description = "Share of the layers to select, above 0 and at most 1. Default: as the first analysis did.")
    private @Nullable Double ratio;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder for importance.csv, agreement.csv, selection.json, difference.csv,"
                            + " difference-heatmap.png, cross-similarity.csv and cross-heatmap.png. Default: none, tables are only told.")
    private @Nullable Path out;

    @Override
    void run() {
        Limits.share("--ratio", ratio);
        List<Measure> wanted = measures();
        if (out != null) {
            folders().forEach(folder -> new Output("--out", out).requireNot("--analysis", folder));
            new ComparisonReplacement(out).check();
        }
        context().run("Compare", (workbench, progress) -> {
            List<Analysis> found = new ArrayList<>();
            List<Path> folders = folders();
            for (Path folder : folders) {
                progress.check();
                progress.report(0.5 * found.size() / folders.size(), "Reading " + folder);
                found.add(AnalysisFolder.read(folder));
            }
            Optional<CrossSimilarity> cross =
                    CrossSimilarity.ofAnalyses(workbench, found, folders, wanted, progress.part(0.5, 1));
            Optional<String> apart = Comparison.differentLayers(found);
            List<String> lines = new ArrayList<>();
            Optional<Comparison> comparison =
                    apart.isPresent() && cross.isPresent() ? Optional.empty() : Optional.of(comparison(found, wanted));
            if (out != null) {
                progress.check();
                progress.report(1, "Writing " + out);
                new ComparisonReplacement(out)
                        .replace(
                                beside -> {
                                    comparison.ifPresent(one -> ComparisonFolder.write(one, beside));
                                    cross.ifPresent(one -> CrossFolder.write(one, beside));
                                },
                                progress);
            }
            comparison.map(ComparisonReport::lines).ifPresentOrElse(lines::addAll, () -> {
                lines.add(apart.orElseThrow());
                Comparison.differentSettings(found).ifPresent(lines::add);
            });
            cross.map(CrossSimilarity::sentence).ifPresent(lines::add);
            progress.close();
            lines.forEach(context()::say);
        });
        if (out != null) {
            context().say("Wrote " + out);
        }
    }

    private Comparison comparison(List<Analysis> analyses, List<Measure> wanted) {
        AnalysisSettings first = analyses.get(0).settings();
        Comparison comparison =
                Comparison.of(analyses, wanted, ratio == null ? first.ratio() : ratio, first.undefined());
        if (comparison.rows().size() < 2) {
            throw new UserException(
                    "There is only one ranking, %s; give another --analysis, or one with several measures."
                            .formatted(comparison.labels().get(0)));
        }
        return comparison;
    }

    private List<Measure> measures() {
        if (measures == null) {
            return Measures.ALL;
        }
        return measures.stream()
                .map(String::strip)
                .map(id -> Measures.of(id)
                        .orElseThrow(() -> new UserException("There is no measure \"%s\"; known are %s."
                                .formatted(id, String.join(", ", Measures.ids())))))
                .toList();
    }

    /** Returns the folders of the analyses. A name with a comma that exists as a folder is not split. */
    private List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        for (String named : analyses) {
            for (String one : Files.exists(Path.of(named)) ? List.of(named) : List.of(named.split(","))) {
                folders.add(AnalysisFolder.of(Path.of(one.strip())));
            }
        }
        return folders;
    }
}

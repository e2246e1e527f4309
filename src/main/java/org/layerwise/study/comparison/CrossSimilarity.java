package org.layerwise.study.comparison;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.similarity.GramMeasure;
import org.layerwise.analysis.similarity.SimilarityMeasure;
import org.layerwise.analysis.similarity.SimilarityMeasures;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.study.Analysis;
import org.layerwise.study.AnalysisFolder;
import org.layerwise.study.AnalysisSettings;
import org.layerwise.study.MeasureResult;
import org.layerwise.study.RepresentationsAnalysis;
import org.layerwise.study.Workbench;
import org.layerwise.tensor.Device;

/**
 * The similarity of every hidden state of one model with every one of another, or of the same before and after a
 * fine-tuning, over the same rows. The number of layers may differ.
 *
 * @param first the name of the model whose hidden states are the rows
 * @param second the name of the model whose hidden states are the columns
 * @param results by each measure, at least one
 */
public record CrossSimilarity(String first, String second, List<Result> results) {

    /** Two outputs are the same where rounding alone sets their similarity apart from 1. */
    private static final double SAME = 1e-9;

    /** What one measure says. */
    public record Result(Measure measure, SimilarityMatrix matrix) {}

    public CrossSimilarity {
        results = List.copyOf(results);
        if (results.isEmpty()) {
            throw new IllegalArgumentException("a similarity of two models without a measure");
        }
    }

    /**
     * Of the first two analyses that are of the same rows and kept their Gram matrices, by each measure that both have and
     * that follows from these. A measure has the options of the first.
     *
     * @param folders of the analyses, in their order
     * @param measures that are wanted
     * @return empty if there are no two such analyses
     * @throws UserException if a file of Gram matrices is broken
     */
    public static Optional<CrossSimilarity> ofAnalyses(
            Workbench workbench,
            List<Analysis> analyses,
            List<Path> folders,
            List<Measure> measures,
            Progress progress) {
        for (int i = 0; i < analyses.size(); i++) {
            for (int j = i + 1; j < analyses.size(); j++) {
                Analysis first = analyses.get(i);
                Analysis second = analyses.get(j);
                if (!sameRows(first, second) || !hasGrams(folders.get(i)) || !hasGrams(folders.get(j))) {
                    continue;
                }
                List<GramMeasure> shared = shared(workbench, first, second, measures);
                if (!shared.isEmpty()) {
                    progress.report(0, "Reading " + folders.get(i).resolve(AnalysisFolder.GRAMS));
                    Grams grams = AnalysisFolder.grams(folders.get(i)).orElseThrow();
                    Grams others = AnalysisFolder.grams(folders.get(j)).orElseThrow();
                    List<String> names = ComparisonLabels.models(List.of(first, second));
                    return Optional.of(new CrossSimilarity(
                            names.get(0),
                            names.get(1),
                            results(shared, progress, (measure, part) -> measure.between(grams, others, part))));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean sameRows(Analysis first, Analysis second) {
        String rows = first.provenance().dataSha256();
        return rows != null && rows.equals(second.provenance().dataSha256());
    }

    private static boolean hasGrams(Path folder) {
        return Files.exists(folder.resolve(AnalysisFolder.GRAMS));
    }

    private static List<GramMeasure> shared(
            Workbench workbench, Analysis first, Analysis second, List<Measure> measures) {
        return first.results().stream()
                .map(MeasureResult::measure)
                .filter(measure -> measures.contains(measure)
                        && second.result(measure).isPresent()
                        && SimilarityMeasures.fromRepresentations(measure))
                .map(measure -> SimilarityMeasures.of(measure, first.settings().options(), workbench.engine()))
                .filter(GramMeasure.class::isInstance)
                .map(GramMeasure.class::cast)
                .toList();
    }

    /**
     * Of two files of representations, by all measures of the settings.
     *
     * @param device where to compute
     * @throws UserException if a file is broken, they have different numbers of examples or too few, a measure does not
     *     follow from such files, or it needs vectors of one width and they are not
     */
    public static CrossSimilarity ofFiles(
            Workbench workbench, Path first, Path second, AnalysisSettings settings, String device, Progress progress) {
        RepresentationsAnalysis.requireMeasures(settings);
        RepresentationsFile.Content one = RepresentationsFile.read(first);
        progress.check();
        RepresentationsFile.Content other = RepresentationsFile.read(second);
        int samples = one.representations().samples();
        if (samples != other.representations().samples()) {
            throw new UserException(
                    "%s has %s examples and %s has %s; write both with extract, from the same data and as many samples."
                            .formatted(
                                    first,
                                    samples,
                                    second,
                                    other.representations().samples()));
        }
        List<String> names = ComparisonLabels.files(List.of(one, other), List.of(first, second));
        Device computing = workbench.engine().device(device);
        List<SimilarityMeasure> measures = settings.measures().stream()
                .map(measure -> SimilarityMeasures.of(measure, settings.options(), workbench.engine()))
                .toList();
        return new CrossSimilarity(
                names.get(0),
                names.get(1),
                results(
                        measures,
                        progress,
                        (measure, part) ->
                                measure.between(one.representations(), other.representations(), computing, part)));
    }

    @FunctionalInterface
    private interface Between<M> {
        SimilarityMatrix of(M measure, Progress progress);
    }

    private static <M extends SimilarityMeasure> List<Result> results(
            List<M> measures, Progress progress, Between<M> between) {
        List<Result> results = new ArrayList<>();
        for (M measure : measures) {
            progress.check();
            double size = measures.size();
            Progress part = progress.part(results.size() / size, (results.size() + 1) / size);
            results.add(new Result(measure.measure(), between.of(measure, part)));
        }
        return results;
    }

    /** What the first measure says, in one sentence: which layer's output differs most, or how alike the last ones are. */
    public String sentence() {
        SimilarityMatrix matrix = results.get(0).matrix();
        String measure = results.get(0).measure().shortName();
        if (matrix.rows() != matrix.columns()) {
            int row = matrix.rows() - 1;
            int column = matrix.columns() - 1;
            return "The last hidden states of %s (%s layers) and %s (%s layers): %s."
                    .formatted(first, row, second, column, value(measure, row, column));
        }
        Function<Integer, Double> diagonal = state -> matrix.value(state, state).orElseThrow();
        Optional<Integer> least = IntStream.range(1, matrix.rows())
                .filter(state -> matrix.value(state, state).isPresent())
                .boxed()
                .min(Comparator.comparing(diagonal));
        if (least.isEmpty()) {
            return "No layer's output has a %s between %s and %s.".formatted(measure, first, second);
        }
        int state = least.get();
        return diagonal.apply(state) > 1 - SAME
                ? "No layer's output differs between %s and %s by %s.".formatted(first, second, measure)
                : "The output of layer %s differs most between %s and %s: %s."
                        .formatted(state - 1, first, second, value(measure, state, state));
    }

    private String value(String measure, int row, int column) {
        return results.get(0).matrix().value(row, column).isPresent()
                ? String.format(
                        Locale.ROOT,
                        "%s %.4f",
                        measure,
                        results.get(0).matrix().value(row, column).getAsDouble())
                : "%s is undefined".formatted(measure);
    }
}

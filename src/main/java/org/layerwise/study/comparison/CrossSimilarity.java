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
import org.layerwise.analysis.Position;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.analysis.similarity.GramMeasure;
import org.layerwise.analysis.similarity.HiddenStateMap;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.analysis.RepresentationsAnalysis;
import org.layerwise.study.analysis.RepresentationsInput;
import org.layerwise.tensor.Device;

/**
 * Similarity of every hidden state of one model to every hidden state of another model, or of the same model after
 * fine-tuning, on the same rows. The numbers of layers may differ.
 *
 * @param first name of the model whose hidden states are the rows
 * @param second name of the model whose hidden states are the columns
 * @param results results of the measures, at least one
 */
public record CrossSimilarity(String first, String second, List<Result> results) {

    /** Tolerance for rounding: two outputs are equal if their similarity differs from 1 by less. */
    private static final double SAME = 1e-9;

    /**
     * Result of one measure.
     *
     * @param map common map of the hidden states of both models, see {@link #withMaps}
     */
    public record Result(Measure measure, SimilarityMatrix matrix, Optional<HiddenStateMap> map) {}

    public CrossSimilarity {
        results = List.copyOf(results);
        if (results.isEmpty()) {
            throw new IllegalArgumentException("a similarity of two models without a measure");
        }
    }

    /**
     * Computes the similarity of the first two analyses of the same rows that saved their Gram matrices, by each
     * requested measure that both analyses have and that Gram matrices suffice for. The options of a measure are those
     * of the first analysis.
     *
     * @param folders folders of the analyses, in the same order
     * @param measures requested measures
     * @return similarity; empty if there are no two such analyses
     * @throws UserException if a file of Gram matrices is broken, or an analysis was replaced meanwhile
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
                    Grams grams = grams(folders.get(i), first);
                    Grams others = grams(folders.get(j), second);
                    List<String> names = ComparisonLabels.models(List.of(first, second));
                    return Optional.of(new CrossSimilarity(
                            names.get(0),
                            names.get(1),
                            results(
                                    shared,
                                    progress,
                                    (measure, part) -> new Result(
                                            measure.measure(),
                                            measure.between(grams, others, part),
                                            Optional.empty()))));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Reads the Gram matrices of an analysis that was read before. Whoever replaces an analysis replaces {@code
     * analysis.json} last, so that it tells which analysis they belong to.
     */
    private static Grams grams(Path folder, Analysis analysis) {
        Optional<Grams> grams = AnalysisFolder.grams(folder);
        if (grams.isEmpty() || !AnalysisFolder.read(folder).provenance().equals(analysis.provenance())) {
            throw new UserException(
                    "The analysis in %s was replaced while it was read; compare again.".formatted(folder));
        }
        return grams.get();
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
        List<Measure> both = first.results().stream()
                .map(MeasureResult::measure)
                .filter(measure ->
                        measures.contains(measure) && second.result(measure).isPresent())
                .toList();
        return GramMeasure.among(both, first.settings().options(), workbench.engine());
    }

    /**
     * Computes the similarity of two files of representations by all measures of the settings.
     *
     * @param device device of the computation
     * @throws UserException if the files have different numbers of examples or too few, a measure
     *     cannot be computed from such files, or a measure needs vectors of equal width and the widths differ
     */
    public static CrossSimilarity ofFiles(
            Workbench workbench,
            RepresentationsInput first,
            RepresentationsInput second,
            AnalysisSettings settings,
            String device,
            Progress progress) {
        RepresentationsAnalysis.requireMeasures(settings);
        RepresentationsFile.Content one = first.content();
        RepresentationsFile.Content other = second.content();
        int samples = one.representations().samples();
        if (samples != other.representations().samples()) {
            throw new UserException(
                    "%s has %s examples and %s has %s; write both with extract, from the same data and as many samples."
                            .formatted(
                                    first.file(),
                                    samples,
                                    second.file(),
                                    other.representations().samples()));
        }
        List<String> names = ComparisonLabels.files(List.of(one, other), List.of(first.file(), second.file()));
        Device computing = workbench.engine().device(device);
        List<SimilarityMeasure> measures = settings.measures().stream()
                .map(measure -> measure.with(settings.options(), workbench.engine()))
                .toList();
        return new CrossSimilarity(
                names.get(0),
                names.get(1),
                results(
                        measures,
                        progress,
                        (measure, part) -> new Result(
                                measure.measure(),
                                measure.between(one.representations(), other.representations(), computing, part),
                                Optional.empty())));
    }

    /**
     * Returns this similarity with the common map of the hidden states of both models, for measures that are metrics.
     *
     * @param analysis analysis of the first model with the same measures
     * @param other representations of the second model
     * @param device device of the computation
     */
    public CrossSimilarity withMaps(
            Workbench workbench, Analysis analysis, RepresentationsInput other, String device, Progress progress) {
        List<Result> mapped = new ArrayList<>();
        for (Result result : results) {
            double size = results.size();
            Progress part = progress.part(mapped.size() / size, (mapped.size() + 1) / size);
            Measure measure = result.measure();
            Optional<SimilarityMatrix> own =
                    measure.isMetric() ? analysis.result(measure).flatMap(MeasureResult::matrix) : Optional.empty();
            Optional<HiddenStateMap> map = own.flatMap(within -> {
                SimilarityMatrix withinOther = measure.with(analysis.settings().options(), workbench.engine())
                        .allPairs(
                                other.content().representations(),
                                workbench.engine().device(device),
                                part,
                                partial -> {});
                return HiddenStateMap.of(measure, within, withinOther, result.matrix());
            });
            mapped.add(new Result(measure, result.matrix(), map));
        }
        return new CrossSimilarity(first, second, mapped);
    }

    /** Returns a remark for two files that say that they come from other data or another position. */
    public static Optional<String> remarkOnFiles(RepresentationsInput first, RepresentationsInput second) {
        RepresentationsFile.Content one = first.content();
        RepresentationsFile.Content other = second.content();
        if (one.data().isPresent() && other.data().isPresent() && !one.data().equals(other.data())) {
            return Optional.of("%s was computed from %s, and %s from %s; compare them only if both hold the same rows."
                    .formatted(
                            first.file(),
                            one.data().get(),
                            second.file(),
                            other.data().get()));
        }
        Position position = one.representations().position();
        Position otherPosition = other.representations().position();
        if (position != null && otherPosition != null && position != otherPosition) {
            return Optional.of("%s has the position %s, but %s the position %s."
                    .formatted(first.file(), position.id(), second.file(), otherPosition.id()));
        }
        return Optional.empty();
    }

    @FunctionalInterface
    private interface Between<M> {
        Result of(M measure, Progress progress);
    }

    private static <M extends SimilarityMeasure> List<Result> results(
            List<M> measures, Progress progress, Between<M> between) {
        List<Result> results = new ArrayList<>();
        for (M measure : measures) {
            progress.check();
            double size = measures.size();
            Progress part = progress.part(results.size() / size, (results.size() + 1) / size);
            results.add(between.of(measure, part));
        }
        return results;
    }

    /**
     * Returns the result of the first measure as a sentence: the layer whose output differs most, or, for different
     * numbers of layers, the similarity of the last hidden states.
     */
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

package org.layerwise.study.analysis;

import static com.fasterxml.jackson.annotation.Nulls.SET;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.inputs.EvaRanks;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Min;
import org.layerwise.selection.LayerSelection;

/**
 * Result of one measure in {@code analysis.json}. Undefined values are null, never a number.
 *
 * @param measure id of the measure
 * @param undefinedSimilarities undefined cells by reason; null in files of the first version, which wrote reasons of
 *     layers only
 * @param undefinedReasons reasons of undefined layers, by their numbers
 * @param components components of the inputs of linear maps; null for measures without, and in files of earlier versions
 */
record MeasureResultContent(
        @JsonProperty(required = true) String measure,
        @JsonInclude(Include.NON_NULL) @JsonSetter(contentNulls = SET) @Nullable
                List<List<@Nullable Double>> similarity,
        @JsonInclude(Include.NON_EMPTY) @Nullable Map<String, List<Cell>> undefinedSimilarities,
        @JsonSetter(contentNulls = SET) @Nullable List<@Nullable Double> importance,
        @Nullable Map<String, String> undefinedReasons,
        @Nullable List<Integer> ranking,
        @Nullable Collection<Integer> selected,
        @Nullable String oneHot,
        @JsonInclude(Include.NON_NULL) @Nullable List<ModuleImportance.Module> modules,
        @JsonInclude(Include.NON_NULL) @Nullable List<ComponentsContent> components,
        @JsonInclude(Include.NON_NULL) @Nullable UncertaintyContent uncertainty,
        @JsonInclude(Include.NON_NULL) @Nullable BaselineContent baseline,
        @JsonInclude(Include.NON_NULL) @Nullable Reliability reliability) {

    private static final String NO_REASON =
            "A hidden state does not vary over the examples, so the similarity is undefined.";

    /** Row and column of a matrix. */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    record Cell(@Min(0) int row, @Min(0) int column) {}

    static MeasureResultContent of(Analysis analysis, MeasureResult result) {
        SimilarityMatrix matrix = result.similarity();
        LayerImportance importance = result.importance();
        LayerSelection proposed = analysis.proposed(result);
        return new MeasureResultContent(
                result.measure().id(),
                matrix == null ? null : matrix.values(),
                matrix == null ? null : undefined(matrix),
                importance.all(),
                importance.reasons(),
                importance.ranking(analysis.settings().undefined()),
                proposed.layers(),
                proposed.oneHot(),
                result.modules() == null ? null : result.modules().modules(),
                result.components() == null ? null : ComponentsContent.of(result.components()),
                result.uncertainty() == null ? null : UncertaintyContent.of(result.uncertainty()),
                result.baseline() == null ? null : BaselineContent.of(result.baseline()),
                result.reliability());
    }

    private static Map<String, List<Cell>> undefined(SimilarityMatrix matrix) {
        Map<String, List<Cell>> cells = new LinkedHashMap<>();
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                if (matrix.at(i, j) instanceof Similarity.Undefined undefined) {
                    cells.computeIfAbsent(undefined.reason(), key -> new ArrayList<>())
                            .add(new Cell(i, j));
                }
            }
        }
        return cells;
    }

    /** @throws UserException if values are missing or contradict each other */
    MeasureResult result() {
        Measure known = Measures.of(measure)
                .orElseThrow(() -> new UserException("It has the unknown measure \"%s\"; known are %s."
                        .formatted(measure, String.join(", ", Measures.ids()))));
        SimilarityMatrix matrix = similarity != null || known.isSimilarity() ? matrix() : null;
        LayerImportance layers = matrix == null ? scores() : LayerImportance.of(matrix);
        return new MeasureResult(
                known,
                matrix,
                layers,
                modules == null ? null : new ModuleImportance(modules),
                components == null ? null : ComponentsContent.modules(components),
                uncertainty == null ? null : uncertainty.uncertainty(known, layers.layers()),
                baseline == null ? null : baseline.baseline(layers.layers()),
                reliability);
    }

    private LayerImportance scores() {
        if (importance == null || importance.isEmpty()) {
            throw new UserException("It has no list \"importance\", so analyze has not written it.");
        }
        return LayerImportance.ofScores(IntStream.range(0, importance.size())
                .mapToObj(layer -> Similarity.of(importance.get(layer), reason(layer)))
                .toList());
    }

    private String reason(int layer) {
        return undefinedReasons == null ? NO_REASON : undefinedReasons.getOrDefault(String.valueOf(layer), NO_REASON);
    }

    private SimilarityMatrix matrix() {
        if (similarity == null || similarity.size() < 2) {
            throw new UserException("It has no matrix \"similarity\", so analyze has not written it.");
        }
        Map<Cell, String> reasons = new HashMap<>();
        Objects.requireNonNullElse(undefinedSimilarities, Map.<String, List<Cell>>of())
                .forEach((reason, cells) -> cells.forEach(cell -> reasons.put(cell, reason)));
        List<List<Similarity>> matrix = new ArrayList<>();
        for (List<@Nullable Double> row : similarity) {
            if (row == null || row.size() != similarity.size()) {
                throw new UserException("The matrix \"similarity\" is not square; run the analysis again.");
            }
            List<Similarity> cells = new ArrayList<>();
            for (Double value : row) {
                cells.add(
                        value == null
                                ? new Similarity.Undefined(reason(reasons, matrix.size(), cells.size()))
                                : new Similarity.Value(value));
            }
            matrix.add(cells);
        }
        return new SimilarityMatrix(matrix);
    }

    private String reason(Map<Cell, String> reasons, int row, int column) {
        return undefinedSimilarities == null
                ? reason(Math.min(row, column))
                : reasons.getOrDefault(new Cell(row, column), NO_REASON);
    }

    /**
     * Components of the inputs of a linear map.
     *
     * @param ratios shares of the variance, the largest first; null for a map that has those of another one
     * @param sharedWith name of the map that gets the same inputs before; null for none
     */
    record ComponentsContent(
            @JsonProperty(required = true) String name,
            @JsonInclude(Include.NON_NULL) @Nullable List<Double> ratios,
            @JsonInclude(Include.NON_NULL) @Nullable String sharedWith) {

        static List<ComponentsContent> of(List<EvaRanks.Module> modules) {
            return modules.stream()
                    .map(module -> new ComponentsContent(
                            module.name(),
                            module.sharedWith() == null
                                    ? Arrays.stream(module.ratios()).boxed().toList()
                                    : null,
                            module.sharedWith()))
                    .toList();
        }

        /** @throws UserException if a map has no components, or a share is no number of at least 0 */
        static List<EvaRanks.Module> modules(List<ComponentsContent> contents) {
            Map<String, double[]> own = new HashMap<>();
            for (ComponentsContent content : contents) {
                if (content.ratios != null) {
                    own.put(
                            content.name,
                            content.ratios.stream()
                                    .mapToDouble(Double::doubleValue)
                                    .toArray());
                }
            }
            List<EvaRanks.Module> modules = new ArrayList<>();
            for (ComponentsContent content : contents) {
                double[] ratios = own.get(content.ratios == null ? content.sharedWith : content.name);
                if (ratios == null
                        || Arrays.stream(ratios).anyMatch(ratio -> !(ratio >= 0 && ratio < Double.POSITIVE_INFINITY))) {
                    throw new UserException(
                            "The linear map %s has no components of its inputs, or one that is no share."
                                    .formatted(content.name));
                }
                modules.add(new EvaRanks.Module(content.name, ratios, content.sharedWith));
            }
            return modules;
        }
    }

    /**
     * Uncertainty of a measure.
     *
     * @param interval kind of the intervals; null in files of earlier versions, where it follows from the measure
     */
    record UncertaintyContent(
            @Min(0) int replicates,
            double level,
            long seed,
            @Nullable IntervalKind interval,
            @JsonSetter(contentNulls = SET) @Nullable List<@Nullable Double> low,
            @JsonSetter(contentNulls = SET) @Nullable List<@Nullable Double> high,
            @Nullable List<Double> selectedProbability,
            double expectedOverlap,
            @Nullable List<Uncertainty.OverlapAt> curve) {

        static UncertaintyContent of(Uncertainty uncertainty) {
            return new UncertaintyContent(
                    uncertainty.replicates(),
                    uncertainty.level(),
                    uncertainty.seed(),
                    uncertainty.kind(),
                    each(uncertainty.intervals(), Interval::low),
                    each(uncertainty.intervals(), Interval::high),
                    uncertainty.selected(),
                    uncertainty.expectedOverlap(),
                    uncertainty.curve());
        }

        Uncertainty uncertainty(Measure measure, int layers) {
            List<Double> selected = orNone(selectedProbability);
            if (selected.size() != layers) {
                throw new UserException("The list \"selected_probability\" has %s numbers for %s layers."
                        .formatted(selected.size(), layers));
            }
            return new Uncertainty(
                    replicates,
                    level,
                    seed,
                    interval == null ? IntervalKind.earlier(measure) : interval,
                    pairs(layers, low, high, Interval::new),
                    selected,
                    expectedOverlap,
                    orNone(curve));
        }
    }

    /** Baseline of unrelated data. */
    record BaselineContent(
            @Min(0) int permutations,
            long seed,
            @JsonSetter(contentNulls = SET) @Nullable List<@Nullable Double> mean,
            @JsonSetter(contentNulls = SET) @Nullable List<@Nullable Double> high) {

        static BaselineContent of(UnrelatedSimilarity baseline) {
            return new BaselineContent(
                    baseline.permutations(),
                    baseline.seed(),
                    each(baseline.layers(), UnrelatedSimilarity.Level::mean),
                    each(baseline.layers(), UnrelatedSimilarity.Level::high));
        }

        UnrelatedSimilarity baseline(int layers) {
            return new UnrelatedSimilarity(
                    permutations, seed, pairs(layers, mean, high, UnrelatedSimilarity.Level::new));
        }
    }

    private static <T> List<@Nullable Double> each(List<@Nullable T> values, Function<T, Double> number) {
        return values.stream()
                .map(value -> value == null ? null : number.apply(value))
                .toList();
    }

    /** Returns a value for each layer that has both numbers, and null for a layer that has neither. */
    private static <T> List<@Nullable T> pairs(
            int layers,
            @Nullable List<@Nullable Double> some,
            @Nullable List<@Nullable Double> others,
            BiFunction<Double, Double, T> both) {
        List<@Nullable T> pairs = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            Double one = at(some, layer);
            Double other = at(others, layer);
            if ((one == null) != (other == null)) {
                throw new UserException("Of two lists, only one has a number for layer %s.".formatted(layer));
            }
            pairs.add(one == null || other == null ? null : both.apply(one, other));
        }
        return pairs;
    }

    private static @Nullable Double at(@Nullable List<@Nullable Double> values, int layer) {
        return values == null || layer >= values.size() ? null : values.get(layer);
    }

    private static <T> List<T> orNone(@Nullable List<T> values) {
        return Objects.requireNonNullElse(values, List.of());
    }
}

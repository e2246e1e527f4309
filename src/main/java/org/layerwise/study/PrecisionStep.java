package org.layerwise.study;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.data.Labels;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.Transformer;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;

/**
 * Measures the effect of computation in 16 bits. The first rows are also represented in float32, and the layers are
 * ranked by both results. This opens the model a second time: one layer at a time, so that little additional memory is
 * needed. With an adapter the whole model is opened if the memory is sufficient.
 *
 * @param adapter folder of the adapter in the adapted model; null for none
 */
public record PrecisionStep(Workbench workbench, OpenModel model, AnalysisSettings settings, @Nullable Path adapter) {

    /** Number of rows to represent again: enough for a ranking of the layers, and few in comparison with all rows. */
    static final int ROWS = 64;

    /**
     * Number of rows to represent again if the model is used one layer at a time: all of its weights are read again for them, and float32
     * takes twice as long as 16 bits or more.
     */
    static final int ROWS_BY_LAYERS = 16;

    /**
     * Compares 16-bit with float32 results, if the model computes in 16 bits on the CPU, where float32 is the default.
     * The comparison uses the default measure and the default selection.
     *
     * @param adapter folder of the adapter in the adapted model; null for none
     * @param transformer transformer of the model with the adapter; empty for the unchanged model
     * @return one sentence, which says so if a comparison is impossible; empty on a GPU or in float32
     */
    public static Optional<String> onProcessor(
            Workbench workbench,
            OpenModel model,
            @Nullable Path adapter,
            Optional<Transformer> transformer,
            TokenizedDataset tokens,
            Progress progress) {
        int fewest = LinearCka.MEASURE
                .with(MeasureOptions.DEFAULTS, workbench.engine())
                .fewestSamples();
        if (!inSixteenBits(model)) {
            return Optional.empty();
        }
        if (tokens.images() != null || tokens.size() < fewest) {
            return Optional.of(unmeasured("The results", model.computeType()));
        }
        Position position = model.card().defaultPosition();
        Representations sixteen = model.represent(
                        first(model, tokens), position, false, transformer, progress.part(0, 0.3))
                .representations();
        return Optional.of(new PrecisionStep(workbench, model, AnalysisSettings.defaults(), adapter)
                .run(tokens, sixteen, position, progress.part(0.3, 1)));
    }

    /**
     * Compares 16-bit with float32 results as {@link #onProcessor} does, beside work that is no analysis: not if the model is used one
     * layer at a time, since the comparison reads all of it twice and needs its layers in float32.
     */
    public static Optional<String> besideOtherWork(
            Workbench workbench,
            OpenModel model,
            @Nullable Path adapter,
            Optional<Transformer> transformer,
            TokenizedDataset tokens,
            Progress progress) {
        return inSixteenBits(model) && model.isUsedByLayers()
                ? Optional.of(
                        "The results were computed in %s; what that changes was not measured, since the model is used one layer at a time; analyze --dtype %s measures it."
                                .formatted(
                                        model.computeType().torchName(),
                                        model.settings().type().id()))
                : onProcessor(workbench, model, adapter, transformer, tokens, progress);
    }

    private static boolean inSixteenBits(OpenModel model) {
        return model.computeDevice().kind() == Device.Kind.CPU
                && model.computeType().bytes() == 2;
    }

    /** Returns the sentence for results of which no comparison with float32 was made. */
    public static String unmeasured(String what, DType type) {
        return "%s were computed in %s; what that changes was not measured.".formatted(what, type.torchName());
    }

    /** Returns the rows that both types represent. */
    static TokenizedDataset first(OpenModel model, TokenizedDataset tokens) {
        int rows = model.isUsedByLayers() ? ROWS_BY_LAYERS : ROWS;
        return new TokenizedDataset(
                tokens.name(),
                tokens.rows().subList(0, Math.min(rows, tokens.size())),
                new Labels.None(),
                0,
                tokens.maxLength());
    }

    /**
     * Compares 16-bit with float32 results.
     *
     * @param tokens all rows
     * @param representations representations of the rows that were computed in 16 bits
     * @return one sentence, which says so if a comparison is impossible: the rows have images, the first measure does
     *     not compare representations, all layers are undefined, or there is too little memory
     */
    public String run(TokenizedDataset tokens, Representations representations, Position position, Progress progress) {
        Measure measure = settings.measures().get(0);
        if (!measure.fromRepresentations() || tokens.images() != null) {
            return unmeasured("The representations", model.computeType());
        }
        ModelSettings exact =
                model.settings().withType(ComputeType.F32).withLoading(adapter == null ? Loading.LAYERS : Loading.AUTO);
        try (OpenModel other = workbench.openModel(exact, new PauseSwitch(), progress.part(0, 0.3))) {
            return compare(other, first(model, tokens), representations, position, progress.part(0.3, 1));
        }
    }

    /**
     * Compares 16-bit results with those of the same model in float32, as {@link #run} does.
     *
     * @param other model in float32
     * @param first rows to compare
     */
    String compare(
            OpenModel other,
            TokenizedDataset first,
            Representations representations,
            Position position,
            Progress progress) {
        Representations inFloat = represent(other, first, position, progress.part(0, 0.86));
        return difference(first.size(), representations, inFloat, progress.part(0.86, 1));
    }

    /**
     * Compares 16-bit results with those of the same model in float32.
     *
     * @param rows number of rows to compare
     * @param representations representations in 16 bits, of these rows or of more
     * @param inFloat representations of these rows in float32
     */
    String difference(int rows, Representations representations, Representations inFloat, Progress progress) {
        Measure measure = settings.measures().get(0);
        LayerImportance sixteen = importance(measure, first(representations, rows), progress.part(0, 0.5));
        LayerImportance thirtyTwo = importance(measure, inFloat, progress.part(0.5, 1));
        double largest = -1;
        int where = 0;
        for (int layer = 0; layer < sixteen.layers(); layer++) {
            if (sixteen.of(layer).isPresent() && thirtyTwo.of(layer).isPresent()) {
                double change = Math.abs(
                        sixteen.of(layer).getAsDouble() - thirtyTwo.of(layer).getAsDouble());
                where = change > largest ? layer : where;
                largest = Math.max(change, largest);
            }
        }
        if (largest < 0) {
            return unmeasured("The representations", model.computeType());
        }
        TreeSet<Integer> both = new TreeSet<>(selected(sixteen));
        both.retainAll(selected(thirtyTwo));
        return String.format(
                Locale.ROOT,
                "%s against float32 on the first %d rows: an importance changes by at most %.2g (layer %d), and %d of the %d selected layers are the same.",
                model.card().dtype(),
                rows,
                largest,
                where,
                both.size(),
                selected(thirtyTwo).size());
    }

    private Representations represent(OpenModel other, TokenizedDataset rows, Position position, Progress progress) {
        if (adapter == null) {
            return other.represent(rows, position, progress);
        }
        try (AdaptedModel adapted = AdaptedModel.load(
                other.model(), PeftAdapter.read(adapter, workbench.engine(), progress), 0, progress.part(0, 0))) {
            return other.represent(rows, position, false, Optional.of(adapted.transformer()), progress)
                    .representations();
        }
    }

    private LayerImportance importance(Measure measure, Representations of, Progress progress) {
        SimilarityMeasure computed = measure.with(settings.options(), workbench.engine());
        return LayerImportance.of(computed.allPairs(of, model.computeDevice(), progress, partial -> {}));
    }

    private TreeSet<Integer> selected(LayerImportance importance) {
        return new TreeSet<>(LayerSelector.select(
                        importance,
                        new SelectionRule.TopRatio(settings.ratio()),
                        LayerLocks.none(),
                        settings.undefined())
                .layers());
    }

    private static Representations first(Representations all, int rows) {
        List<Matrix> layers = all.layers().stream()
                .map(layer -> new Matrix(rows, layer.columns(), Arrays.copyOf(layer.values(), rows * layer.columns())))
                .toList();
        return new Representations(all.position(), layers);
    }
}

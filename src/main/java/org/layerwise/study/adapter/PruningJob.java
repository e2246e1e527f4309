package org.layerwise.study.adapter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.analysis.adapter.AdapterNorm;
import org.layerwise.analysis.adapter.AdapterUpdate;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.TaskPreset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.AdapterUpdates;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PrunedModel;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.TaskRows;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.Scope;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;

/**
 * Removes the adapters of a trained adapter layer by layer, measures the model after each removal, and saves what remains as an
 * adapter that PEFT loads.
 *
 * @param adapter folder of a PEFT adapter
 * @param task task of the model; null for the one of the head or the labels
 * @param metric name of the metric; null for the task's own
 * @param out folder to write, which must be empty or not exist
 */
public record PruningJob(
        Workbench workbench,
        OpenModel model,
        Path adapter,
        DataSettings data,
        @Nullable TaskKind task,
        PruningOrder order,
        PruningTarget target,
        @Nullable String metric,
        Path out) {

    /** Flag of the metric. */
    private static final String METRIC = "--metric";

    private static final double LOADED = 0.05;
    private static final double READ = 0.1;
    private static final double RANKED = 0.2;
    private static final double MEASURED = 0.95;

    /**
     * Measures the steps and writes the folder, which appears only when it is complete.
     *
     * @throws UserException if data or adapter do not fit the model, the adapter has adapters in one layer alone, nothing can be
     *     kept as asked, or the folder is in use or cannot be written
     * @throws org.layerwise.base.CancelledException if cancelled; nothing is written
     */
    public PruningResult run(Progress progress) {
        NewFolder.require(out);
        PeftAdapter stored = PeftAdapter.read(adapter, workbench.engine(), progress);
        try (AdaptedModel whole =
                AdaptedModel.load(model.model(), stored, stored.config().dropout(), progress.part(0, LOADED))) {
            SortedSet<Integer> layers = PrunedModel.layers(whole);
            requireSome(layers);
            List<String> names = whole.labels().isPresent()
                    ? ClassNames.of(adapter, model.model(), whole.labels().getAsInt())
                    : List.of();
            TaskRows rows = TaskRows.read(
                    workbench, model, whole.head(), names, data, task, adapter, progress.part(LOADED, READ));
            Steps steps = new Steps(whole, rows, layers, progress.part(READ, MEASURED));
            steps.measure();
            PruningResult result = steps.result();
            new PrunedFolder(this, stored, whole, rows, names, result).write(progress.part(MEASURED, 1));
            return result;
        }
    }

    private void requireSome(SortedSet<Integer> layers) {
        if (layers.size() < 2) {
            throw new UserException(
                    layers.isEmpty()
                            ? "The adapter %s has no adapters in layers, so there is none to remove.".formatted(adapter)
                            : "The adapter %s has adapters in layer %s alone, so none can be removed."
                                    .formatted(adapter, layers.first()));
        }
        if (target instanceof PruningTarget.Layers wanted && wanted.count() >= layers.size()) {
            throw new UserException("The adapter %s has adapters in %s layers; keep fewer with --keep."
                    .formatted(adapter, layers.size()));
        }
    }

    /**
     * Returns the number of evaluations that an order needs at most.
     *
     * @param layers number of layers with adapters
     * @param kept number of layers at the last step, at least 1
     */
    static int evaluations(PruningOrder order, int layers, int kept) {
        int removals = layers - kept;
        return 1 + (order == PruningOrder.LOSS ? (layers * (layers + 1) - kept * (kept + 1)) / 2 : removals);
    }

    /** Steps of one run. */
    private final class Steps {

        private final AdaptedModel whole;
        private final TaskRows rows;
        private final SortedSet<Integer> layers;
        private final Progress progress;
        private final List<PruningStep> steps = new ArrayList<>();
        private final int expected;
        private int evaluations;
        private final BestMetric by;

        Steps(AdaptedModel whole, TaskRows rows, SortedSet<Integer> layers, Progress progress) {
            this.whole = whole;
            this.rows = rows;
            this.layers = layers;
            this.progress = progress;
            this.by = BestMetric.of(Optional.ofNullable(metric), data.preset(), rows.task());
            this.expected = evaluations(
                    order, layers.size(), target instanceof PruningTarget.Layers wanted ? wanted.count() : 1);
        }

        void measure() {
            List<Integer> removals = order == PruningOrder.LOSS ? List.of() : ranking(progress.part(0, RANKED));
            PruningStep now = new PruningStep(null, layers, PrunedModel.parameters(whole, layers), evaluate(List.of()));
            by.requireIn(now.evaluation(), METRIC);
            steps.add(now);
            while (now.layers().size() > 1 && !target.reached(now, steps.get(0))) {
                now = removals.isEmpty()
                        ? cheapest(now)
                        : without(now, removals.get(layers.size() - now.layers().size()));
                steps.add(now);
            }
        }

        /** Returns the layers in the order of their removal. */
        private List<Integer> ranking(Progress part) {
            try (Scope scope = workbench.engine().inference()) {
                List<AdapterUpdate> updates = AdapterUpdates.of(whole).layers();
                int all = model.card().layers();
                LayerImportance importance = order == PruningOrder.ENERGY
                        ? AdapterEnergy.MEASURE.ofLayers(
                                new AdapterEnergy(whole.base(), whole.transformer())
                                        .compute(updates, rows.labelled().tokens(), part)
                                        .modules(),
                                all)
                        : AdapterNorm.MEASURE.ofLayers(
                                AdapterUpdate.measure(updates, AdapterNorm::of, workbench.engine(), part), all);
                List<Integer> ranked = new ArrayList<>(importance.ranking(UndefinedLayers.EXCLUDE));
                Collections.reverse(ranked);
                return ranked;
            }
        }

        /** Returns the step that removes the layer without which the loss is the lowest, of equal ones the first. */
        private PruningStep cheapest(PruningStep now) {
            return now.layers().stream()
                    .map(layer -> without(now, layer))
                    .reduce((best, one) ->
                            one.evaluation().loss() < best.evaluation().loss() ? one : best)
                    .orElseThrow();
        }

        private PruningStep without(PruningStep now, int layer) {
            SortedSet<Integer> left = new TreeSet<>(now.layers());
            left.remove(layer);
            return new PruningStep(
                    layer,
                    left,
                    PrunedModel.parameters(whole, left),
                    evaluate(layers.stream().filter(one -> !left.contains(one)).collect(Collectors.toList())));
        }

        private Evaluation evaluate(List<Integer> removed) {
            double begin = RANKED + (1 - RANKED) * evaluations / expected;
            double end = RANKED + (1 - RANKED) * ++evaluations / expected;
            Progress part = progress.part(Math.min(1, begin), Math.min(1, end));
            part.report(
                    0,
                    "Measuring the adapter with %s of %s layers (evaluation %s of %s)"
                            .formatted(layers.size() - removed.size(), layers.size(), evaluations, expected));
            if (removed.isEmpty()) {
                return ordered(rows.evaluate(whole, data.batch(), part.silent()).evaluation());
            }
            try (AdaptedModel pruned = PrunedModel.without(whole, removed)) {
                return ordered(
                        rows.evaluate(pruned, data.batch(), part.silent()).evaluation());
            }
        }

        private Evaluation ordered(Evaluation evaluation) {
            TaskPreset preset = data.preset();
            return evaluation.withFirst(preset == null ? List.of() : preset.metrics());
        }

        PruningResult result() {
            PruningStep kept = target.chosen(steps, by).orElse(null);
            if (kept == null && target instanceof PruningTarget.Share share) {
                throw new UserException(
                        "The layer of the adapter %s that was left last has more than %s of the parameters; keep a larger share with --keep."
                                .formatted(adapter, share.percent()));
            }
            List<String> remarks = new ArrayList<>(whole.remark().stream().toList());
            List<String> outside = AdapterUpdates.outside(whole);
            if (!outside.isEmpty()) {
                remarks.add("The adapter also changes %s, which is in no layer and stays."
                        .formatted(String.join(", ", outside)));
            }
            if (kept != null) {
                remarks.add("These rows chose what is kept, so measure it on other rows before you report a value.");
            }
            return new PruningResult(
                    steps,
                    by,
                    rows.labelled().tokens().size(),
                    rows.labelled().tokens().cutRows(),
                    evaluations,
                    kept,
                    remarks);
        }
    }
}

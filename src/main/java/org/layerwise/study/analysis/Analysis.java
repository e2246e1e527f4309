package org.layerwise.study.analysis;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.uncertainty.Resamples;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.base.UserException;
import org.layerwise.run.Provenance;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.ReferenceName;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionRule;
import org.layerwise.selection.SelectionShares;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;

/**
 * Finished comparison of the layers of a model, by one or several measures.
 *
 * @param model name of the model
 * @param kind kind of the model
 * @param kinds kinds of the layers
 * @param data location of the rows
 * @param task name of the task in file names
 * @param position token that stands for a row; null if the representations came from a file that does not tell it
 * @param samples number of rows
 * @param cutRows number of rows whose text was truncated
 * @param results results of the measures, at least one; layers are proposed by the first
 * @param grams Gram matrices that the results follow from; null if no measure needs them, or if the analysis was read
 *     from a folder
 * @param rows settings by which the rows were read; null if the representations came from a file
 * @param remarks sentences that a reader of the results must know
 * @param expertLoad numbers of tokens of each expert; null for a model without experts, or if they are not known
 */
public record Analysis(
        String model,
        ModelKind kind,
        LayerKinds kinds,
        String data,
        String task,
        @Nullable Position position,
        int samples,
        int cutRows,
        List<MeasureResult> results,
        @Nullable Grams grams,
        AnalysisSettings settings,
        @Nullable DataSettings rows,
        Provenance provenance,
        List<String> remarks,
        @Nullable ExpertLoad expertLoad) {

    public Analysis {
        results = List.copyOf(results);
        remarks = List.copyOf(remarks);
        if (results.isEmpty()) {
            throw new IllegalArgumentException("an analysis without a measure");
        }
        int known = kinds.layers().size();
        int layers = results.get(0).importance().layers();
        if (known > 0 && known != layers) {
            throw new UserException(
                    "The analysis says the kinds of %s layers, but is of %s; run it again.".formatted(known, layers));
        }
        if (expertLoad != null && expertLoad.tokens().size() != layers) {
            throw new UserException("The analysis has a load of experts of %s layers, but is of %s; run it again."
                    .formatted(expertLoad.tokens().size(), layers));
        }
    }

    /** Returns the result of the first measure. */
    public MeasureResult primary() {
        return results.get(0);
    }

    /** Returns the result of a measure; empty if the measure was not computed. */
    public Optional<MeasureResult> result(Measure measure) {
        return results.stream().filter(result -> result.measure() == measure).findFirst();
    }

    /** Returns the importance of the layers by the first measure. */
    public LayerImportance importance() {
        return primary().importance();
    }

    /** Returns false if all measures follow from the weights alone, so that no rows were read. */
    public boolean hasRows() {
        return samples > 0;
    }

    /** Returns true if importances have different units: those of similarities have one, all other measures have their own. */
    public boolean unitsDiffer() {
        return results.stream()
                        .map(MeasureResult::measure)
                        .map(measure -> measure.isSimilarity() ? "" : measure.id())
                        .distinct()
                        .count()
                > 1;
    }

    /** Returns the number of layers of the model. */
    public int layers() {
        return importance().layers();
    }

    /** Returns the versions of the software that computed the analysis, by name. */
    public Map<String, String> versions() {
        return provenance.versions();
    }

    /** Returns the duration of the computation in seconds. */
    public double seconds() {
        return provenance.seconds();
    }

    /** Returns this analysis without its Gram matrices, which take most of the room on the disk. */
    public Analysis withoutGrams() {
        return new Analysis(
                model,
                kind,
                kinds,
                data,
                task,
                position,
                samples,
                cutRows,
                results,
                null,
                settings,
                rows,
                provenance,
                remarks,
                expertLoad);
    }

    /** Returns the names that the paper's code gives to the two files of this analysis. */
    public ReferenceName referenceName() {
        return ReferenceName.of(kind, model, task, samples);
    }

    /** Returns the layers that the settings' ratio selects by the first measure. */
    public LayerSelection proposed() {
        return proposed(primary());
    }

    /** Returns the origin of a selection by one of the measures; without a number of rows if there were none. */
    public SavedSelection.Origin origin(MeasureResult result) {
        return new SavedSelection.Origin(
                model,
                task,
                result.measure().id(),
                position == null ? null : position.id(),
                hasRows() ? samples : null);
    }

    /** Returns a selection with this analysis and the current time, as stored in {@code selection.json}. */
    public SavedSelection saved(LayerSelection selection) {
        return saved(selection, primary());
    }

    /** Returns a selection by one of the measures as {@link #saved(LayerSelection)} does. */
    public SavedSelection saved(LayerSelection selection, MeasureResult result) {
        return new SavedSelection(
                selection, origin(result), result.importance(), result.similarity(), Provenance.now());
    }

    /**
     * Returns the share of the resamples that select each layer. It holds for the rule of a selection if the resamples
     * are known or the rule selects as many layers as the settings' ratio; otherwise for the settings' ratio. Empty
     * without resampling.
     *
     * @param result result of the measure that the selection follows
     */
    public Optional<SelectionShares> shares(MeasureResult result, LayerSelection selection) {
        Uncertainty uncertainty = result.uncertainty();
        if (uncertainty == null || uncertainty.selected().isEmpty()) {
            return Optional.empty();
        }
        LayerSelection proposed = proposed(result);
        LayerSelection.Reason reason = selection.reason();
        boolean alike = reason.rule() instanceof SelectionRule.TopRatio top
                && top.count(layers()) == new SelectionRule.TopRatio(settings.ratio()).count(layers())
                && reason.locks().equals(LayerLocks.none())
                && reason.undefined() == settings.undefined();
        Resamples resamples = uncertainty.resamples();
        if (!alike
                && resamples != null
                && selection.of() == proposed.of()
                && !(reason.rule() instanceof SelectionRule.Named)) {
            return Optional.of(SelectionShares.of(resamples, reason));
        }
        return Optional.of(new SelectionShares(uncertainty.selected(), alike ? reason : proposed.reason()));
    }

    /** Returns the layers that the settings' ratio selects by one of the measures. */
    public LayerSelection proposed(MeasureResult result) {
        return LayerSelector.select(
                result.importance(),
                new SelectionRule.TopRatio(settings.ratio()),
                LayerLocks.none(),
                settings.undefined());
    }
}

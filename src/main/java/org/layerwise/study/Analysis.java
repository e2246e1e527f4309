package org.layerwise.study;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.Locks;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.ReferenceName;
import org.layerwise.selection.Rule;

/**
 * A finished comparison of a model's layers, by one measure or several.
 *
 * @param model its name
 * @param kind of the model
 * @param data where the rows came from
 * @param task the name in files
 * @param position null if representations came from a file that does not say
 * @param samples number of rows
 * @param cutRows rows whose text was longer than the limit
 * @param results what each measure says, at least one; the first is the one that layers are proposed by
 * @param grams that the results follow from; null where no measure needs them, or after reading a folder
 * @param rows how rows were read; null if representations came from a file
 * @param remarks what a reader of the numbers must know, a sentence each
 */
public record Analysis(
        String model,
        ModelKind kind,
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
        List<String> remarks) {

    public Analysis {
        results = List.copyOf(results);
        remarks = List.copyOf(remarks);
        if (results.isEmpty()) {
            throw new IllegalArgumentException("an analysis without a measure");
        }
    }

    /** What the first measure says. */
    public MeasureResult primary() {
        return results.get(0);
    }

    /** What a measure says, if it was asked. */
    public Optional<MeasureResult> result(Measure measure) {
        return results.stream().filter(result -> result.measure() == measure).findFirst();
    }

    /** The importance by the first measure. */
    public LayerImportance importance() {
        return primary().importance();
    }

    /** Number of layers of the model. */
    public int layers() {
        return importance().layers();
    }

    /** Versions of what computed it, by name. */
    public Map<String, String> versions() {
        return provenance.versions();
    }

    /** Seconds that it took. */
    public double seconds() {
        return provenance.seconds();
    }

    /** What the paper's two files of it are called. */
    public ReferenceName referenceName() {
        return ReferenceName.of(kind, model, task, samples);
    }

    /** The layers that the settings' ratio selects by the first measure. */
    public LayerSelection proposed() {
        return proposed(primary());
    }

    /** The layers that the settings' ratio selects by one of its measures. */
    public LayerSelection proposed(MeasureResult result) {
        return LayerSelector.select(
                result.importance(), new Rule.TopRatio(settings.ratio()), Locks.none(), settings.undefined());
    }
}

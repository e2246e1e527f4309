package org.layerwise.study;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.Locks;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.ReferenceName;
import org.layerwise.selection.Rule;

/**
 * A finished comparison of a model's layers.
 *
 * @param model its name
 * @param kind of the model
 * @param data where the rows came from
 * @param task the name in files
 * @param position null if representations came from a file that does not say
 * @param samples number of rows
 * @param cutRows rows whose text was longer than the limit
 * @param measure the measure's name in files, for example {@code linear-cka}
 * @param rows how rows were read; null if representations came from a file
 * @param versions of what computed it, by name
 * @param seconds that it took
 */
public record Analysis(
        String model,
        ModelKind kind,
        String data,
        String task,
        @Nullable Position position,
        int samples,
        int cutRows,
        String measure,
        SimilarityMatrix similarity,
        LayerImportance importance,
        AnalysisSettings settings,
        @Nullable DataSettings rows,
        Map<String, String> versions,
        double seconds) {

    /** What the paper's two files of it are called. */
    public ReferenceName referenceName() {
        return ReferenceName.of(kind, model, task, samples);
    }

    /** The layers that the settings' ratio selects. */
    public LayerSelection proposed() {
        return LayerSelector.select(
                importance, new Rule.TopRatio(settings.ratio()), Locks.none(), settings.undefined());
    }
}

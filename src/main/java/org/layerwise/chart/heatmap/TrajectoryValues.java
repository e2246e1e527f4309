package org.layerwise.chart.heatmap;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;

/**
 * Values of the layers over a training.
 *
 * @param title name of the values
 * @param checkpoints for each checkpoint, the value of each layer, or the reason why it is undefined; as many layers at each
 * @param similarity true for similarities, of which 1 is the highest; false for importance, which starts at 0
 */
public record TrajectoryValues(String title, List<List<Similarity>> checkpoints, boolean similarity) {

    public TrajectoryValues {
        checkpoints = checkpoints.stream().map(List::copyOf).toList();
        int layers = checkpoints.get(0).size();
        if (checkpoints.stream().anyMatch(values -> values.size() != layers)) {
            throw new IllegalArgumentException("checkpoints with different numbers of layers");
        }
    }

    /** Returns the values of the importance at each checkpoint. */
    public static TrajectoryValues of(String title, List<LayerImportance> importances) {
        return new TrajectoryValues(
                title, importances.stream().map(TrajectoryValues::values).toList(), false);
    }

    private static List<Similarity> values(LayerImportance importance) {
        List<@Nullable Double> all = importance.all();
        return IntStream.range(0, all.size())
                .mapToObj(layer ->
                        Similarity.of(all.get(layer), importance.reason(layer).orElse(HeatmapPlot.UNDEFINED)))
                .toList();
    }

    /** Returns the number of layers. */
    public int layers() {
        return checkpoints.get(0).size();
    }
}

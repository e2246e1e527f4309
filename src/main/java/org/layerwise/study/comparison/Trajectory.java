package org.layerwise.study.comparison;

import java.util.List;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.base.UserException;
import org.layerwise.chart.heatmap.TrajectoryValues;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;

/**
 * Importance of the layers at each checkpoint of a training, and similarity of the checkpoints.
 *
 * @param checkpoints the checkpoints, in the order of their steps
 * @param analyses an analysis of each checkpoint, by the same measures on the same rows
 * @param similarities similarity of the checkpoints by each measure that has one; may be empty
 */
public record Trajectory(
        List<TrainingCheckpoints.One> checkpoints, List<Analysis> analyses, List<CheckpointSimilarity> similarities) {

    /**
     * Checks the analyses.
     *
     * @throws UserException if two checkpoints have different numbers of layers
     * @throws IllegalArgumentException if there is not one analysis a checkpoint
     */
    public Trajectory {
        checkpoints = List.copyOf(checkpoints);
        analyses = List.copyOf(analyses);
        similarities = List.copyOf(similarities);
        if (checkpoints.size() != analyses.size() || checkpoints.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s checkpoints and %s analyses".formatted(checkpoints.size(), analyses.size()));
        }
        for (int i = 1; i < analyses.size(); i++) {
            if (analyses.get(i).layers() != analyses.get(0).layers()) {
                throw new UserException(
                        "%s has %s layers and %s %s, so they are no checkpoints of one training; name another folder."
                                .formatted(
                                        checkpoints.get(0).name(),
                                        analyses.get(0).layers(),
                                        checkpoints.get(i).name(),
                                        analyses.get(i).layers()));
            }
        }
    }

    /** Returns the names of the checkpoints. */
    public List<String> names() {
        return checkpoints.stream().map(TrainingCheckpoints.One::name).toList();
    }

    /** Returns the steps of the checkpoints; empty for one without a step. */
    public List<String> steps() {
        return checkpoints.stream()
                .map(one -> one.step().isPresent() ? String.valueOf(one.step().getAsLong()) : "")
                .toList();
    }

    /** Returns the short names of the checkpoints on an axis. */
    public List<String> labels() {
        return checkpoints.stream().map(TrainingCheckpoints.One::label).toList();
    }

    /** Returns the number of layers. */
    public int layers() {
        return analyses.get(0).layers();
    }

    /** Returns the measures, in the order of the analyses. */
    public List<Measure> measures() {
        return analyses.get(0).results().stream().map(MeasureResult::measure).toList();
    }

    /** Returns the importance at each checkpoint by a measure of the analyses. */
    public List<LayerImportance> importances(Measure measure) {
        return analyses.stream()
                .map(analysis -> analysis.result(measure).orElseThrow().importance())
                .toList();
    }

    /** Returns the quantities that a measure of the analyses has. */
    public List<TrajectoryQuantity> quantities(Measure measure) {
        boolean similarity = similarities.stream().anyMatch(one -> one.measure() == measure);
        return similarity ? List.of(TrajectoryQuantity.values()) : List.of(TrajectoryQuantity.IMPORTANCE);
    }

    /**
     * Returns the values of a quantity.
     *
     * @param measure a measure of the analyses
     * @param quantity one of the {@link #quantities} of the measure
     */
    public TrajectoryValues values(TrajectoryQuantity quantity, Measure measure) {
        String title = quantity.title(measure);
        return switch (quantity) {
            case IMPORTANCE -> TrajectoryValues.of(title, importances(measure));
            case SIMILARITY_TO_FIRST ->
                new TrajectoryValues(title, similarity(measure).toFirst(), true);
            case SIMILARITY_TO_LAST ->
                new TrajectoryValues(title, similarity(measure).toLast(), true);
        };
    }

    private CheckpointSimilarity similarity(Measure measure) {
        return similarities.stream()
                .filter(one -> one.measure() == measure)
                .findFirst()
                .orElseThrow();
    }
}

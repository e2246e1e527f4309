package org.layerwise.study.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.run.TrainingSummary;

/**
 * Makes the final runs: trains them, one of those that are equal, and then prunes those of all layers for the arm that
 * needs it.
 *
 * @param trainings executor of the trainings
 * @param equal maker of runs that repeat another training; null to train all, as on a cluster
 * @param pruned maker of the pruned runs
 * @param listener receives a sentence about each pruned run that is made
 */
record FinalRuns(CellRuns trainings, @Nullable EqualRuns equal, PrunedRuns pruned, ExperimentListener listener) {

    /** Share of the trainings, which take longer, in the progress. */
    private static final double TRAINED = 0.95;

    /**
     * Makes runs, or takes those that are there.
     *
     * @param cells final runs, with those of all layers that pruned ones need
     * @return summaries of the runs that did not fail
     * @throws org.layerwise.base.UserException if a run cannot be pruned
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    Map<Cell, TrainingSummary> run(List<Cell> cells, PauseSwitch pause, Progress progress) {
        List<Cell> trained =
                cells.stream().filter(cell -> cell.arm().isTrained()).toList();
        List<Cell> others =
                cells.stream().filter(cell -> !cell.arm().isTrained()).toList();
        if (others.isEmpty()) {
            return trained(trained, pause, progress);
        }
        Map<Cell, TrainingSummary> ended = new LinkedHashMap<>(trained(trained, pause, progress.part(0, TRAINED)));
        Progress pruning = progress.part(TRAINED, 1);
        for (int i = 0; i < others.size(); i++) {
            Cell cell = others.get(i);
            TrainingSummary whole = ended.get(PrunedRuns.source(cell));
            Progress part = pruning.part((double) i / others.size(), (i + 1.0) / others.size());
            if (whole == null) {
                trainings.fail(cell, "Its run on all layers did not come to its end.");
            } else {
                TrainingSummary summary = pruned.run(cell, whole, part, listener);
                ended.put(cell, summary);
                trainings.made(cell, summary);
            }
        }
        return ended;
    }

    private Map<Cell, TrainingSummary> trained(List<Cell> cells, PauseSwitch pause, Progress progress) {
        Map<Cell, Cell> copies = equal == null ? Map.of() : equal.copies(cells);
        List<Cell> missing =
                cells.stream().filter(cell -> !copies.containsKey(cell)).toList();
        Map<Cell, TrainingSummary> ended = new LinkedHashMap<>(trainings.train(missing, pause, progress));
        copies.forEach((cell, source) -> {
            TrainingSummary summary = ended.get(source);
            if (summary == null) {
                trainings.fail(cell, "The equal run \"%s\" did not come to its end.".formatted(source.words()));
            } else {
                TrainingSummary copy = Objects.requireNonNull(equal).copy(cell, source, summary);
                ended.put(cell, copy);
                trainings.copied(cell, copy);
            }
        });
        return ended;
    }
}

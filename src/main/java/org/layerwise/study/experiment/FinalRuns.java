package org.layerwise.study.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.run.TrainingSummary;

/**
 * Makes the final runs: trains them, and then prunes those of all layers for the arm that needs it.
 *
 * @param trainings executor of the trainings
 * @param pruned maker of the pruned runs
 * @param listener receives a sentence about each pruned run that is made
 */
record FinalRuns(CellRuns trainings, PrunedRuns pruned, ExperimentListener listener) {

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
            return trainings.train(trained, pause, progress);
        }
        Map<Cell, TrainingSummary> ended =
                new LinkedHashMap<>(trainings.train(trained, pause, progress.part(0, TRAINED)));
        Progress pruning = progress.part(TRAINED, 1);
        for (int i = 0; i < others.size(); i++) {
            Cell cell = others.get(i);
            TrainingSummary whole = ended.get(PrunedRuns.source(cell));
            Progress part = pruning.part((double) i / others.size(), (i + 1.0) / others.size());
            if (whole == null) {
                trainings.fail(cell, "Its run on all layers did not come to its end.");
            } else {
                ended.put(cell, pruned.run(cell, whole, part, listener));
            }
        }
        return ended;
    }
}

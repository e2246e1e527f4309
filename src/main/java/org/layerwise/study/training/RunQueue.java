package org.layerwise.study.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.run.Run;
import org.layerwise.run.RunCheckpoints;
import org.layerwise.run.RunState;
import org.layerwise.run.RunStore;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.StartMode;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.TrainingListener;

/**
 * Queue of several runs of one model that are executed one after another. A finished run is left unchanged, an
 * interrupted run is resumed, and a failed run does not stop the queue.
 */
public final class RunQueue implements Runs {

    private final Workbench workbench;
    private final OpenModel model;
    private final List<Planned> runs = new ArrayList<>();

    /**
     * Creates a queue of runs of one open model.
     *
     * @param model model of all runs, which stays open
     */
    public RunQueue(Workbench workbench, OpenModel model) {
        this.workbench = workbench;
        this.model = model;
    }

    @Override
    public void add(Planned run) {
        if (!Run.isRun(run.out())) {
            RunStore.queue(run.out(), run.model(), run.data(), run.settings());
        }
        runs.add(run);
    }

    @Override
    public List<Ended> run(PauseSwitch pause, Progress progress, Listener listener) {
        List<Ended> ended = new ArrayList<>();
        for (Planned run : runs) {
            if (progress.cancelled()) {
                break;
            }
            double share = 1.0 / runs.size();
            Progress part = progress.part(ended.size() * share, (ended.size() + 1) * share);
            Ended end = end(run, pause, part, listener);
            ended.add(end);
            listener.ended(end);
        }
        return ended;
    }

    private Ended end(Planned run, PauseSwitch pause, Progress progress, Listener listener) {
        Optional<TrainingSummary> finished = finished(run.out());
        if (finished.isPresent()) {
            return new Ended(run, finished, "");
        }
        try {
            return train(run, pause, progress, listener.begins(run));
        } catch (UserException e) {
            return new Ended(run, Optional.empty(), e.getMessage());
        }
    }

    private Ended train(Planned run, PauseSwitch pause, Progress progress, TrainingListener listener) {
        StartMode start =
                Files.isDirectory(run.out().resolve(RunCheckpoints.FOLDER)) ? StartMode.RESUME : StartMode.RETRY;
        TrainingSummary summary = new TrainingJob(workbench, model, run.data(), run.settings(), run.out(), start, pause)
                .run(progress, listener);
        return new Ended(run, Optional.of(summary), "");
    }

    /** Returns the summary of a finished run; empty if the run is not finished. */
    public static Optional<TrainingSummary> finished(Path out) {
        return Run.isRun(out) && Run.open(out).state() == RunState.FINISHED
                ? Run.open(out).summary()
                : Optional.empty();
    }
}

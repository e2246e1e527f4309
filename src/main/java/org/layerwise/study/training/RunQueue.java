package org.layerwise.study.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.run.Run;
import org.layerwise.run.RunCheckpoints;
import org.layerwise.run.RunState;
import org.layerwise.run.RunStore;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.TrainingListener;

/**
 * Queue of several runs that are executed one after another. A finished run is left unchanged, an interrupted run is
 * resumed, and a failed run does not stop the queue. Consecutive runs of the same model load it once.
 */
public final class RunQueue implements Runs {

    private final Workbench workbench;
    private final @Nullable OpenModel shared;
    private final List<Planned> runs = new ArrayList<>();

    public RunQueue(Workbench workbench) {
        this.workbench = workbench;
        this.shared = null;
    }

    /**
     * Creates a queue of runs of one open model.
     *
     * @param shared model of all runs, which stays open
     */
    public RunQueue(Workbench workbench, OpenModel shared) {
        this.workbench = workbench;
        this.shared = shared;
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
        OpenModel open = null;
        ModelSettings opened = null;
        try {
            for (Planned run : runs) {
                if (progress.cancelled()) {
                    break;
                }
                double share = 1.0 / runs.size();
                Progress part = progress.part(ended.size() * share, (ended.size() + 1) * share);
                Optional<TrainingSummary> finished = finished(run.out());
                Ended end;
                if (finished.isPresent()) {
                    end = new Ended(run, finished, "");
                } else {
                    try {
                        OpenModel model = shared != null ? shared : open;
                        if (model == null || shared == null && !run.model().equals(opened)) {
                            if (open != null) {
                                open.close();
                                open = null;
                            }
                            model = workbench.openModel(run.model(), pause, part.part(0, 0.05));
                            open = model;
                            opened = run.model();
                        }
                        end = train(run, model, pause, part.part(0.05, 1), listener.begins(run));
                    } catch (UserException e) {
                        end = new Ended(run, Optional.empty(), e.getMessage());
                    }
                }
                ended.add(end);
                listener.ended(end);
            }
        } finally {
            if (open != null) {
                open.close();
            }
        }
        return ended;
    }

    private Ended train(Planned run, OpenModel open, PauseSwitch pause, Progress progress, TrainingListener listener) {
        StartMode start =
                Files.isDirectory(run.out().resolve(RunCheckpoints.FOLDER)) ? StartMode.RESUME : StartMode.RETRY;
        TrainingSummary summary = new TrainingJob(workbench, open, run.data(), run.settings(), run.out(), start, pause)
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

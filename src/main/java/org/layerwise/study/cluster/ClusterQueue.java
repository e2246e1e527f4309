package org.layerwise.study.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.run.Run;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.StartMode;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.RunQueue;
import org.layerwise.study.training.Runs;
import org.layerwise.training.TrainingListener;

/**
 * Several runs of one model on a cluster, each as a separate job. All jobs are submitted first and then followed one
 * after another, so that as many run at the same time as the cluster has resources for. A finished run is left
 * unchanged, an existing job is followed, and an interrupted job is submitted again.
 */
public final class ClusterQueue implements Runs {

    private static final double SENT = 0.2;

    private final ClusterTraining cluster;
    private final RemoteOptions there;
    private final OpenModel model;
    private final List<Planned> runs = new ArrayList<>();
    private final Map<Planned, List<String>> remarks = new HashMap<>();

    /**
     * Creates a queue of runs.
     *
     * @param there options of each job
     * @param model model of all runs, which stays open
     */
    public ClusterQueue(ClusterTraining cluster, RemoteOptions there, OpenModel model) {
        this.cluster = cluster;
        this.there = there;
        this.model = model;
    }

    @Override
    public void add(Planned run) {
        runs.add(run);
    }

    /**
     * Submits all jobs and follows them.
     *
     * @param pause ignored, since jobs on a cluster cannot be paused
     */
    @Override
    public List<Ended> run(PauseSwitch pause, Progress progress, Listener listener) {
        Map<Planned, String> unsent = handIn(progress.part(0, SENT));
        List<Ended> ended = new ArrayList<>();
        for (Planned run : runs) {
            progress.check();
            double share = (1 - SENT) / runs.size();
            Progress part = progress.part(SENT + ended.size() * share, SENT + (ended.size() + 1) * share);
            Ended end = RunQueue.finished(run.out())
                    .map(summary -> new Ended(run, Optional.of(summary), ""))
                    .orElseGet(() -> unsent.containsKey(run)
                            ? new Ended(run, Optional.empty(), unsent.get(run))
                            : follow(run, part, listener.begins(run)));
            ended.add(end);
            listener.ended(end);
        }
        return ended;
    }

    /**
     * Submits all runs that are not finished.
     *
     * @return the runs that could not be submitted, with the reasons
     */
    private Map<Planned, String> handIn(Progress progress) {
        Map<Planned, String> unsent = new LinkedHashMap<>();
        for (int i = 0; i < runs.size(); i++) {
            progress.check();
            Planned run = runs.get(i);
            Progress part = progress.part((double) i / runs.size(), (i + 1.0) / runs.size());
            if (RunQueue.finished(run.out()).isPresent()) {
                continue;
            }
            try {
                if (Run.isRemote(run.out())) {
                    cluster.goOn(run.out(), part);
                } else {
                    List<String> noted = remarks.computeIfAbsent(run, any -> new ArrayList<>());
                    cluster.begin(
                            model,
                            run.data(),
                            run.settings(),
                            run.out(),
                            there,
                            StartMode.RETRY,
                            part.noting(noted::add));
                }
            } catch (UserException e) {
                unsent.put(run, String.valueOf(e.getMessage()));
            }
        }
        return unsent;
    }

    private Ended follow(Planned run, Progress progress, TrainingListener listener) {
        remarks.getOrDefault(run, List.of()).forEach(listener::noted);
        try {
            Optional<TrainingSummary> summary = cluster.follow(run.out(), progress, listener, listener::noted);
            if (summary.isEmpty()) {
                return new Ended(
                        run,
                        Optional.empty(),
                        String.valueOf(Run.open(run.out()).reason()));
            }
            return summary.get().cancelled()
                    ? new Ended(run, Optional.empty(), "It was stopped there.")
                    : new Ended(run, summary, "");
        } catch (UserException e) {
            return new Ended(run, Optional.empty(), String.valueOf(e.getMessage()));
        }
    }
}

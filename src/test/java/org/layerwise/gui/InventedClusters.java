package org.layerwise.gui;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.CheckResult;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.gui.engine.Clusters;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.JobNotWithdrawnException;
import org.layerwise.remote.JobState;
import org.layerwise.remote.JobWorkers;
import org.layerwise.remote.StorageFolder;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.remote.ssh.HostKey;
import org.layerwise.remote.ssh.SshAccess;
import org.layerwise.remote.ssh.SshAddress;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.run.TrainingSummary;
import org.layerwise.study.cluster.ClusterListener;
import org.layerwise.study.cluster.PendingAnalysis;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;

/** Clusters that are not there: their runs are invented ones, which go on while somebody follows them. */
public final class InventedClusters implements Clusters {

    /** The name of a cluster whose computer was never seen before. */
    public static final String STRANGER = "stranger";

    /** The name of a cluster whose key file has a passphrase. */
    public static final String LOCKED = "locked";

    private final List<Cluster> places = new CopyOnWriteArrayList<>();
    private final Set<Path> asked = ConcurrentHashMap.newKeySet();
    private final List<Path> again = new CopyOnWriteArrayList<>();
    private final List<PendingAnalysis> left = new CopyOnWriteArrayList<>();
    private final List<Path> ended = new CopyOnWriteArrayList<>();
    private final Function<Path, InventedRun> runs;
    private final LongSupplier pauseMillis;
    private volatile boolean unreachable;
    private volatile boolean failing;
    private volatile boolean silent;

    InventedClusters(Function<Path, InventedRun> runs, LongSupplier pauseMillis) {
        this.runs = runs;
        this.pauseMillis = pauseMillis;
    }

    /** A Ray cluster that can be kept. */
    public static Cluster.Ray ray(String name) {
        return new Cluster.Ray(
                name,
                URI.create("http://head:8265"),
                new StorageFolder("/mnt/lab/me", Optional.of(Path.of("/mnt/lab/me"))),
                Optional.empty(),
                "python");
    }

    /** A queue that can be kept. */
    public static Cluster.Slurm slurm(String name) {
        return new Cluster.Slurm(
                name,
                SshAccess.to(SshAddress.of("host", "me@login")),
                new StorageFolder("/scratch/me/layerwise", Optional.empty()),
                "python3",
                new SlurmRequest(
                        Optional.of("gpu"),
                        Optional.empty(),
                        Optional.of("2:00:00"),
                        2,
                        4,
                        List.of("module load cuda")));
    }

    /** Whether clusters cannot be reached. */
    public void unreachable(boolean now) {
        unreachable = now;
    }

    /** Whether a cluster does not answer when it has taken a job. */
    public void silent(boolean now) {
        silent = now;
    }

    /** Answers that a job was taken. */
    void requireVoice() {
        if (silent) {
            throw new JobNotWithdrawnException("lab", new CancelledException(), new CancelledException())
                    .with("follow it");
        }
    }

    /** Whether jobs break. */
    public void fail(boolean now) {
        failing = now;
    }

    /** Runs that were handed in again. */
    public List<Path> again() {
        return List.copyOf(again);
    }

    /** Runs that were asked to stop. */
    public Set<Path> asked() {
        return Set.copyOf(asked);
    }

    @Override
    public List<Cluster> places() {
        return List.copyOf(places);
    }

    @Override
    public void keep(Cluster place, @Nullable String instead) {
        int at = places.stream().map(Cluster::name).toList().indexOf(instead == null ? place.name() : instead);
        if (at >= 0 && instead == null) {
            throw new UserException("There is a target %s already; choose another name.".formatted(place.name()));
        }
        if (at < 0) {
            places.add(place);
        } else {
            places.set(at, place);
        }
    }

    @Override
    public void remove(String name) {
        places.removeIf(place -> place.name().equals(name));
    }

    @Override
    public boolean check(Cluster place, SshQuestions questions, Progress progress, Consumer<CheckResult> found) {
        if (place.name().equals(STRANGER)
                && !questions.trust(new HostKey(
                        "login", 22, "ssh-ed25519", "SHA256:Zk1dDrRLQkVcQKqyVjDAGbVBEkKsDwRWmKyB0sN8uXo"))) {
            found.accept(CheckResult.wrong("SSH", "the key of login is not trusted", "Check again, and trust it."));
            return false;
        }
        if (place.name().equals(LOCKED)) {
            Path key = Path.of("/home/me/.ssh/id_ed25519");
            char[] told = questions.passphrase(key, false);
            if (told == null || !new String(told).equals("secret")) {
                found.accept(CheckResult.wrong("SSH", "login takes none of the keys", "Name another one."));
                return false;
            }
        }
        List<CheckResult> all = List.of(
                CheckResult.ok("Ray", "2.60.0, Jobs API 4"),
                CheckResult.ok("Nodes", "2 with 8 CPUs and 0 GPUs"),
                CheckResult.ok("torch", "2.7.1"),
                CheckResult.wrong("peft", "is missing", "Install it there: pip install peft==0.17.1"),
                CheckResult.note("GPUs", "none that a job sees", "Trainings use the processors."),
                CheckResult.ok("Storage", place.storage().there() + ", seen by both sides"));
        for (int i = 0; i < all.size(); i++) {
            sleep(progress);
            progress.report((double) i / all.size(), "Asking for " + all.get(i).name());
            found.accept(all.get(i));
        }
        return false;
    }

    private void sleep(Progress progress) {
        progress.check();
        try {
            Thread.sleep(pauseMillis.getAsLong());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        progress.check();
    }

    void requireReachable() {
        if (unreachable) {
            throw new UserException("lab does not answer (connection refused); see layerwise remote check lab.");
        }
    }

    @Override
    public TrainingSummary follow(Path folder, SshQuestions questions, Progress watching, ClusterListener listener) {
        requireReachable();
        InventedRun run = runs.apply(folder);
        String place = run.place();
        listener.state(place, new JobState(JobState.Phase.WAITING, "pending (Resources)"));
        for (int i = 0; i < 5; i++) {
            sleep(watching);
            requireReachable();
        }
        listener.state(place, new JobState(JobState.Phase.RUNNING, "running"));
        listener.workers(
                place,
                new JobWorkers(
                        0,
                        List.of(
                                new JobWorkers.Worker("node1", "NVIDIA H100"),
                                new JobWorkers.Worker("node2", "NVIDIA H100"))));
        Progress there = new Progress() {
            @Override
            public void report(double fraction, String message) {
                watching.report(fraction, message);
            }

            @Override
            public boolean cancelled() {
                return asked.contains(folder);
            }
        };
        TrainingSummary summary =
                run.train(new PauseSwitch(), there, new Watched(listener, watching), pauseMillis, () -> failing);
        listener.state(place, new JobState(JobState.Phase.DONE, "completed"));
        return summary;
    }

    /** Lets go of the run when whoever follows it is to end. */
    private record Watched(ClusterListener listener, Progress watching) implements ClusterListener {
        @Override
        public void step(StepRecord step) {
            if (watching.cancelled()) {
                throw new CancelledException();
            }
            listener.step(step);
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            listener.evaluated(step, evaluation);
        }

        @Override
        public void noted(String remark) {
            listener.noted(remark);
        }
    }

    @Override
    public void goOn(Path run, SshQuestions questions, Progress progress) {
        requireReachable();
        asked.remove(run);
        again.add(run);
    }

    @Override
    public void stop(Path run, SshQuestions questions, Progress progress) {
        requireReachable();
        asked.add(run);
    }

    @Override
    public void await(Path job, SshQuestions questions, Progress progress) {
        requireReachable();
        for (int i = 0; i < 10; i++) {
            sleep(progress);
            progress.report(i / 10.0, "%s of 10 rows of the first worker".formatted(i));
        }
    }

    /** An analysis that an earlier start has left. */
    public void leave(PendingAnalysis analysis) {
        left.add(analysis);
    }

    @Override
    public List<PendingAnalysis> left() {
        return List.copyOf(left);
    }

    /** Jobs that were ended. */
    public List<Path> ended() {
        return List.copyOf(ended);
    }

    @Override
    public void end(Path job, SshQuestions questions, Progress progress) {
        requireReachable();
        ended.add(job);
    }

    @Override
    public String output(Path run, SshQuestions questions, Progress progress) {
        requireReachable();
        return "METRIC {\"step\": 1, \"loss\": 1.9}\nMETRIC {\"step\": 2, \"loss\": 1.8}\n";
    }
}

package org.layerwise.remote;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.CancelledException;
import org.layerwise.base.CheckResult;
import org.layerwise.base.PlainText;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.remote.ray.RayJob;
import org.layerwise.remote.ray.RayJobs;
import org.layerwise.remote.ray.RayNode;
import org.layerwise.remote.ray.RayVersion;
import org.layerwise.remote.slurm.SlurmQueue;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.remote.ssh.SshConnection;
import org.layerwise.remote.ssh.SshSetup;

/**
 * Check of a cluster, which runs each step of a job and reports its result. A step that fails ends the check if later
 * steps need it. Files that the check writes on the cluster are deleted again.
 *
 * @param found consumer of the result of each step, called as soon as the step is done
 */
public record ClusterCheck(SshSetup setup, Consumer<CheckResult> found) {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final long PATIENCE_NANOS = 300_000_000_000L;

    /**
     * Checks a cluster.
     *
     * @return true if all steps succeeded
     * @throws CancelledException if cancelled
     */
    public boolean run(Cluster target, Progress progress) {
        Tally tally = new Tally();
        try (ClusterConnection open = ClusterConnection.open(target, setup, progress)) {
            open.connection().ifPresent(ssh -> tally.report(CheckResult.ok("SSH", "connected to " + ssh.name())));
            if (target instanceof Cluster.Ray ray) {
                ray(ray, open, tally, progress);
            } else if (target instanceof Cluster.Slurm slurm) {
                slurm(slurm, open, tally, progress);
            }
        } catch (UserException e) {
            progress.check();
            tally.report(CheckResult.wrong(tally.step, plain(e), ""));
        } catch (IOException e) {
            progress.check(); // cancelled work closes the connection
            tally.report(CheckResult.wrong(
                    tally.step,
                    "no answer from %s (%s)".formatted(where(target), e.getMessage()),
                    "See whether it runs, and whether the address is right."));
        }
        return tally.good;
    }

    private static String where(Cluster target) {
        return target instanceof Cluster.Ray ray ? ray.dashboard().toString() : target.name();
    }

    private static String plain(UserException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\.$", "");
    }

    /** Results so far, and the current step. */
    private final class Tally {
        private boolean good = true;
        private String step = "SSH";

        /** Reports a result. The output of a cluster may be of any length, so it is shortened. */
        private void report(CheckResult finding) {
            good &= finding.state() != CheckResult.State.WRONG;
            found.accept(new CheckResult(
                    finding.state(),
                    finding.name(),
                    PlainText.message(finding.text()),
                    PlainText.message(finding.hint())));
        }
    }

    private void ray(Cluster.Ray target, ClusterConnection open, Tally tally, Progress progress) throws IOException {
        tally.step = "Ray";
        progress.report(Progress.UNKNOWN, "Asking Ray");
        RayJobs jobs = open.ray();
        RayVersion version = jobs.version(progress);
        tally.report(CheckResult.ok("Ray", "%s, Jobs API %s".formatted(version.ray(), version.api())));
        tally.step = "Nodes";
        List<RayNode> nodes =
                jobs.nodes(progress).stream().filter(RayNode::alive).toList();
        double gpus = nodes.stream().mapToDouble(RayNode::gpus).sum();
        tally.report(CheckResult.ok(
                "Nodes",
                String.format(
                        Locale.ROOT,
                        "%d with %.0f CPUs and %.0f GPUs",
                        nodes.size(),
                        nodes.stream().mapToDouble(RayNode::cpus).sum(),
                        gpus)));
        String id = "layerwise-check-" + UUID.randomUUID();
        String folder = id;
        tally.step = "Storage";
        try (JobStorage storage = open.storage()) {
            storage.requireWritable();
            storage.makeFolder(folder);
            try {
                storage.put(folder + "/question", id);
                tally.step = "Python";
                String files = ProgramFiles.of(List.of(ProgramFiles.CHECK)).upload(jobs, progress);
                String command = "%s -u check.py %s".formatted(target.python(), storage.there(folder));
                jobs.submit(id, command, files, progress);
                RayJob job = await(jobs, id, progress);
                Optional<PythonFacts> facts = PythonFacts.in(jobs.logs(id, progress));
                if (facts.isEmpty()) {
                    tally.report(CheckResult.wrong(
                            "Python",
                            "the job that looks at it has ended with %s: %s"
                                    .formatted(job.state(), lastLine(job.message())),
                            "See its log in the dashboard (%s), and whether --python names a program.".formatted(id)));
                    return;
                }
                facts.get().findings(true).forEach(tally::report);
                tally.report(storage(facts.get(), storage, folder, id));
            } finally {
                storage.delete(folder);
                storage.withdraw();
            }
        }
    }

    private static CheckResult storage(PythonFacts facts, JobStorage storage, String folder, String id)
            throws IOException {
        Optional<String> trouble = facts.storageTrouble();
        if (trouble.isPresent() || !storage.text(folder + "/answer").equals(id)) {
            return CheckResult.wrong(
                    "Storage",
                    "%s is written here, but is not the same over there (%s)"
                            .formatted(storage.name(), trouble.orElse("another folder of that name")),
                    "All workers must see the folder that --storage names.");
        }
        return CheckResult.ok("Storage", storage.name() + ", seen by both sides");
    }

    private static RayJob await(RayJobs jobs, String id, Progress progress) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            RayJob job = jobs.job(id, progress)
                    .orElseThrow(() -> new UserException(
                            "Ray has forgotten the job that looks at Python; is its head being started anew?"));
            if (job.state().over()) {
                return job;
            }
            if (System.nanoTime() - end > 0) {
                jobs.stop(id, progress);
                throw new UserException(
                        "The job that looks at Python has not come to its end in 5 minutes (%s); see whether the cluster is busy, and check again."
                                .formatted(lastLine(job.message())));
            }
            progress.report(Progress.UNKNOWN, "Python there: " + JobLogText.line(job.message()));
            CancellableWait.sleep(LOOK_EVERY, progress);
        }
    }

    private static String lastLine(String words) {
        return words.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((first, second) -> second)
                .orElse("no reason given")
                .replaceAll("\\.$", "");
    }

    private void slurm(Cluster.Slurm target, ClusterConnection open, Tally tally, Progress progress)
            throws IOException {
        SshConnection ssh = open.connection().orElseThrow();
        SlurmQueue queue = new SlurmQueue(ssh, target.request().clusters());
        tally.step = "Slurm";
        progress.report(Progress.UNKNOWN, "Asking Slurm");
        tally.report(CheckResult.ok("Slurm", queue.version(progress)));
        tally.step = "Partition";
        tally.report(partition(queue.partitions(progress), target.request()));
        tally.step = "Storage";
        try (JobStorage storage = open.storage()) {
            storage.requireWritable();
            tally.report(CheckResult.ok("Storage", storage.name()));
            tally.step = "Python";
            progress.report(Progress.UNKNOWN, "Asking Python");
            String folder = "layerwise-check-" + UUID.randomUUID();
            storage.makeFolder(folder);
            try {
                storage.put(folder + "/check.py", text(ProgramFiles.of(List.of(ProgramFiles.CHECK))));
                python(target, ssh, storage.there(folder + "/check.py"), tally, progress);
            } finally {
                storage.delete(folder);
                storage.withdraw();
            }
        }
    }

    private static String text(ProgramFiles program) {
        return new String(program.files().get(ProgramFiles.CHECK), StandardCharsets.UTF_8);
    }

    private void python(Cluster.Slurm target, SshConnection ssh, String program, Tally tally, Progress progress) {
        String lines = String.join("\n", target.request().lines());
        String command =
                "%s\n%s -u %s".formatted(lines, target.python(), program).strip();
        SshConnection.Answer answer = ssh.run(command, progress);
        Optional<PythonFacts> facts = PythonFacts.in(answer.out());
        if (facts.isEmpty()) {
            tally.report(CheckResult.wrong(
                    "Python",
                    "%s ended with %s: %s".formatted(target.python(), answer.code(), lastLine(answer.error())),
                    "Name the Python that has torch with --python, or what must be loaded before with --setup."));
            return;
        }
        facts.get().findings(false).forEach(tally::report);
    }

    private static CheckResult partition(List<SlurmQueue.Partition> all, SlurmRequest request) {
        Optional<SlurmQueue.Partition> wanted = all.stream()
                .filter(one -> request.partition().map(one.name()::equals).orElse(one.standard()))
                .findFirst();
        String names = all.stream().map(SlurmQueue.Partition::name).distinct().collect(Collectors.joining(", "));
        if (wanted.isEmpty()) {
            return CheckResult.wrong(
                    "Partition",
                    request.partition()
                            .map("there is no %s"::formatted)
                            .orElse("none is the standard one, and none is named"),
                    "Name one of %s with --partition.".formatted(names.isEmpty() ? "none" : names));
        }
        SlurmQueue.Partition partition = wanted.get();
        String text = "%s, %s %s, time limit %s, %s"
                .formatted(
                        partition.name(),
                        partition.nodes(),
                        partition.nodes() == 1 ? "node" : "nodes",
                        partition.limit(),
                        partition.gres().equals("(null)") ? "no GPUs" : partition.gres());
        if (!partition.up()) {
            return CheckResult.wrong(
                    "Partition", text + ", takes no jobs now", "Name one of %s with --partition.".formatted(names));
        }
        if (request.gpus() > 0 && partition.gres().equals("(null)")) {
            return CheckResult.wrong(
                    "Partition",
                    text,
                    "Jobs ask for %s GPUs a node; name another partition, or --gpus 0.".formatted(request.gpus()));
        }
        return CheckResult.ok("Partition", text);
    }
}

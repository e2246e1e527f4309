package org.layerwise.study.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.ShellWord;
import org.layerwise.base.UserException;
import org.layerwise.base.file.TemporaryFolder;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterUnreachable;
import org.layerwise.remote.JobFollower;
import org.layerwise.remote.JobListener;
import org.layerwise.remote.JobNotWithdrawnException;
import org.layerwise.remote.JobOutput;
import org.layerwise.remote.JobState;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.RemoteJobs;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.run.ExistingRun;
import org.layerwise.run.MetricsLog;
import org.layerwise.run.Run;
import org.layerwise.run.RunConfig;
import org.layerwise.run.RunFile;
import org.layerwise.run.RunHistory;
import org.layerwise.run.RunLock;
import org.layerwise.run.RunState;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.RunQueue;
import org.layerwise.study.training.TrainingInputs;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.study.training.TrainingRequest;
import org.layerwise.training.TrainingListener;

/**
 * Training on a cluster, with its run folder on this computer. The folder holds {@code remote.json}, which records the
 * job so that it can be resumed, {@code plan.json}, {@code config.yaml}, {@code run.json}, {@code metrics.jsonl} as it
 * grows, and at the end {@code adapter/} and {@code summary.json}. If the program on this computer ends, the job
 * continues, and {@link #follow} follows it again.
 *
 * @param pause pause between two requests for news of the job
 */
public record ClusterTraining(Workbench workbench, Cluster target, SshSetup setup, Duration pause) {

    /**
     * Writes the job, sends it to the cluster and submits it. If the program ends meanwhile, the run can be resumed: its
     * folder has the ticket, and the job until that is submitted.
     *
     * @param out folder of the run on this computer
     * @param there options of the job
     * @param start treatment of a run that exists in the folder already; this method cannot resume such a run
     * @throws UserException if the settings do not fit, the cluster refuses the job, or the cluster does not answer; the
     *     ticket is kept only if the cluster may have the job
     * @throws CancelledException if cancelled; a job that was submitted was ended, and nothing is left of it
     */
    public void begin(
            OpenModel model,
            DataSettings data,
            TrainingSettings settings,
            Path out,
            RemoteOptions there,
            StartMode start,
            Progress progress) {
        WritablePaths.requireFolder(out);
        try (RunLock lock = RunLock.take(out);
                TemporaryFolder work = TemporaryFolder.in(out, "job")) {
            ExistingRun.requireReplaceable(out, start);
            begin(
                    new TrainingExport(workbench, model, data, settings, there, there.gpu(target)),
                    model,
                    data,
                    work.path().resolve("job"),
                    out,
                    JobTicket.next(target.name(), there.workers()),
                    progress);
        } catch (IOException e) {
            throw ClusterUnreachable.of(target.name(), e);
        }
    }

    private void begin(
            TrainingExport export,
            OpenModel model,
            DataSettings data,
            Path job,
            Path out,
            JobTicket ticket,
            Progress progress)
            throws IOException {
        UnsentJob unsent = new UnsentJob(out);
        AtomicBoolean begun = new AtomicBoolean();
        JobTicket numbered;
        try (RemoteJobs jobs = RemoteJobs.open(target, setup, progress.part(0, 0.05))) {
            jobs.require(progress.silent());
            export.write(
                    job,
                    out,
                    folder -> UnsentJob.writeProgram(folder, target),
                    run -> {
                        ExistingRun.forget(out);
                        begun.set(true);
                        RunConfig.write(out, run.flags());
                        TrainingJob.saveInitial(run.material().adapted(), model.base(), out);
                        unsent.keep(job, ticket);
                        RunFile.begin(out, run.subject(model, data, Map.of("remote", target.name())), false);
                    },
                    progress.part(0.05, 0.6));
            numbered = jobs.submit(ticket, unsent.folder(), progress.part(0.6, 1));
        } catch (JobNotWithdrawnException e) {
            throw e.with(
                    "layerwise train --resume %s takes the run up again, and layerwise remote delete %s deletes it there"
                            .formatted(ShellWord.of(out), ShellWord.of(out)));
        } catch (IOException | RuntimeException e) {
            if (begun.get()) {
                unsent.withdrawn(String.valueOf(e.getMessage()));
            }
            throw e;
        }
        unsent.taken(numbered); // outside, since a job whose number cannot be written is found again
    }

    /**
     * Checks that the run in a folder was sent with these settings and with the same model and rows.
     *
     * @param there options of the job; empty to accept any
     * @throws UserException if something differs; the message names the first difference
     */
    public void requireSame(
            OpenModel model,
            DataSettings data,
            TrainingSettings settings,
            Path out,
            Optional<RemoteOptions> there,
            Progress progress) {
        there.ifPresent(how -> new SubmittedRun(out).requireSame(target, how, model));
        try (TrainingInputs material = TrainingInputs.read(workbench, model, data, settings, progress)) {
            TrainingRequest.of(out, model, data, settings, material).requireSame(out);
        }
    }

    /**
     * Reads the ticket of a run on this cluster. Another cluster cannot report the state of the job.
     *
     * @throws UserException if there is no ticket, the run is on another cluster, or a symbolic link would lead the
     *     run's files out of its folder
     */
    private JobTicket ticket(Path out) {
        ExistingRun.requireNoLinks(out);
        JobTicket ticket = JobTicket.read(out);
        if (!target.name().equals(ticket.target())) {
            throw new UserException(
                    "The run in %s was sent to %s, and %s does not know its job; name %s with --on, or start anew into another folder."
                            .formatted(out, ticket.target(), target.name(), ticket.target()));
        }
        return ticket;
    }

    /**
     * Resubmits a run that was stopped or interrupted, so that it resumes from its last checkpoint. A run whose job was
     * never submitted, since the program ended before, is sent again and submitted. A completed run whose results could
     * not be fetched is marked as running, so that it can be followed again, but is not resubmitted. Any other run is
     * left unchanged.
     */
    public void goOn(Path out, Progress progress) {
        with(progress, jobs -> {
            try (RunLock lock = RunLock.await(out, progress)) { // prevents deletion on the cluster
                goOn(jobs, numbered(jobs, out, progress), out, progress);
                return out;
            }
        });
    }

    private void goOn(RemoteJobs jobs, JobTicket ticket, Path out, Progress progress) throws IOException {
        RunState state = Run.open(out).state();
        if (ticket.deleted() && !state.resumable()) {
            return; // nothing of it is left on the cluster
        }
        // a deleted job is refused without a look at it
        JobState.Phase phase = ticket.deleted()
                ? JobState.Phase.LOST
                : jobs.state(ticket, progress).phase();
        if (isUnfetched(phase, state) && jobs.hasResults(ticket)) {
            RunFile.open(out).goOn();
        } else if (phase.resumable() || phase.over() && state.resumable()) {
            UnsentJob unsent = new UnsentJob(out);
            unsent.refresh(target);
            unsent.taken(jobs.submitAgain(ticket, phase, unsent.folder(), progress));
            RunFile.open(out).goOn();
        }
    }

    /**
     * Returns the ticket of a run, with the number of its job if the scheduler knows one. The caller must hold the
     * lock of the run.
     */
    private JobTicket numbered(RemoteJobs jobs, Path out, Progress progress) throws IOException {
        JobTicket ticket = ticket(out);
        if (ticket.isNumbered() || ticket.deleted()) {
            return ticket;
        }
        JobTicket numbered = jobs.numbered(ticket, progress.silent());
        if (numbered.isNumbered()) {
            new UnsentJob(out).taken(numbered);
        }
        return numbered;
    }

    /**
     * Returns the ticket of a run that is followed. Of a job whose submission had no answer, waits until no other
     * program submits it, and asks for its number.
     */
    private JobTicket followed(Path out, Progress progress) {
        JobTicket ticket = ticket(out);
        return ticket.isNumbered() || ticket.deleted()
                ? ticket
                : with(progress.silent(), jobs -> {
                    try (RunLock lock = RunLock.await(out, progress)) {
                        return numbered(jobs, out, progress);
                    }
                });
    }

    /** Returns the state of the job of a run. */
    public JobState state(Path out, Progress progress) {
        return with(progress, jobs -> jobs.state(ticket(out), progress));
    }

    /**
     * Asks a run to stop after its current step and to keep its results.
     *
     * @throws UserException if the job has ended
     */
    public void stop(Path out, Progress progress) {
        with(progress, jobs -> {
            JobTicket ticket = ticket(out);
            if (jobs.state(ticket, progress).phase().over()) {
                throw new UserException(
                        "The job of the run in %s has ended already; there is nothing to stop.".formatted(out));
            }
            jobs.stop(ticket, progress);
            return out;
        });
    }

    /**
     * Deletes the files of an ended run on the cluster. The run cannot be resumed afterwards.
     *
     * @param unfetched true if results that were not fetched may be deleted as well
     * @throws UserException if the job has not ended, or has results that were not fetched and must be kept
     */
    public void delete(Path out, boolean unfetched, Progress progress) {
        with(progress, jobs -> {
            try (RunLock lock = RunLock.await(out, progress)) { // prevents that the job is resubmitted meanwhile
                JobTicket ticket = ticket(out);
                if (!ticket.deleted()) {
                    requireOver(out, jobs.state(ticket, progress), !unfetched && jobs.hasResults(ticket));
                }
                RecordedDeletion.run(ticket, out, begun -> jobs.delete(ticket, begun));
                new UnsentJob(out).delete();
                return ticket;
            }
        });
    }

    /**
     * Checks that the job of a run has ended. A run without results is marked as failed on this computer.
     *
     * @param results true if the job has results that must be kept until they are fetched
     */
    private void requireOver(Path out, JobState state, boolean results) {
        RunState here = Run.open(out).state();
        if (!state.phase().over()) {
            throw new UserException("The run in %s goes on on %s; layerwise remote stop %s ends it."
                    .formatted(out, target.name(), ShellWord.of(out)));
        }
        if (results && (here == RunState.RUNNING || isUnfetched(state.phase(), here))) {
            throw new UserException(
                    "What the run in %s came to is still on %s; layerwise train --resume %s fetches it, and layerwise remote delete --unfetched %s deletes it."
                            .formatted(out, target.name(), ShellWord.of(out), ShellWord.of(out)));
        }
        if (here == RunState.RUNNING) {
            end(out, RunState.FAILED, "The job on %s has ended (%s).".formatted(target.name(), state.words()));
        }
    }

    /**
     * Returns true if a run is complete on the cluster and only fetching its results has failed, for example because
     * the disk was full.
     */
    private static boolean isUnfetched(JobState.Phase there, RunState here) {
        return there == JobState.Phase.DONE && here == RunState.FAILED;
    }

    /**
     * Returns the output of a run's job.
     *
     * @throws UserException if the output was deleted on the cluster
     */
    public String log(Path out, Progress progress) {
        JobTicket ticket = ticket(out);
        if (ticket.deleted()) {
            throw new UserException("What lay on %s of the run in %s was deleted, and with it what it printed."
                    .formatted(target.name(), out));
        }
        return with(progress, jobs -> jobs.log(ticket, progress));
    }

    /** Request to a cluster over an open connection. */
    @FunctionalInterface
    private interface Asking<T> {
        T ask(RemoteJobs jobs) throws IOException;
    }

    private <T> T with(Progress progress, Asking<T> asking) {
        try (RemoteJobs jobs = RemoteJobs.open(target, setup, progress)) {
            return asking.ask(jobs);
        } catch (IOException e) {
            progress.check(); // a cancelled request closes its connection
            throw ClusterUnreachable.of(target.name(), e);
        }
    }

    /**
     * Follows a run to its end and fetches its results.
     *
     * @return the summary; empty if the run has no adapter, with the reason in {@code run.json}
     * @throws CancelledException if cancelled; the job continues
     */
    public Optional<TrainingSummary> follow(Path out, Progress progress, ClusterListener listener) {
        return follow(out, progress, listener, listener);
    }

    /** Follows a run as the other method does, with two listeners: to the training, and to the state of the job. */
    Optional<TrainingSummary> follow(Path out, Progress progress, TrainingListener training, JobListener job) {
        JobTicket ticket = followed(out, progress);
        int total = Run.open(out).totalSteps();
        Path metrics = out.resolve(MetricsLog.NAME);
        JobFollower follower = new JobFollower(
                part -> RemoteJobs.open(target, setup, part),
                ticket,
                metrics,
                () -> RunQueue.finished(out).isPresent(), // fetched by another program
                pause,
                job,
                (anew, lines) -> RunHistory.tell(metrics, lines, total, RemoteRunResult.EVALUATION, training)
                        .ifPresent(last -> progress.report(
                                (double) last.step() / Math.max(1, total),
                                String.format(
                                        Locale.ROOT, "Step %d of %d, loss %.3f", last.step(), total, last.loss()))));
        JobState state = follower.follow(progress);
        if (hasFailed(state) && !fails(out, ticket, reason(ticket, state, progress), progress)) {
            return follow(out, progress, training, job);
        }
        // another program that follows the run fetches the same files, and this one would read what it replaces
        try (RunLock lock = RunLock.await(out, progress)) {
            Optional<TrainingSummary> finished = RunQueue.finished(out);
            if (finished.isPresent() || hasFailed(state)) {
                return finished; // the cluster's files may be deleted
            }
            if (ticket(out).equals(ticket)) {
                return Optional.of(fetched(out, ticket, state, total, progress));
            }
        }
        return follow(out, progress, training, job); // it was resubmitted meanwhile
    }

    private static boolean hasFailed(JobState state) {
        return state.phase() != JobState.Phase.DONE && state.phase() != JobState.Phase.STOPPED;
    }

    /**
     * Marks a run as failed, unless its results have been fetched.
     *
     * @return false if the job was resubmitted in the meantime, so that the failure belongs to an earlier attempt
     */
    private static boolean fails(Path out, JobTicket ticket, String reason, Progress progress) {
        try (RunLock lock = RunLock.await(out, progress)) {
            if (!JobTicket.isIn(out)) {
                return true; // another program could not submit it, and has marked it
            }
            if (!JobTicket.read(out).equals(ticket)) {
                return false;
            }
            if (RunQueue.finished(out).isEmpty()) {
                end(out, RunState.FAILED, reason);
            }
            return true;
        }
    }

    private TrainingSummary fetched(Path out, JobTicket ticket, JobState state, int total, Progress progress) {
        try (RemoteJobs jobs = RemoteJobs.open(target, setup, progress.silent())) {
            jobs.fetch(ticket, out, JobOutput.TRAINING, progress.silent());
            RunEnding ending = RunEnding.read(out);
            TrainingSummary summary =
                    new RemoteRunResult(out, target.name(), total, ending).summarise(workbench.engine());
            end(out, ending.finished() ? RunState.FINISHED : RunState.CANCELLED, null);
            return summary;
        } catch (IOException e) {
            throw ClusterUnreachable.of(
                    target.name(), e); // the results still exist on the cluster, so the run has not ended
        } catch (UserException e) {
            end(
                    out,
                    state.phase() == JobState.Phase.STOPPED ? RunState.CANCELLED : RunState.FAILED,
                    String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private String reason(JobTicket ticket, JobState state, Progress progress) {
        return switch (state.phase()) {
            case CUT_OFF -> "The queue ended it (%s); train --resume hands it in again.".formatted(state.words());
            case LOST ->
                "%s; train --resume hands it in again.".formatted(state.words().replaceAll("\\.$", ""));
            default ->
                "The job on %s has failed (%s); see its log."
                        .formatted(
                                target.name(),
                                RemoteJobs.failureReason(target, setup, ticket, state, progress.silent()));
        };
    }

    private static void end(Path out, RunState state, @Nullable String reason) {
        RunFile.open(out).end(state, reason);
    }
}

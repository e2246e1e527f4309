package org.layerwise.study.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.TemporaryFolder;
import org.layerwise.base.file.UnfinishedFiles;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.remote.BrokenResultsException;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterUnreachable;
import org.layerwise.remote.JobListener;
import org.layerwise.remote.JobNotWithdrawnException;
import org.layerwise.remote.JobOutput;
import org.layerwise.remote.JobState;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.RemoteJobs;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.run.FileHash;
import org.layerwise.run.MetricsLog;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.RemoteRepresentationSource;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.Versions;
import org.layerwise.study.training.RemoteWeightsCheck;
import org.layerwise.tensor.DType;
import org.layerwise.training.TaskKind;

/**
 * Extraction of representations on a cluster. The workers share the rows, and their results are fetched and combined.
 * The measures are then computed on this computer, as for any other representations.
 *
 * <p>A job is identified by a hash of its inputs. A repeated request after the end of the program or a broken
 * connection therefore follows the existing job.
 */
public final class ClusterExtraction implements RemoteRepresentationSource {

    private static final String PLAN = "plan.json";
    private static final String ROWS = "rows.safetensors";
    private static final int VERSION = 1;
    private static final int KEY_LENGTH = 24;
    private static final String ADAPTER = "adapter";

    private final OpenModel model;
    private final Cluster target;
    private final SshSetup setup;
    private final RemoteOptions there;
    private final ExtractionJobs jobs;
    private final JobListener listener;
    private final Duration pause;
    private final @Nullable Path adapter;
    private final @Nullable Path only;

    /**
     * Creates an extraction.
     *
     * @param there options of the job
     * @param listener receives the states of the job
     */
    public ClusterExtraction(
            Workbench workbench,
            OpenModel model,
            Cluster target,
            SshSetup setup,
            RemoteOptions there,
            JobListener listener) {
        this(
                model,
                target,
                setup,
                there,
                new ExtractionJobs(workbench.folders().jobs()),
                listener,
                ClusterAccess.LOOK_EVERY,
                null,
                null);
    }

    /**
     * Creates an extraction for one adapter or one job.
     *
     * @param jobs folder of the jobs that have not been fetched
     * @param adapter folder of an adapter that the model is used with; null for none
     * @param only folder of the only job that may be followed; null to follow any equal job or submit a new one
     */
    ClusterExtraction(
            OpenModel model,
            Cluster target,
            SshSetup setup,
            RemoteOptions there,
            ExtractionJobs jobs,
            JobListener listener,
            Duration pause,
            @Nullable Path adapter,
            @Nullable Path only) {
        this.model = model;
        this.target = target;
        this.setup = setup;
        this.there = there;
        this.jobs = jobs;
        this.listener = listener;
        this.pause = pause;
        this.adapter = adapter;
        this.only = only;
    }

    @Override
    public ClusterExtraction with(@Nullable Path other) {
        return new ClusterExtraction(model, target, setup, there, jobs, listener, pause, other, only);
    }

    /** Returns this extraction limited to one existing job, so that no new job is submitted. */
    public ClusterExtraction only(Path job) {
        return new ClusterExtraction(model, target, setup, there, jobs, listener, pause, adapter, job);
    }

    /**
     * Submits or follows the job and returns its result.
     *
     * @throws org.layerwise.base.CancelledException if cancelled; a submitted job continues
     */
    @Override
    public Extraction of(TokenizedDataset tokens, Position position, boolean tokenCosines, Progress progress) {
        if (tokenCosines) {
            throw new UserException(
                    "block-influence compares every token of a row, and from a cluster comes one vector a row; leave it out, or compute it here (without --on).");
        }
        try (TemporaryFolder work = TemporaryFolder.make("job")) {
            Representations found = represent(tokens, position, work.path().resolve("job"), progress);
            return new Extraction(found);
        } catch (IOException e) {
            progress.check(); // a cancelled request closes its connection
            throw ClusterUnreachable.of(target.name(), e);
        }
    }

    @Override
    public Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>(Map.of(Versions.DTYPE, type(), "remote", target.name()));
        if (target instanceof Cluster.Ray) { // a Slurm queue has its own number of workers
            versions.put("workers", String.valueOf(there.workers().count()));
            versions.put("gpu-workers", String.valueOf(there.workers().gpu()));
        }
        versions.put("fsdp", String.valueOf(there.fsdp()));
        if (there.model() != null) {
            versions.put("model-there", there.model());
        }
        return versions;
    }

    @Override
    public boolean anotherModel() {
        return new RemoteModel(there, model).isAnother();
    }

    /** Returns the data type of the job. The type of this computer's device does not count. */
    @Override
    public DType type(DType here) {
        return model.typeOn(there.gpu(target));
    }

    private String type() {
        return model.typeOn(there.gpu(target)).torchName();
    }

    @Override
    public Path handIn(TokenizedDataset tokens, Position position, Progress progress) {
        try (TemporaryFolder work = TemporaryFolder.make("job")) {
            return handIn(tokens, position, work.path().resolve("job"), progress);
        } catch (IOException e) {
            progress.check();
            throw ClusterUnreachable.of(target.name(), e);
        }
    }

    private Path handIn(TokenizedDataset tokens, Position position, Path job, Progress progress) throws IOException {
        ObjectNode plan = write(tokens, position, job, progress.part(0, 0.15));
        Path here = jobs.of(key(plan, modelHere(progress.part(0.15, 0.25))));
        if (only != null) {
            requireOnly(only, here);
        }
        try (FileLock turn = jobs.turn(here, progress.part(0.25, 0.25))) {
            if (JobTicket.isIn(here)) {
                resume(here, job, progress.part(0.25, 1));
            } else if (only != null) {
                throw AlreadyFetched.told(target.name());
            } else {
                send(here, job, progress.part(0.25, 1));
            }
        } catch (JobNotWithdrawnException e) {
            throw e.with("ask the same again to go on with it");
        }
        return here;
    }

    /** Checks that the inputs are those of the existing job. */
    private void requireOnly(Path wanted, Path here) throws IOException {
        if (!here.equals(wanted)) {
            if (JobTicket.isIn(wanted)) {
                jobs.archive(wanted, JobTicket.read(wanted)); // no later request has the inputs of this job
            }
            throw new UserException(
                    "The model, the rows or the cluster %s have changed since the job was sent, so that what it computes is of something else; start it anew."
                            .formatted(target.name()));
        }
    }

    private Representations represent(TokenizedDataset tokens, Position position, Path job, Progress progress)
            throws IOException {
        Path here = handIn(tokens, position, job, progress.part(0, 0.2));
        JobTicket ticket = JobTicket.read(here);
        ExtractionFollower follower = new ExtractionFollower(target, setup, listener, pause);
        JobState state = follower.follow(ticket, job.resolveSibling(MetricsLog.NAME), progress.part(0.2, 0.9));
        if (state.phase() != JobState.Phase.DONE) {
            throw follower.failed(ticket, state);
        }
        Path into = job.resolveSibling("results");
        Representations found;
        try {
            List<String> fetched = fetch(ticket, into, progress.part(0.9, 1));
            found = new RemoteExtractionResult(into, fetched, ticket)
                    .read(model.described().config(), tokens.size(), position);
        } catch (BrokenResultsException e) {
            jobs.forget(here, ticket); // a repeated request then computes the result again
            throw e;
        }
        jobs.archive(here, ticket);
        return found;
    }

    private ObjectNode write(TokenizedDataset tokens, Position position, Path job, Progress progress)
            throws IOException {
        UnfinishedFiles.createFolders(job);
        SafetensorsWriter.write(job.resolve(ROWS), JobRows.tokens("rows", tokens), Map.of(), progress);
        ObjectNode plan = Json.object();
        plan.put("version", VERSION);
        plan.put("kind", "extract");
        plan.put("vision", model.seesImages());
        plan.put("model", new RemoteModel(there, model).name());
        plan.put("model_revision", new RemoteModel(there, model).revision().orElse(null));
        plan.put("dtype", type());
        plan.put("fsdp", there.fsdp());
        plan.put("position", position.id());
        JobRows.putPadding(plan, model.rowPadding());
        plan.put("rows_sha256", FileHash.sha256(job.resolve(ROWS)));
        if (adapter != null) {
            plan.put("task", writeAdapter(adapter, job.resolve(ADAPTER), plan, progress.part(0, 0)));
            plan.put("adapter_sha256", FileHash.ofAdapter(job.resolve(ADAPTER)));
            plan.put(
                    "adapter_config_sha256",
                    FileHash.sha256(job.resolve(ADAPTER).resolve(PeftAdapter.CONFIG)));
        }
        Json.write(job.resolve(PLAN), plan);
        UnsentJob.writeProgram(job, target);
        return plan;
    }

    /**
     * Writes the adapter for the job.
     *
     * @return the task that the adapter was trained for
     */
    private String writeAdapter(Path adapter, Path out, ObjectNode plan, Progress progress) {
        PeftAdapter read = PeftAdapter.read(adapter, model.described().engine(), progress);
        JobAdapter.requireSupported(read, adapter, "leave out --on");
        RemoteWeightsCheck.requireNone(model, read.config().variant());
        try (AdaptedModel adapted = AdaptedModel.load(model.described(), read, 0, progress)) {
            adapted.remark().ifPresent(model::note);
            JobAdapter.write(read, adapted, model.base(), out);
            adapted.labels().ifPresent(outputs -> plan.put("outputs", outputs));
            return (adapted.labels().isPresent() ? TaskKind.CLASSIFICATION : TaskKind.CAUSAL_LM).id();
        }
    }

    /**
     * Returns the hash of the weights of a model without a revision, since the plan then names only a folder, whose
     * files might be replaced while the job is being sent. Empty for a model of the hub, whose commit is in the plan,
     * and if the weights are not on this computer.
     */
    private Optional<String> modelHere(Progress progress) {
        return model.revision().isPresent() ? Optional.empty() : model.weightsSha256(progress);
    }

    /**
     * Returns the key that identifies a job by its inputs. Another cluster or another number of workers gives another
     * key.
     */
    private String key(ObjectNode plan, Optional<String> modelHere) {
        String words = "%s\n%s\n%s %s%s"
                .formatted(
                        target,
                        plan,
                        there.workers().count(),
                        there.workers().gpu(),
                        modelHere.map("\n"::concat).orElse(""));
        return FileHash.sha256(words).substring(0, KEY_LENGTH);
    }

    private void send(Path here, Path job, Progress progress) throws IOException {
        try (RemoteJobs open = RemoteJobs.open(target, setup, progress.part(0, 0.1))) {
            jobs.cleanUp(open, target.name());
            JobTicket ticket = JobTicket.next(target.name(), there.workers());
            ExtractionJobs.submit(open, here, ticket, job, progress.part(0.1, 1));
        }
    }

    /**
     * Uses an existing job: submits an interrupted job again, follows a running or finished job, and replaces a job that
     * has failed, was stopped or has left no results by a new one. A job that was not submitted before the program ended
     * is sent again.
     */
    private void resume(Path here, Path job, Progress progress) throws IOException {
        try (RemoteJobs open = RemoteJobs.open(target, setup, progress.part(0, 0.1))) {
            JobTicket ticket = open.numbered(JobTicket.read(here), progress.silent());
            ticket.write(here);
            JobState.Phase phase = open.state(ticket, progress.silent()).phase();
            if (phase == JobState.Phase.CUT_OFF || phase == JobState.Phase.LOST) {
                listener.noted("The job on %s was cut off and is handed in again.".formatted(target.name()));
                open.submitAgain(ticket, phase, job, progress.part(0.1, 1)).write(here);
                return;
            }
            if (!phase.over() || phase == JobState.Phase.DONE && open.hasResults(ticket)) {
                listener.noted("The same is computed on %s already; it is followed.".formatted(target.name()));
                return;
            }
            open.delete(ticket);
        }
        Folders.delete(here);
        send(here, job, progress);
    }

    private List<String> fetch(JobTicket ticket, Path into, Progress progress) throws IOException {
        try (RemoteJobs open = RemoteJobs.open(target, setup, progress.silent())) {
            return open.fetch(ticket, into, JobOutput.EXTRACTION, progress);
        }
    }
}

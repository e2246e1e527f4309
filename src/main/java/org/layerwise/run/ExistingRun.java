package org.layerwise.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.ShellWord;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.SymbolicLinks;
import org.layerwise.remote.JobTicket;
import org.layerwise.run.uncertainty.EvaluatedRows;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.StartMode;

/** Checks and deletes the files of an earlier run that a new run replaces. */
public final class ExistingRun {

    private static final String OTHER_FOLDER = "choose another folder";

    private ExistingRun() {}

    /**
     * Checks that a new run does not destroy a run that must be kept. The caller must hold the {@link RunLock}, since
     * another process might create a run in the folder before.
     *
     * @throws UserException if there is such a run, its job is still running on a cluster, or a symbolic link would
     *     lead the run's files out of the folder
     */
    public static void requireReplaceable(Path out, StartMode start) {
        switch (start) {
            case NEW -> RunStore.requireNoRun(out, OTHER_FOLDER);
            case RETRY -> {
                if (!Run.isRun(out)) {
                    RunStore.requireNoRun(out, OTHER_FOLDER);
                } else if (RunFile.isFinished(out)) {
                    throw new UserException("The run in %s was finished meanwhile; %s.".formatted(out, OTHER_FOLDER));
                }
            }
            case OVERWRITE -> {
                // the user wants to replace the run
            }
            case RESUME -> {
                if (Files.isRegularFile(out.resolve(SummaryFile.NAME)) && Run.isRun(out) && RunFile.isFinished(out)) {
                    throw new UserException(
                            "The run in %s is finished, so there is nothing to resume; start another one into another folder."
                                    .formatted(out));
                }
                requireBegunHere(out);
            }
        }
        requireNoLinks(out);
        requireNotElsewhere(out);
    }

    /**
     * Checks that a run was not meant for a cluster that has not taken its job, since nobody expects it to be trained
     * on this computer instead.
     *
     * @throws UserException if it was
     */
    private static void requireBegunHere(Path out) {
        String place = Run.isRun(out) ? Run.open(out).environment().get("remote") : null;
        if (place != null && !Run.isRemote(out)) {
            throw new UserException(
                    "The run in %s was for %s, which has not taken it, so there is nothing to resume; send it again (--on %s --overwrite)."
                            .formatted(out, place, place));
        }
    }

    /**
     * Checks that a resumed run computes in the data type that it has computed in so far.
     *
     * @param dtype name of the data type that the model computes in
     * @throws UserException if the types differ
     */
    public static void requireType(Path out, String dtype) {
        Optional<String> began = Run.isRun(out) ? Run.open(out).dtype() : Optional.empty();
        if (began.isPresent() && !began.get().equals(dtype)) {
            String flag = ComputeType.named(began.get()).map(ComputeType::id).orElse(began.get());
            throw new UserException(
                    "The run in %s has computed in %s, but the model computes in %s here; give --dtype %s%s, or start anew into another folder."
                            .formatted(
                                    out,
                                    began.get(),
                                    dtype,
                                    flag,
                                    flag.equals(ComputeType.F16.id()) ? " where there is a GPU" : ""));
        }
    }

    /**
     * Checks that the files of a run stay in its folder, which may come from another person.
     *
     * @throws UserException if a symbolic link would lead them out of the folder
     */
    public static void requireNoLinks(Path out) {
        SymbolicLinks.requireNone(out, RunFileNames.WRITTEN);
        SymbolicLinks.requireNone(out, List.of(JobTicket.FILE));
    }

    /**
     * Checks that a start from the beginning deletes nothing, since no user expects this of a resumed run. The run that
     * cannot be resumed must not have any results, or there must be no run and no other file with the name of one of
     * the run's files.
     *
     * @throws UserException if there is an adapter or an unreadable checkpoint, or there is no run but a file with the
     *     name of one of the run's files
     */
    public static void requireNothingLearnt(Path out) {
        if (!Run.isRun(out)) {
            RunStore.requireNoRun(
                    out,
                    "it holds no run to resume: begin one in another folder, or with --overwrite, which replaces that");
        }
        Optional<Path> unread = new RunCheckpoints(out).lastFolder();
        if (unread.isEmpty() && !Files.exists(out.resolve(RunFileNames.ADAPTER))) {
            return;
        }
        throw new UserException(
                "The run in %s cannot go on, as %s; start another one into another folder, or the same one anew with --overwrite."
                        .formatted(
                                out,
                                unread.map("its checkpoint %s cannot be read"::formatted)
                                        .orElse("it has an adapter and no checkpoint")));
    }

    /**
     * Checks that a run that this process has queued or tried is still its own. Two windows name the folders of runs
     * that begin in the same second equally.
     *
     * @throws UserException if another process has queued or begun a run in the folder
     */
    public static void requireOwn(Path out) {
        if (Run.isRun(out) && !RunFile.isOwn(out)) {
            throw new UserException(
                    "The run in %s is another program's or window's; start the training again, which takes another folder."
                            .formatted(out));
        }
    }

    /**
     * Checks that no job of the folder is still running on a cluster, since nobody could stop the job afterwards.
     *
     * @throws UserException if there is such a job
     */
    public static void requireNotElsewhere(Path out) {
        if (Run.isRemote(out) && Run.isRun(out) && Run.open(out).state() == RunState.RUNNING) {
            throw new UserException(
                    "The run in %s is on %s and was not fetched; layerwise remote stop %s ends it, and train --resume fetches it. Or name another folder with --out."
                            .formatted(out, Run.open(out).place().orElseThrow(), ShellWord.of(out)));
        }
    }

    /**
     * Deletes the files of an earlier run. A new run that dies must not look like the earlier run, hold its adapter, or
     * be looked for on the earlier run's cluster.
     *
     * @throws UserException if the folder cannot be written
     */
    public static void forget(Path out) {
        if (Files.exists(out.resolve(RunFileNames.PREDICTIONS_ORIGIN))) { // other predictions are the user's own
            deletePredictions(out);
        }
        Folders.delete(out.resolve(RunFileNames.ADAPTER));
        Folders.delete(out.resolve(RunFileNames.INITIAL));
        Folders.delete(out.resolve(RunFileNames.UNSENT));
        RunEvents.delete(out);
        new RunCheckpoints(out).clear();
        try {
            Files.deleteIfExists(out.resolve(JobTicket.FILE));
            Files.deleteIfExists(out.resolve(MetricsLog.NAME));
            Files.deleteIfExists(out.resolve(SummaryFile.NAME));
            Files.deleteIfExists(out.resolve(EvaluatedRows.NAME));
            Files.deleteIfExists(out.resolve(RunFileNames.METHODS));
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(out, FileErrors.reason(e)), e);
        }
    }

    /**
     * Deletes the predictions that an experiment made with the adapter of a run.
     *
     * @throws UserException if the folder cannot be written
     */
    public static void deletePredictions(Path out) {
        try {
            Files.deleteIfExists(out.resolve(RunFileNames.PREDICTIONS));
            Files.deleteIfExists(out.resolve(RunFileNames.PREDICTIONS_ORIGIN));
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(out, FileErrors.reason(e)), e);
        }
    }
}

package org.layerwise.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.base.ShellWord;
import org.layerwise.base.SymbolicLinks;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.remote.JobTicket;
import org.layerwise.study.uncertainty.EvaluatedRows;

/** What a run that is replaced has left in its folder. */
public final class EarlierRun {

    private static final String OTHER_FOLDER = "choose another folder";

    private EarlierRun() {}

    /**
     * Makes sure that a run that begins does not destroy one that is to stay. To be asked by whoever has the {@link RunLock}, since
     * another process may have put a run there until then.
     *
     * @throws UserException if there is such a run, its job goes on on a cluster, or a link would lead what is written out of the folder
     */
    public static void requireNotLost(Path out, RunStart start) {
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
                // it is meant to be replaced
            }
            case RESUME -> {
                if (Files.isRegularFile(out.resolve(SummaryFile.NAME)) && Run.isRun(out) && RunFile.isFinished(out)) {
                    throw new UserException(
                            "The run in %s is finished, so there is nothing to resume; start another one into another folder."
                                    .formatted(out));
                }
            }
        }
        requireNoLinks(out);
        requireNotElsewhere(out);
    }

    /**
     * Makes sure that what a run writes stays in its folder, which may come from somebody else.
     *
     * @throws UserException if a link would lead it elsewhere
     */
    public static void requireNoLinks(Path out) {
        SymbolicLinks.requireNone(out, RunFiles.WRITTEN);
    }

    /**
     * Makes sure that a start from the beginning deletes nothing, which nobody who resumes expects: the run which cannot go on has
     * learnt nothing, or there is none, and nothing of others in its place.
     *
     * @throws UserException if there is an adapter, a checkpoint that cannot be read, or without a run something that has the name of
     *     its files
     */
    static void requireNothingLearnt(Path out) {
        if (!Run.isRun(out)) {
            RunStore.requireNoRun(
                    out,
                    "it holds no run to resume: begin one in another folder, or with --overwrite, which replaces that");
        }
        Optional<Path> unread = new RunCheckpoints(out).lastFolder();
        if (unread.isEmpty() && !Files.exists(out.resolve(RunFiles.ADAPTER))) {
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
     * Makes sure that no job is left that goes on on a cluster without anybody who can stop it.
     *
     * @throws UserException if there is one
     */
    public static void requireNotElsewhere(Path out) {
        if (Run.isRemote(out) && Run.isRun(out) && Run.open(out).state() == RunState.RUNNING) {
            throw new UserException(
                    "The run in %s is on %s and was not fetched; layerwise remote stop %s ends it, and train --resume fetches it. Or name another folder with --out."
                            .formatted(out, Run.open(out).place().orElseThrow(), ShellWord.of(out)));
        }
    }

    /**
     * Deletes it: a run that is started again and dies must not look like the earlier one, nor hold its adapter, nor be looked for
     * where that one was.
     *
     * @throws UserException if the folder cannot be written
     */
    public static void forget(Path out) {
        WholeFiles.deleteFolder(out.resolve(RunFiles.ADAPTER));
        WholeFiles.deleteFolder(out.resolve(RunFiles.INITIAL));
        RunEvents.delete(out);
        new RunCheckpoints(out).clear();
        try {
            Files.deleteIfExists(out.resolve(JobTicket.FILE));
            Files.deleteIfExists(out.resolve(MetricsLog.NAME));
            Files.deleteIfExists(out.resolve(SummaryFile.NAME));
            Files.deleteIfExists(out.resolve(EvaluatedRows.NAME));
            Files.deleteIfExists(out.resolve(MethodsText.FILE));
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(out, WholeFiles.reason(e)), e);
        }
    }
}

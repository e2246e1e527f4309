package org.layerwise.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.remote.JobTicket;
import org.layerwise.study.uncertainty.EvaluatedRows;

/** What a run that is replaced has left in its folder. */
public final class EarlierRun {

    private EarlierRun() {}

    /**
     * Deletes it: a run that is started again and dies must not look like the earlier one, nor hold its adapter, nor be looked for
     * where that one was.
     *
     * @throws UserException if the folder cannot be written
     */
    public static void forget(Path out) {
        WholeFiles.deleteFolder(out.resolve(TrainingJob.ADAPTER));
        WholeFiles.deleteFolder(out.resolve(TrainingJob.INITIAL));
        WholeFiles.deleteFolder(out.resolve(RunEvents.FOLDER));
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

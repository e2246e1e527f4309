package org.layerwise.study.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.layerwise.remote.JobTicket;

/** Deletion of a job's files on a cluster, with its record on this computer. */
final class RecordedDeletion {

    /** Deletion of the files. */
    @FunctionalInterface
    interface Deletion {

        /**
         * Deletes the files.
         *
         * @param begun to be called after the first file was deleted
         */
        void run(Runnable begun) throws IOException;
    }

    private RecordedDeletion() {}

    /**
     * Records the deletion and then deletes, so that a full disk on this computer is noticed before anything is
     * deleted. If nothing was deleted, the record is taken back. A deletion that was interrupted can be repeated.
     *
     * @param out folder of the run
     * @throws org.layerwise.base.UserException if the deletion cannot be recorded; nothing is deleted then
     */
    static void run(JobTicket ticket, Path out, Deletion deletion) throws IOException {
        ticket.emptied().write(out);
        AtomicBoolean begun = new AtomicBoolean();
        try {
            deletion.run(() -> begun.set(true));
        } catch (IOException | RuntimeException e) {
            if (!begun.get()) {
                takeBack(ticket, out, e);
            }
            throw e;
        }
    }

    private static void takeBack(JobTicket ticket, Path out, Exception reason) {
        try {
            ticket.write(out);
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }
}

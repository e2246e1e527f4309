package org.layerwise.remote.slurm;

import java.util.Locale;
import java.util.Set;

/**
 * A job as the queue sees it (squeue(1), "JOB STATE CODES").
 *
 * @param word Slurm's own, such as {@code PENDING}
 * @param reason why it waits or ended, as Slurm says; empty for none
 */
public record SlurmState(String word, String reason) {

    private static final Set<String> WAITING =
            Set.of("PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED");
    private static final Set<String> GOING =
            Set.of("RUNNING", "COMPLETING", "SUSPENDED", "STAGE_OUT", "SIGNALING", "RESIZING", "STOPPED");

    static SlurmState of(String word, String reason) {
        // a state may carry a note: "CANCELLED by 1000", "COMPLETED+"
        String plain = word.strip().toUpperCase(Locale.ROOT).replaceAll("[^A-Z_].*", "");
        return new SlurmState(plain, reason.equals("None") || reason.equals("(null)") ? "" : reason);
    }

    /** Whether it has not begun. */
    public boolean waits() {
        return WAITING.contains(word);
    }

    /** Whether nothing more comes. */
    public boolean over() {
        return !waits() && !GOING.contains(word);
    }

    /** Whether the program ended by itself and well. */
    public boolean good() {
        return word.equals("COMPLETED");
    }

    /** Whether the queue ended it although nothing was wrong with it: time limit, lost node, preemption. */
    public boolean cutOff() {
        return Set.of("TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "DEADLINE")
                .contains(word);
    }
}

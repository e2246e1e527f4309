package org.layerwise.remote.slurm;

import java.util.Locale;
import java.util.Set;

/**
 * A job as the queue sees it (squeue(1), "JOB STATE CODES"; slurm.schedmd.com, "Job State Codes"). A word that is in none of the
 * lists below says nothing of the job's end.
 *
 * @param word Slurm's own, such as {@code PENDING}
 * @param reason why it waits or ended, as Slurm says; empty for none
 */
public record SlurmState(String word, String reason) {

    private static final Set<String> WAITING = Set.of(
            "PENDING",
            "CONFIGURING",
            "POWER_UP_NODE",
            "EXPEDITING",
            "REQUEUED",
            "REQUEUE_HOLD",
            "REQUEUE_FED",
            "RESV_DEL_HOLD",
            "SPECIAL_EXIT");
    private static final Set<String> GOING =
            Set.of("RUNNING", "COMPLETING", "SUSPENDED", "STAGE_OUT", "SIGNALING", "RESIZING", "STOPPED");
    /** The queue ended it although nothing was wrong with it: time limit, lost node, preemption. */
    private static final Set<String> CUT_OFF = Set.of("TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "DEADLINE");

    private static final Set<String> OVER = Set.of("COMPLETED", "CANCELLED", "FAILED", "OUT_OF_MEMORY");

    static SlurmState of(String word, String reason) {
        // a state may carry a note: "CANCELLED by 1000", "COMPLETED+"
        String plain = word.strip().toUpperCase(Locale.ROOT).replaceAll("[^A-Z_].*", "");
        return new SlurmState(plain, reason.equals("None") || reason.equals("(null)") ? "" : reason);
    }

    /** Whether it has not begun. */
    public boolean waits() {
        return WAITING.contains(word);
    }

    /** Returns true if the job has begun and goes on. */
    public boolean goes() {
        return GOING.contains(word);
    }

    /** Returns true if nothing more comes of the job. */
    public boolean over() {
        return OVER.contains(word) || cutOff();
    }

    /** Returns true if the queue ended the job although nothing was wrong with it. */
    public boolean cutOff() {
        return CUT_OFF.contains(word);
    }
}

package org.layerwise.remote.slurm;

import java.util.Locale;
import java.util.Set;

/**
 * State of a job as the queue reports it (squeue(1), "JOB STATE CODES"; slurm.schedmd.com, "Job State Codes"). A state
 * that is in none of the sets of this class does not mean that the job is over.
 *
 * @param word Slurm's own word, such as {@code PENDING}
 * @param reason reason for the waiting or the end, as Slurm gives it; empty for none
 */
public record SlurmState(String word, String reason) {

    /** State of a job whose script has ended without an error. */
    public static final String COMPLETED = "COMPLETED";

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
    /** States of jobs that the queue ended without a fault of the job: time limit, lost node, preemption. */
    private static final Set<String> CUT_OFF = Set.of("TIMEOUT", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL", "DEADLINE");

    private static final Set<String> OVER = Set.of(COMPLETED, "CANCELLED", "FAILED", "OUT_OF_MEMORY");

    static SlurmState of(String word, String reason) {
        // a state may have an addition: "CANCELLED by 1000", "COMPLETED+"
        String plain = word.strip().toUpperCase(Locale.ROOT).replaceAll("[^A-Z_].*", "");
        return new SlurmState(plain, reason.equals("None") || reason.equals("(null)") ? "" : reason);
    }

    /** Returns true if the job has not begun. */
    public boolean isPending() {
        return WAITING.contains(word);
    }

    /** Returns true if the job has begun and still runs. */
    public boolean isRunning() {
        return GOING.contains(word);
    }

    /** Returns true if the job is over. */
    public boolean over() {
        return OVER.contains(word) || cutOff();
    }

    /** Returns true if the queue ended the job without a fault of the job. */
    public boolean cutOff() {
        return CUT_OFF.contains(word);
    }
}

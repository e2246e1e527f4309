package org.layerwise.remote;

import org.layerwise.base.CancelledException;
import org.layerwise.base.UserException;

/**
 * Signals that a job could not be submitted, and could not be withdrawn either, since the cluster does not answer or
 * does not end it: the cluster may have the job, or files of it. The ticket must be kept. The cause is the failure of
 * the submission.
 */
public final class JobNotWithdrawnException extends UserException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param target name of the cluster
     * @param cause failure of the submission
     * @param withdrawal failure of the withdrawal
     */
    public JobNotWithdrawnException(String target, Exception cause, Exception withdrawal) {
        super(
                "%s%s may have the job, or files of it, since it could not be taken back (%s)"
                        .formatted(
                                cause instanceof CancelledException ? "" : bare(cause) + "; ",
                                target,
                                withdrawal instanceof CancelledException ? "no answer came in time" : bare(withdrawal)),
                cause);
        addSuppressed(withdrawal);
    }

    /** Returns true if an exception is one {@link #with} a way out. */
    public static boolean isCauseOf(Throwable thrown) {
        return thrown.getCause() instanceof JobNotWithdrawnException;
    }

    private static String bare(Exception reason) {
        return String.valueOf(reason.getMessage()).replaceAll("\\.$", "");
    }

    /**
     * Returns the exception for users.
     *
     * @param wayOut sentence about what to do, without a full stop
     */
    public UserException with(String wayOut) {
        return new UserException("%s; %s.".formatted(getMessage(), wayOut), this);
    }
}

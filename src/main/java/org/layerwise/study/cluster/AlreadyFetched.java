package org.layerwise.study.cluster;

import org.layerwise.base.UserException;

/**
 * Cause of a {@link UserException} that is thrown if another program with the same request has already fetched a result
 * from a cluster.
 */
public final class AlreadyFetched extends RuntimeException {

    private static final long serialVersionUID = 1;

    private AlreadyFetched(String message) {
        super(message);
    }

    static UserException told(String place) {
        String sentence =
                "What was computed on %s has been fetched already, by this window or another program.".formatted(place);
        return new UserException(sentence, new AlreadyFetched(sentence));
    }

    /** Returns true if an exception was thrown because the result was fetched already. */
    public static boolean isCauseOf(Throwable thrown) {
        return thrown.getCause() instanceof AlreadyFetched;
    }
}

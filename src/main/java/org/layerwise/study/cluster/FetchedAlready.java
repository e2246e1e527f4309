package org.layerwise.study.cluster;

import org.layerwise.base.UserException;

/** What a cluster has computed was fetched by somebody else who asked for the same; the cause of what people are told. */
public final class FetchedAlready extends RuntimeException {

    private static final long serialVersionUID = 1;

    private FetchedAlready(String message) {
        super(message);
    }

    static UserException told(String place) {
        String sentence =
                "What was computed on %s has been fetched already, by this window or another program.".formatted(place);
        return new UserException(sentence, new FetchedAlready(sentence));
    }

    /** Whether this is why there is nothing to fetch. */
    public static boolean isCauseOf(Throwable thrown) {
        return thrown.getCause() instanceof FetchedAlready;
    }
}

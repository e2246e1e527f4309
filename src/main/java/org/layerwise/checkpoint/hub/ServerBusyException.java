package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Thrown if a server cannot answer at the moment but may later: status 408, 429 and 5xx. */
final class ServerBusyException extends IOException {

    private final transient Optional<Duration> retryAfter;

    ServerBusyException(int status, Optional<Duration> retryAfter) {
        super(status == 429 ? "it answers 429, too many requests" : "it answers with the error " + status);
        this.retryAfter = retryAfter;
    }

    /** Returns the wait that the server asked for. */
    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}

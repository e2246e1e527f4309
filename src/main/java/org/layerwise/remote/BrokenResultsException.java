package org.layerwise.remote;

import org.layerwise.base.UserException;

/**
 * Results of a job that are not those that the job has listed. They differed twice, so fetching them again does not
 * help.
 */
public final class BrokenResultsException extends UserException {

    BrokenResultsException(String message) {
        super(message);
    }

    public BrokenResultsException(String message, Throwable cause) {
        super(message, cause);
    }
}

package org.layerwise.remote;

import org.layerwise.base.UserException;

/** Results that a job has not written, or that are not visible on this computer yet, as over NFS. */
public final class MissingResultsException extends UserException {

    MissingResultsException(String message) {
        super(message);
    }
}

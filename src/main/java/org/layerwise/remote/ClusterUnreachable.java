package org.layerwise.remote;

import java.io.IOException;
import org.layerwise.base.UserException;

/** Message about a cluster that does not answer. */
public final class ClusterUnreachable {

    private ClusterUnreachable() {}

    /**
     * Returns the exception for a cluster that does not answer.
     *
     * @param target the name of the cluster
     */
    public static UserException of(String target, IOException reason) {
        return new UserException(
                "%s does not answer (%s); see layerwise remote check %s."
                        .formatted(target, reason.getMessage(), target),
                reason);
    }
}

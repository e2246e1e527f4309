package org.layerwise.remote;

import java.io.IOException;
import org.layerwise.base.UserException;

/** What people are told when a place does not answer. */
public final class NoAnswer {

    private NoAnswer() {}

    /** @param target the name of the place */
    public static UserException of(String target, IOException reason) {
        return new UserException(
                "%s does not answer (%s); see layerwise remote check %s."
                        .formatted(target, reason.getMessage(), target),
                reason);
    }
}

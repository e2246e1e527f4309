package org.layerwise.remote;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.layerwise.base.UserException;

/**
 * Id of a job on a cluster: {@code lw-20260131-235959-0a1b2c3d}, the time in UTC and eight random hexadecimal digits.
 * The id names the job's folder on the cluster and becomes part of commands, so that no other text is accepted.
 */
public record JobId(String text) {

    private static final Pattern FORM = Pattern.compile("lw-[0-9]{8}-[0-9]{6}-[0-9a-f]{8}");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /**
     * Creates an id.
     *
     * @throws UserException if the text has not the form of Layerwise's ids
     */
    public JobId {
        if (!FORM.matcher(text).matches()) {
            throw new UserException("\"%s\" is not the id of a job that Layerwise has sent.".formatted(text));
        }
    }

    /** Returns an id that no other job has. */
    public static JobId next(Clock clock) {
        return new JobId("lw-%s-%s"
                .formatted(
                        STAMP.format(clock.instant()),
                        UUID.randomUUID().toString().substring(0, 8)));
    }

    @Override
    public String toString() {
        return text;
    }
}

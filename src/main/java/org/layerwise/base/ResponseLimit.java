package org.layerwise.base;

/**
 * Size limit of an answer that is read into memory: the response of a server, the output of a command on a cluster, or
 * a small file of a job. The sender may be broken or hostile, so a reader must never rely on the sender to end the
 * answer.
 */
public final class ResponseLimit {

    /**
     * Maximum size of an answer in bytes: 16 MiB, many times the size of any expected answer. An answer of this size
     * takes some hundred MB when it is parsed as JSON.
     */
    public static final int MOST_BYTES = 16 << 20;

    private ResponseLimit() {}

    /**
     * Checks the number of bytes that are known or were read so far.
     *
     * @param what name of the answer, as the subject of a sentence
     * @throws UserException if the number is greater than {@link #MOST_BYTES}
     */
    public static void require(long bytes, String what) {
        if (bytes > MOST_BYTES) {
            throw exceeded(what);
        }
    }

    /**
     * Returns the exception for an answer that is too long.
     *
     * @param what name of the answer, as the subject of a sentence
     */
    public static UserException exceeded(String what) {
        return exceeded(what, MOST_BYTES);
    }

    /**
     * Returns the exception for an answer with another limit that is too long.
     *
     * @param what name of the answer, as the subject of a sentence
     * @param most limit in bytes
     */
    public static UserException exceeded(String what, long most) {
        return new UserException(
                "%s has more than %s, the most that Layerwise reads of an answer; look at what sends it."
                        .formatted(what, ByteSize.of(most)));
    }
}

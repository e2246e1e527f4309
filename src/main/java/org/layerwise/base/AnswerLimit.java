package org.layerwise.base;

import java.io.IOException;
import java.io.InputStream;

/**
 * The limit of an answer that is read into memory: what a server sends, a command elsewhere prints, or a job leaves in a small file.
 * Whoever sends it may be broken or hostile, so that nothing is read to an end that only the other side decides.
 */
public final class AnswerLimit {

    /** 16 MiB, many times what any answer has; parsed as JSON it takes some hundred MB. */
    public static final int MOST_BYTES = 16 << 20;

    private AnswerLimit() {}

    /**
     * Reads a stream to its end.
     *
     * @param what is read, as the subject of a sentence
     * @throws UserException if it has more bytes than an answer may have
     */
    public static byte[] read(InputStream in, String what) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        require(bytes.length, what);
        return bytes;
    }

    /**
     * Checks a size that is known so far.
     *
     * @throws UserException if it is more than an answer may have
     */
    public static void require(long bytes, String what) {
        if (bytes > MOST_BYTES) {
            throw exceeded(what);
        }
    }

    /** The one sentence about an answer that is too long. */
    public static UserException exceeded(String what) {
        return new UserException(
                "%s has more than %s, the most that Layerwise reads of an answer; look at what sends it."
                        .formatted(what, ByteWords.of(MOST_BYTES)));
    }
}

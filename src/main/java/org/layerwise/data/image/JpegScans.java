package org.layerwise.data.image;

import org.layerwise.base.UserException;

/**
 * Scans of JPEG files. Each scan of a progressive file takes the time to decode all pixels, even if it has only a few
 * bytes, and decoding cannot be stopped, so a small file could take hours.
 */
final class JpegScans {

    /** Maximum number of scans that are decoded. Encoders write about 10. */
    private static final int MOST = 100;

    /** Maximum number of pixels in all scans: half a minute of decoding. */
    private static final long MOST_PIXELS = 20 * ImageDecoder.MOST_PIXELS;

    private static final int MARK = 0xFF;
    private static final int START_OF_SCAN = 0xDA;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int FIRST_WITHOUT_LENGTH = 0xD0; // restarts, and the start and end of an image
    private static final int TEMPORARY = 0x01;

    private JpegScans() {}

    /**
     * Makes sure that an image can be decoded in reasonable time.
     *
     * @param start position of the image in the file
     * @param pixels number of pixels of the image, at least 1
     * @param name name of the image in messages, for the beginning of a sentence
     * @throws UserException if it has too many scans
     */
    static void requireFew(byte[] file, long start, long pixels, String name) {
        int most = (int) Math.min(MOST, MOST_PIXELS / pixels);
        if (exceeds(file, start, most)) {
            throw new UserException(
                    "%s is a JPEG of more than %s scans, which would take too long to read; save it again."
                            .formatted(name, most));
        }
    }

    /** Returns true if there are too many scans. Skips bytes between segments, as libjpeg does. */
    private static boolean exceeds(byte[] file, long start, int most) {
        int scans = 0;
        long position = start;
        while (position + 1 < file.length) {
            int marker = file[(int) position + 1] & 0xFF;
            if ((file[(int) position] & 0xFF) != MARK || marker == 0 || marker == MARK) {
                position++; // picture data, garbage or a filler
                continue;
            }
            if (marker == END_OF_IMAGE) {
                break;
            }
            scans += marker == START_OF_SCAN ? 1 : 0;
            if (scans > most) {
                return true;
            }
            boolean bare = marker == TEMPORARY || marker >= FIRST_WITHOUT_LENGTH && marker < END_OF_IMAGE;
            position += bare ? 2 : 2 + length(file, (int) position + 2);
        }
        return false;
    }

    private static int length(byte[] file, int position) {
        return position + 1 < file.length ? (file[position] & 0xFF) << 8 | file[position + 1] & 0xFF : 0;
    }
}

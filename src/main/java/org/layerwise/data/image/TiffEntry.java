package org.layerwise.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Entry of the first directory of a TIFF file; EXIF data have the same form.
 *
 * @param tiff the file, in its order of bytes
 * @param position position of the entry
 */
record TiffEntry(ByteBuffer tiff, int position) {

    private static final int BYTES = 12;

    /** Returns all entries of the directory; none if it cannot be read. */
    static List<TiffEntry> of(byte[] file) {
        List<TiffEntry> entries = new ArrayList<>();
        if (file.length < 8) {
            return entries;
        }
        ByteBuffer tiff = ByteBuffer.wrap(file).order(file[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long directory = Integer.toUnsignedLong(tiff.getInt(4));
        if (directory + 2 > file.length) {
            return entries;
        }
        int count = Short.toUnsignedInt(tiff.getShort((int) directory));
        for (long i = 0; i < count && directory + 2 + (i + 1) * BYTES <= file.length; i++) {
            entries.add(new TiffEntry(tiff, (int) (directory + 2 + i * BYTES)));
        }
        return entries;
    }

    int tag() {
        return Short.toUnsignedInt(tiff.getShort(position));
    }
}

package org.layerwise.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Entry of the first directory of a TIFF file; EXIF data have the same form.
 *
 * @param tiff the file, in its order of bytes
 * @param position position of the entry
 */
record TiffEntry(ByteBuffer tiff, int position) {

    private static final int BYTES = 12;
    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int SBYTE = 6;
    private static final int UNDEFINED = 7;
    private static final int SSHORT = 8;
    private static final int SLONG = 9;
    private static final int DIRECTORY = 13;
    private static final int LONG8 = 16;

    /** Bytes of a number of each type; 0 for an unknown type. */
    private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8};

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

    /** Returns the first entry of a tag whose value can be read. */
    static Optional<TiffEntry> find(byte[] file, int tag) {
        return of(file).stream()
                .filter(entry -> entry.tag() == tag && entry.isReadable())
                .findFirst();
    }

    int tag() {
        return Short.toUnsignedInt(tiff.getShort(position));
    }

    /** Returns the first number of the value; 0 if the value is not of a type of whole numbers. */
    long number() {
        int at = (int) start();
        return switch (type()) {
            case SHORT -> Short.toUnsignedLong(tiff.getShort(at));
            case LONG, DIRECTORY -> Integer.toUnsignedLong(tiff.getInt(at));
            case SBYTE -> tiff.get(at);
            case SSHORT -> tiff.getShort(at);
            case SLONG -> tiff.getInt(at);
            case LONG8 -> tiff.getLong(at);
            default -> 0;
        };
    }

    /** Returns the bytes of the value; none if it consists of numbers or text. */
    byte[] bytes() {
        return type() == BYTE || type() == UNDEFINED
                ? Arrays.copyOfRange(tiff.array(), (int) start(), (int) (start() + length()))
                : new byte[0];
    }

    private int type() {
        return Short.toUnsignedInt(tiff.getShort(position + 2));
    }

    private boolean isReadable() {
        return length() > 0 && start() + length() <= tiff.capacity();
    }

    /** Returns the number of bytes of the value; 0 if its type is unknown. */
    private long length() {
        int size = type() < SIZES.length ? SIZES[type()] : 0;
        return size * Integer.toUnsignedLong(tiff.getInt(position + 4));
    }

    /** Returns the position of the value: in the entry if it fits there. */
    private long start() {
        return length() <= 4 ? position + 8 : Integer.toUnsignedLong(tiff.getInt(position + 8));
    }
}

package org.layerwise.data.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** Chunks of a PNG file. The JDK's reader trusts their lengths and does not check their checksums. */
final class PngChunks {

    private static final int SIGNATURE = 8;
    /** Bytes of the length, type and checksum of a chunk. */
    private static final int AROUND = 12;

    private PngChunks() {}

    /** Returns true if the file has its end chunk and the checksums of all chunks with picture data are right. */
    static boolean intact(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file);
        int position = SIGNATURE;
        while (position + AROUND <= file.length) {
            int length = buffer.getInt(position);
            if (length < 0 || length > file.length - position - AROUND) {
                return false;
            }
            String type = type(file, position);
            boolean needed = Character.isUpperCase(type.charAt(0));
            CRC32 sum = new CRC32();
            sum.update(file, position + 4, length + 4);
            if (needed && (int) sum.getValue() != buffer.getInt(position + 8 + length)) {
                return false;
            }
            if (type.equals("IEND")) {
                return true;
            }
            position += AROUND + length;
        }
        return false;
    }

    /** Returns the content of the first chunk of a type; empty if there is none. */
    static byte[] content(byte[] file, String type) {
        return contents(file, type).stream().findFirst().orElse(new byte[0]);
    }

    /** Returns the contents of the chunks of a type. */
    static List<byte[]> contents(byte[] file, String type) {
        List<byte[]> contents = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(file);
        int position = SIGNATURE;
        while (position + AROUND <= file.length) {
            int length = buffer.getInt(position);
            if (length < 0 || length > file.length - position - AROUND) {
                break;
            }
            if (type(file, position).equals(type)) {
                contents.add(Arrays.copyOfRange(file, position + 8, position + 8 + length));
            }
            position += AROUND + length;
        }
        return contents;
    }

    private static String type(byte[] file, int position) {
        return new String(file, position + 4, 4, StandardCharsets.ISO_8859_1);
    }
}

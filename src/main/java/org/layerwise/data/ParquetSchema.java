package org.layerwise.data;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/**
 * The columns of a Parquet file, as far as DuckDB's reader must be kept from them: it goes down nested columns until its stack
 * ends, and the process with it. They lie in the file's footer, in the <a
 * href="https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md">compact protocol</a> of Thrift.
 */
final class ParquetSchema {

    private static final int END_BYTES = 8;
    private static final int MAGIC = 0x31524150; // PAR1
    private static final int SCHEMA = 2; // a field of the footer
    private static final int CHILDREN = 5; // a field of a column

    /** Levels of the footer itself, of which Parquet has fewer than ten. */
    private static final int DEEPEST_FOOTER = 64;

    private final Path file;
    private final ByteBuffer footer;

    private ParquetSchema(Path file, ByteBuffer footer) {
        this.file = file;
        this.footer = footer;
    }

    /**
     * Makes sure that columns are not nested deeper than {@link RowBounds#DEEPEST} levels.
     *
     * @throws UserException if they are, or the footer is broken; a file without one is left to DuckDB
     */
    static void requireFlat(Path file) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long size = in.length();
            if (size < END_BYTES) {
                return;
            }
            byte[] end = new byte[END_BYTES];
            in.seek(size - END_BYTES);
            in.readFully(end);
            ByteBuffer last = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
            int length = last.getInt();
            if (last.getInt() != MAGIC || length < 0 || length > size - END_BYTES) {
                return;
            }
            byte[] footer = new byte[length];
            in.seek(size - END_BYTES - length);
            in.readFully(footer);
            new ParquetSchema(file, ByteBuffer.wrap(footer)).read();
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UserException(
                    "%s is damaged: the description of its columns cannot be read; copy or download it again."
                            .formatted(file),
                    e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, WholeFiles.reason(e)), e);
        }
    }

    private void read() {
        int field = 0;
        for (int head = next(); head != 0; head = next()) {
            field = field(field, head);
            if (field == SCHEMA && type(head) == 9) {
                columns();
            } else {
                skip(type(head), false, 0);
            }
        }
    }

    /** Reads the list of all columns, in which each is followed by its children. */
    private void columns() {
        int head = next();
        long count = head >>> 4 == 15 ? varint() : head >>> 4;
        if (type(head) != 12) {
            throw new IllegalArgumentException("columns are structs");
        }
        long[] left = new long[RowBounds.DEEPEST + 2]; // below the root, and one level too many
        int depth = 0;
        for (long column = 0; column < count; column++) {
            long children = children();
            while (depth > 0 && left[depth - 1] == 0) {
                depth--;
            }
            if (depth > 0) {
                left[depth - 1]--;
            }
            if (children > 0) {
                left[depth++] = children;
            }
            if (depth > RowBounds.DEEPEST + 1) {
                throw new UserException(
                        "%s nests columns more than %s levels deep, the most that are read; leave them out."
                                .formatted(file, RowBounds.DEEPEST));
            }
        }
    }

    private long children() {
        long children = 0;
        int field = 0;
        for (int head = next(); head != 0; head = next()) {
            field = field(field, head);
            if (field == CHILDREN && type(head) == 5) {
                long coded = varint();
                children = coded >>> 1 ^ -(coded & 1);
            } else {
                skip(type(head), false, 0);
            }
        }
        return children;
    }

    /** Returns the number of a field, which is told by its distance from the one before or in full. */
    private int field(int before, int head) {
        if (head >>> 4 != 0) {
            return before + (head >>> 4);
        }
        long coded = varint();
        return (int) (coded >>> 1 ^ -(coded & 1));
    }

    private void skip(int type, boolean inList, int depth) {
        if (depth > DEEPEST_FOOTER) {
            throw new IllegalArgumentException("it is nested too deep");
        }
        switch (type) {
            case 1, 2 -> skipBytes(inList ? 1 : 0);
            case 3 -> skipBytes(1);
            case 4, 5, 6 -> varint();
            case 7 -> skipBytes(Double.BYTES);
            case 8 -> skipBytes(varint());
            case 9, 10 -> {
                int head = next();
                skipMany(head >>> 4 == 15 ? varint() : head >>> 4, depth, type(head));
            }
            case 11 -> {
                long count = varint();
                int types = count == 0 ? 0 : next();
                skipMany(count, depth, types >>> 4, type(types));
            }
            case 12 -> {
                for (int head = next(); head != 0; head = next()) {
                    field(0, head);
                    skip(type(head), false, depth + 1);
                }
            }
            default -> throw new IllegalArgumentException("no type has the number " + type);
        }
    }

    private void skipMany(long count, int depth, int... types) {
        for (long i = 0; i < count; i++) {
            for (int type : types) {
                skip(type, true, depth + 1);
            }
        }
    }

    private void skipBytes(long count) {
        if (count < 0 || count > footer.remaining()) {
            throw new BufferUnderflowException();
        }
        footer.position(footer.position() + (int) count);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int part = next();
            value |= (long) (part & 0x7f) << shift;
            if (part < 0x80) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }

    private int next() {
        return Byte.toUnsignedInt(footer.get());
    }

    private static int type(int head) {
        return head & 15;
    }
}

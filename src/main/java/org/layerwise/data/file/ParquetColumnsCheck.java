package org.layerwise.data.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.layerwise.base.ByteSize;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;

/**
 * The columns of a Parquet file, as far as DuckDB's reader must be kept from them: it goes down nested columns until its stack
 * ends, and the process with it, and takes more than a minute to list very many columns. They lie in the file's footer, in the <a
 * href="https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md">compact protocol</a> of Thrift.
 */
record ParquetColumnsCheck(Path file, ByteBuffer footer) {

    private static final int END_BYTES = 8;
    private static final int MAGIC = 0x31524150; // PAR1
    private static final int SCHEMA = 2; // a field of the footer
    private static final int CHILDREN = 5; // a field of a column

    /** More than files with a million pieces of columns have. */
    private static final int LARGEST_FOOTER = 256 << 20;

    /** Levels of the footer itself, of which Parquet has fewer than ten. */
    private static final int DEEPEST_FOOTER = 64;

    /**
     * Makes sure that there are at most {@link RowBounds#MOST_FIELDS} columns, nested {@link RowBounds#DEEPEST} levels deep
     * or less.
     *
     * @throws UserException if there are more, or the footer is broken; a file without one is left to DuckDB
     */
    static void requireWithinBounds(Path file) {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long size = in.length();
            if (size < END_BYTES) {
                return;
            }
            byte[] end = new byte[END_BYTES];
            in.seek(size - END_BYTES);
            in.readFully(end);
            ByteBuffer last = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
            long length = Integer.toUnsignedLong(last.getInt());
            if (last.getInt() != MAGIC || length > size - END_BYTES) {
                return;
            }
            if (length > LARGEST_FOOTER) {
                throw new UserException(
                        "%s has a description of its columns of %s, more than the %s that are read; write it with fewer columns or fewer row groups."
                                .formatted(file, ByteSize.of(length), ByteSize.of(LARGEST_FOOTER)));
            }
            byte[] footer = new byte[(int) length];
            in.seek(size - END_BYTES - length);
            in.readFully(footer);
            new ParquetColumnsCheck(file, ByteBuffer.wrap(footer)).read();
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UserException(
                    "%s is damaged: the description of its columns cannot be read; copy or download it again."
                            .formatted(file),
                    e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
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
        int count = elements(head);
        if (type(head) != 12) {
            throw new IllegalArgumentException("columns are structs");
        }
        long[] left = new long[RowBounds.DEEPEST + 2]; // below the root, and one level too many
        int depth = 0;
        int outermost = 0;
        for (int column = 0; column < count; column++) {
            long children = children();
            while (depth > 0 && left[depth - 1] == 0) {
                depth--;
            }
            if (depth > 0) {
                left[depth - 1]--;
            }
            if (depth == 1 && ++outermost > RowBounds.MOST_FIELDS) {
                throw RowBounds.tooManyColumns(file);
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
                children = signed();
            } else {
                skip(type(head), false, 0);
            }
        }
        return children;
    }

    /**
     * Returns the number of a field, which is told by its distance from the one before or in full. DuckDB keeps the lowest 16 bits
     * alone, so that it would take field 65,541 for field 5.
     */
    private int field(int before, int head) {
        long number = head >>> 4 == 0 ? signed() : before + (head >>> 4);
        if (number != (short) number) {
            throw new IllegalArgumentException("no field has the number " + number);
        }
        return (int) number;
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
            case 8 -> skipBytes(count());
            case 9, 10 -> {
                int head = next();
                skipMany(elements(head), depth, type(head));
            }
            case 11 -> {
                int count = count();
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

    private void skipMany(int count, int depth, int... types) {
        for (int i = 0; i < count; i++) {
            for (int type : types) {
                skip(type, true, depth + 1);
            }
        }
    }

    private void skipBytes(int count) {
        if (count > footer.remaining()) {
            throw new BufferUnderflowException();
        }
        footer.position(footer.position() + count);
    }

    private int elements(int head) {
        return head >>> 4 == 15 ? count() : head >>> 4;
    }

    /** Reads how many bytes or elements follow, of which each takes a byte or more. DuckDB keeps the lowest 32 bits alone. */
    private int count() {
        long count = varint();
        if (count < 0 || count > footer.remaining()) {
            throw new BufferUnderflowException();
        }
        return (int) count;
    }

    private long signed() {
        long coded = varint();
        return coded >>> 1 ^ -(coded & 1);
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

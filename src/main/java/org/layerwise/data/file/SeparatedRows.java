package org.layerwise.data.file;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Scans the rows of a file of separated values, which may end in LF or in CRLF. If both occur, DuckDB must be lenient
 * and would ignore faults of a row, so this class checks the rows.
 */
final class SeparatedRows implements RowScan.Rules {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Path file;
    private final Header header;
    private final boolean quotes;
    private final boolean padded;
    private long records;
    private long line = 1;
    private long rowLine = 1;
    private long position;
    private long rowStart;
    private long fields = 1;
    private boolean fieldStarts = true;
    private boolean blank; // the field so far is one blank
    private boolean quoted;
    private boolean closed;
    private boolean carriage;
    private boolean lineFeeds;
    private boolean carriageAndLineFeeds;
    private boolean carriages;
    private @Nullable UserException broken;

    /**
     * Creates rules for the rows of a file.
     *
     * @param quotes true if fields may be quoted as in RFC 4180
     * @param padded true if a row may have too few fields
     */
    SeparatedRows(Path file, Header header, boolean quotes, boolean padded) {
        this.file = file;
        this.header = header;
        this.quotes = quotes;
        this.padded = padded;
    }

    @Override
    public void take(byte[] bytes, int length) {
        char delimiter = header.delimiter();
        for (int i = 0; i < length; i++) {
            byte b = bytes[i];
            if (position + i < BYTE_ORDER_MARK.length && b == BYTE_ORDER_MARK[(int) position + i]) {
                rowStart++;
                continue;
            }
            if (carriage) {
                carriage = false;
                if (b == '\n') {
                    carriageAndLineFeeds = true;
                    rowEnds(position + i - 1, position + i + 1);
                    continue;
                }
                carriages = true;
                rowEnds(position + i - 1, position + i);
            }
            if (quoted) {
                inQuotes(b);
            } else if (b == delimiter) {
                closed = false;
                fields++;
                fieldStarts = true;
            } else if (b == '\n') {
                lineFeeds = true;
                rowEnds(position + i, position + i + 1);
            } else if (b == '\r') {
                carriage = true;
            } else if (quotes && b == '"' && (fieldStarts || closed)) {
                quoted = true; // the second quote of a doubled quote reopens the field
                closed = false;
                fieldStarts = false;
            } else {
                outsideQuotes(b);
            }
        }
        position += length;
        requireLength(position);
    }

    private void outsideQuotes(byte b) {
        if (b == 0) {
            throw TextCheck.zeroByte(file, line);
        }
        if (quotes && b == '"' && blank) {
            requireHeader("before");
        }
        if (closed && b == ' ') {
            requireHeader("after");
        }
        blank = fieldStarts && b == ' ';
        if (closed) {
            breaks("text follows a closing quote");
            closed = false;
        }
        fieldStarts = false;
    }

    /** Refuses a blank beside a quote, which DuckDB drops, except in the header, whose names have no blanks around them. */
    private void requireHeader(String where) {
        if (records > 0 || !header.there()) {
            throw new UserException(
                    "Cannot read %s: line %s has a blank %s a quote; take it out, or put the whole cell in quotes."
                            .formatted(file, line, where));
        }
    }

    private void inQuotes(byte b) {
        if (b == 0) {
            throw TextCheck.zeroByte(file, line);
        }
        if (b == '"') {
            quoted = false;
            closed = true;
        } else if (b == '\n') {
            line++;
        }
    }

    /**
     * Ends a row.
     *
     * @param end position after the row's last byte, without its line ending
     */
    private void rowEnds(long end, long next) {
        requireLength(end);
        if (carriages && (lineFeeds || carriageAndLineFeeds)) {
            throw new UserException(
                    "Cannot read %s: by line %s some lines end in a lone carriage return (CR) and others in LF; take the CR out of its cells, or save it with one kind of line ending."
                            .formatted(file, line));
        }
        if (end > rowStart) { // blank lines are not rows
            records++;
            int expected = header.columns().size();
            if (fields > expected || (fields < expected && !padded)) {
                breaks("it has %s, the header %s".formatted(fields == 1 ? "1 column" : fields + " columns", expected));
            }
        }
        requireNotBroken();
        line++;
        rowLine = line;
        rowStart = next;
        fields = 1;
        fieldStarts = true;
        closed = false;
    }

    private void breaks(String why) {
        if (broken == null) {
            broken = DuckDb.broken(file, rowLine, why);
        }
    }

    /** Throws the fault that was found, if line endings are mixed; otherwise DuckDB itself reports faults. */
    private void requireNotBroken() {
        if (broken != null && mixedEndings()) {
            throw broken;
        }
    }

    private void requireLength(long end) {
        if (end - rowStart > RowBounds.LONGEST) {
            throw RowBounds.tooLong(file, Math.max(1, rows() + 1));
        }
    }

    @Override
    public void end() {
        if (quoted) {
            breaks("a quote is opened and never closed");
        }
        if (carriage) {
            carriages = true;
            carriage = false;
            rowEnds(position - 1, position);
        } else if (position > rowStart) {
            rowEnds(position, position);
        }
    }

    @Override
    public long rows() {
        return records - (header.there() && records > 0 ? 1 : 0);
    }

    @Override
    public boolean mixedEndings() {
        return lineFeeds && carriageAndLineFeeds;
    }
}

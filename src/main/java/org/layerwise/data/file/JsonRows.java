package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.List;

/**
 * Scans the rows of a JSON file: an object per line, an array of objects, or objects one after another. Brackets in
 * strings do not nest. A line feed ends a string, since JSON strings contain none; so a broken row cannot hide the next
 * one.
 */
final class JsonRows implements RowScan.Rules {

    private final Path file;
    private final boolean lines;
    private final JsonKeys keys;
    private long rows;
    private long position;
    private long rowStart;
    private int depth;
    private int outside;
    private int fields;
    private boolean begun;
    private boolean visible;
    private boolean quoted;
    private boolean escaped;

    /**
     * Creates rules for the rows of a file.
     *
     * @param lines true if each line is a row; false if each outermost object is one
     */
    JsonRows(Path file, boolean lines) {
        this.file = file;
        this.lines = lines;
        this.keys = new JsonKeys(file);
    }

    @Override
    public void take(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            byte b = bytes[i];
            if (quoted && inString(b)) {
                if (!quoted) {
                    keys.end(bytes, i);
                }
                continue;
            }
            switch (b) {
                case '"' -> stringBegins(i + 1);
                case '{', '[' -> open(b, position + i);
                case '}', ']' -> close(b, position + i);
                case ':' -> field();
                case ',' -> fieldEnds();
                case '\n' -> lineEnds(position + i);
                case ' ', '\t', '\r' -> {
                    // blanks outside strings belong to no value
                }
                case 'n' -> {
                    visible = true;
                    nullBegins(position + i);
                }
                default -> visible = true;
            }
        }
        keys.pieceEnds(bytes, length);
        position += length;
        requireLength(position);
    }

    private void stringBegins(int index) {
        quoted = true;
        visible = true;
        if (depth == outside + 1) {
            keys.begin(index, fields);
        }
    }

    /** Returns true if a byte belongs to the string that was opened. */
    private boolean inString(byte b) {
        if (b == '\n') {
            quoted = false;
            escaped = false;
            keys.drop();
            return false;
        }
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            quoted = false;
        }
        return true;
    }

    private void open(byte bracket, long at) {
        if (!lines && !begun && bracket == '[') {
            outside = 1;
        } else if (!lines && depth == outside) {
            rowStart = at;
        }
        begun = true;
        visible = true;
        depth++;
        fieldEnds();
        // the row's own braces are not a level of a cell
        if (depth - outside - 1 > RowBounds.DEEPEST) {
            throw RowBounds.tooDeep(file, rows + 1);
        }
    }

    private void field() {
        visible = true;
        if (depth != outside + 1) {
            return;
        }
        fields++;
        keys.colon(rows + 1);
        if (fields > RowBounds.MOST_FIELDS) {
            throw RowBounds.tooWide(file, rows + 1);
        }
    }

    /** Expects a key after a comma between the fields of a row, and before the first field. */
    private void fieldEnds() {
        visible = true;
        if (depth == outside + 1) {
            keys.expect();
        }
    }

    private void close(byte bracket, long at) {
        visible = true;
        depth = Math.max(0, depth - 1);
        if (!lines && depth == outside && bracket == '}') {
            rowEnds(at + 1);
        }
    }

    /** Counts a {@code null} in place of an object, of which DuckDB makes a row without values. */
    private void nullBegins(long at) {
        if (!lines && depth == outside) {
            rowEnds(at);
        }
    }

    private void lineEnds(long at) {
        if (lines) {
            if (visible) {
                rowEnds(at);
            }
            depth = 0;
            fields = 0;
            visible = false;
            rowStart = at + 1;
        }
    }

    private void rowEnds(long at) {
        requireLength(at);
        rows++;
        fields = 0;
        rowStart = at;
    }

    private void requireLength(long end) {
        if (end - rowStart > RowBounds.LONGEST) {
            throw RowBounds.tooLong(file, rows + 1);
        }
    }

    @Override
    public void end() {
        if (lines && visible) {
            rowEnds(position);
        }
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public List<String> keys(long first) {
        return keys.of(first);
    }

    @Override
    public boolean mixedEndings() {
        return false; // JSON treats both line endings as blanks
    }
}

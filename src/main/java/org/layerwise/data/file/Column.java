package org.layerwise.data.file;

/**
 * Column of a file.
 *
 * @param name name in the file
 * @param type type as DuckDB calls it; {@code VARCHAR} in files that contain only text, {@code JSON} if every cell may
 *     have any type
 */
record Column(String name, String type) {

    /** Returns true if the column contains lists. */
    boolean lists() {
        return type.endsWith("]");
    }

    /** Returns true if the column contains objects. */
    boolean objects() {
        return !lists() && type.matches("(STRUCT|MAP|UNION)\\(.*");
    }

    /** Returns true if the column contains whole numbers, and not text. */
    boolean wholeNumbers() {
        return type.matches("U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)");
    }

    /** Returns true if the column may contain texts. */
    boolean texts() {
        return type.equals("VARCHAR") || type.equals("JSON");
    }

    /** Returns true if the column contains bytes. */
    boolean bytes() {
        return type.equals("BLOB");
    }

    /** Returns a word for the content of a column that is neither text nor numbers, for messages. */
    String kind() {
        return bytes() ? "bytes" : lists() ? "lists" : "objects";
    }
}

package org.layerwise.data;

/**
 * A column of a file.
 *
 * @param name in the file
 * @param type as DuckDB calls it; {@code VARCHAR} in files that know only text, {@code JSON} where every cell may be anything
 */
record Column(String name, String type) {

    /** Whether it holds lists. */
    boolean lists() {
        return type.endsWith("]");
    }

    /** Whether it holds objects. */
    boolean objects() {
        return !lists() && type.matches("(STRUCT|MAP|UNION)\\(.*");
    }

    /** Whether it holds bytes. */
    boolean bytes() {
        return type.equals("BLOB");
    }
}

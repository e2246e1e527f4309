package org.layerwise.data.jinja;

/**
 * Value of a name or key that does not exist. It counts as empty text, false, and a list without elements; all other
 * uses are errors ({@code jinja2.Undefined}).
 *
 * @param what name of the value in messages
 */
record Undefined(String what) {

    /** Throws an exception for the first undefined value. */
    static void refuse(Object... values) {
        for (Object value : values) {
            if (value instanceof Undefined undefined) {
                throw new TemplateException(undefined.what + " is undefined");
            }
        }
    }

    /** Returns true for all undefined values. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return Undefined.class.hashCode();
    }
}

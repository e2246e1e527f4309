package org.layerwise.data.jinja;

/**
 * What a name or key that does not exist stands for: empty text, false, no elements; everything else that is done with it is
 * an error ({@code jinja2.Undefined}).
 *
 * @param what how messages call it
 */
record Undefined(String what) {

    TemplateException problem() {
        return new TemplateException(what + " is undefined");
    }

    /** All undefined values are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return Undefined.class.hashCode();
    }
}

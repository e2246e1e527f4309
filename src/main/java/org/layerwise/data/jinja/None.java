package org.layerwise.data.jinja;

/** Python's {@code None}. */
enum None {
    NONE
}

package org.layerwise.base.json;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Minimum of a whole number in a record that {@link JsonRecords} reads. Without it, any number of its type is read. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
public @interface Min {

    /** Returns the minimum. */
    long value();
}

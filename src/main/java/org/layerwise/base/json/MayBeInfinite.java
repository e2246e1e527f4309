package org.layerwise.base.json;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * Number in a record that {@link JsonRecords} reads which may be NaN or infinite, such as the loss of a training that
 * diverged. Without it, only numbers that are finite in float64 are read.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
public @interface MayBeInfinite {}

package org.layerwise.data;

/**
 * Use of the label column. Pre-tokenised data whose label column contains lists have {@link Labels.TokenLabels} for
 * every use except {@link #IGNORE}.
 */
public enum LabelUse {
    /** Labels are not needed. The column is not read, but a column that is requested by name must exist. */
    IGNORE,
    /**
     * Label column is optional. Whole numbers and strings are classes; one fractional number makes all labels numbers.
     */
    AUTO,
    /** Label column is required and must contain classes; {@code 1.0} is class 1. */
    CLASSES,
    /** Label column is required and must contain numbers (regression); whole numbers may be negative. */
    NUMBERS
}

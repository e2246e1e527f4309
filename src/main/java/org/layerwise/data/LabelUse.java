package org.layerwise.data;

/**
 * What a reader shall make of the label column. Pre-tokenised data whose label column holds lists have {@link
 * Labels.TokenLabels} in any case but {@link #IGNORE}.
 */
public enum LabelUse {
    /** Labels are not needed: the column is not read, whatever it holds, but one that is asked for by name must be there. */
    IGNORE,
    /**
     * A label column is read if there is one: whole numbers and strings are classes, and one fractional number makes all
     * of them numbers.
     */
    AUTO,
    /** There must be a label column and it must hold classes; {@code 1.0} is class 1. */
    CLASSES,
    /** There must be a label column and it must hold numbers (regression); whole ones may be negative. */
    NUMBERS
}

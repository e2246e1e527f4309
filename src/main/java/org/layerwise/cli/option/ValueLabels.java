package org.layerwise.cli.option;

/** Labels of the values of options in {@code --help} that also decide how the values are read. */
public final class ValueLabels {

    /** Label of a text that is used as it is, so that blanks and line breaks count. */
    public static final String TEXT = "TEXT";

    private ValueLabels() {}
}

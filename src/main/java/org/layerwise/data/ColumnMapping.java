package org.layerwise.data;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Roles of the columns of a file. A column that is null is found by its default names ({@code text}, {@code sentence},
 * {@code premise} and {@code hypothesis}, {@code label}, ...).
 *
 * @param text column of the text, or of the first of two texts
 * @param secondText column of the second text; only together with {@code text}
 * @param label column of the label
 * @param image column of the image that belongs to the text; never guessed, null if there are no images
 */
public record ColumnMapping(
        @Nullable String text, @Nullable String secondText, @Nullable String label, @Nullable String image) {

    /** Mapping that finds all columns by their default names. */
    public static final ColumnMapping DEFAULTS = new ColumnMapping(null, null, null, null);

    public ColumnMapping {
        if (text == null && secondText != null) {
            throw new IllegalArgumentException("a second text column needs a first one");
        }
    }

    /** Creates a mapping without images. */
    public ColumnMapping(@Nullable String text, @Nullable String secondText, @Nullable String label) {
        this(text, secondText, label, null);
    }

    /** Returns these columns with another image column; null for none. */
    public ColumnMapping withImage(@Nullable String column) {
        if (column != null && column.isBlank()) {
            throw new UserException("The name of the image column is empty.");
        }
        return new ColumnMapping(text, secondText, label, column);
    }

    /**
     * Parses the columns as the command line spells them.
     *
     * @param textColumns {@code COL} or {@code COL,COL2}
     * @throws UserException if there are more than two text columns, or an empty name
     */
    public static ColumnMapping parse(@Nullable String textColumns, @Nullable String label) {
        if (label != null && label.isBlank()) {
            throw new UserException("The name of the label column is empty.");
        }
        if (textColumns == null) {
            return new ColumnMapping(null, null, label);
        }
        String[] names = textColumns.split(",", -1);
        if (names.length > 2) {
            throw new UserException(
                    "\"%s\" names %s text columns; one or two are possible.".formatted(textColumns, names.length));
        }
        for (String name : names) {
            if (name.isBlank()) {
                throw new UserException("\"%s\" names no text column; write COL or COL,COL2.".formatted(textColumns));
            }
        }
        return new ColumnMapping(names[0].strip(), names.length == 2 ? names[1].strip() : null, label);
    }
}

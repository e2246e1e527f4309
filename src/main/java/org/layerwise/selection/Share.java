package org.layerwise.selection;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Share that a user types: {@code 0.5} or {@code 50%}.
 *
 * @param of1 share, above 0, at most 1
 */
record Share(double of1) {

    private static final Pattern WHOLE = Pattern.compile("[0-9]+");

    private static final int PERCENT = 2;

    /**
     * Reads a text.
     *
     * @return the share; null for a whole number
     * @throws UserException if the text is neither
     */
    static @Nullable Share parse(String text) {
        String number = text.strip();
        boolean percent = number.endsWith("%");
        if (WHOLE.matcher(number).matches()) {
            return null;
        }
        try {
            BigDecimal value = new BigDecimal(
                    percent ? number.substring(0, number.length() - 1).strip() : number);
            double share = (percent ? value.movePointLeft(PERCENT) : value).doubleValue();
            if (share > 0 && share <= 1) {
                return new Share(share);
            }
        } catch (NumberFormatException e) {
            throw refused(text);
        }
        throw refused(text);
    }

    private static UserException refused(String text) {
        return new UserException(
                "\"%s\" is neither a whole number nor a share; write a share as 0.5 or 50%%.".formatted(text));
    }
}

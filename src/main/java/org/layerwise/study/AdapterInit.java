package org.layerwise.study;

import java.util.Locale;
import org.layerwise.base.UserException;

/** What fresh adapters start as. */
public enum AdapterInit {
    /** A drawn at random, B zero: the model is unchanged at first (Hu et al. 2021, arXiv 2106.09685). */
    LORA,
    /** The principal singular vectors of the weight, taken out of it (Meng et al. 2024, arXiv 2404.02948). */
    PISSA;

    /** The word in settings: {@code lora}, {@code pissa}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Says what cannot be trained yet before anything is loaded.
     *
     * @throws UserException if adapters cannot start as this
     */
    public void requirePossible() {
        if (this == PISSA) {
            throw new UserException("Training from PiSSA is not possible yet; use --init lora.");
        }
    }
}

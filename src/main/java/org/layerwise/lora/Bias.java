package org.layerwise.lora;

import java.util.Locale;

/** Which biases of the base model are trained beside the adapters: PEFT's {@code bias}. */
public enum Bias {
    NONE,
    /** Every bias of the model. */
    ALL,
    /** Those of the modules that have adapters. */
    LORA_ONLY;

    /** The value in PEFT's file and in settings. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}

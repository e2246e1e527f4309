package org.layerwise.lora;

import java.util.Locale;

/** Biases of the base model that are trained in addition to the adapters: PEFT's {@code bias}. */
public enum Bias {
    NONE,
    /** All biases of the model. */
    ALL,
    /** Biases of the modules that have adapters. */
    LORA_ONLY;

    /** Returns the value in PEFT's file and in settings. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}

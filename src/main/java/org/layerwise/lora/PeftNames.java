package org.layerwise.lora;

import java.util.Optional;

/** Names of tensors in PEFT's {@code adapter_model.safetensors}. */
final class PeftNames {

    static final String PREFIX = "base_model.model.";
    static final String LORA_A = ".lora_A.weight";
    static final String LORA_B = ".lora_B.weight";

    private PeftNames() {}

    static String loraA(String module) {
        return PREFIX + module + LORA_A;
    }

    static String loraB(String module) {
        return PREFIX + module + LORA_B;
    }

    /** A tensor of a module that is saved in full. */
    static String saved(String module, String tensor) {
        return PREFIX + module + "." + tensor;
    }

    /** The module that a tensor with this ending belongs to. */
    static Optional<String> module(String name, String ending) {
        return name.startsWith(PREFIX) && name.endsWith(ending)
                ? Optional.of(name.substring(PREFIX.length(), name.length() - ending.length()))
                : Optional.empty();
    }
}

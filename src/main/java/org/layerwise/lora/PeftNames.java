package org.layerwise.lora;

import java.util.Optional;
import java.util.Set;

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

    /**
     * Whether PEFT trains a module of the head in full without being asked, for sequence classification: it looks at how the
     * names of modules end, so that DistilBERT's {@code pre_classifier} is meant too.
     */
    static boolean alwaysSaved(String module) {
        String first = module.split("\\.")[0];
        return first.endsWith("classifier") || first.endsWith("score");
    }

    /** What PEFT's {@code modules_to_save} calls the part of the head that a module belongs to: a whole with its parts. */
    static String moduleToSave(String module) {
        String[] parts = module.split("\\.");
        int last = parts.length - 1;
        boolean part = last > 0 && Set.of("dense", "out_proj", "norm").contains(parts[last]);
        return parts[part ? last - 1 : last];
    }

    /** The module that a tensor with this ending belongs to. */
    static Optional<String> module(String name, String ending) {
        return name.startsWith(PREFIX) && name.endsWith(ending)
                ? Optional.of(name.substring(PREFIX.length(), name.length() - ending.length()))
                : Optional.empty();
    }
}

package org.layerwise.lora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is to be trained.
 *
 * @param modulesToSave modules that are trained beside the classifier and those of the head that the checkpoint lacks
 * @param asker who asks for it, for messages
 * @param labels number of the classifier's outputs; empty for a language model
 * @param stored whether it was trained before: then a classifier comes with it, which takes the place of one of another size
 */
record Recipe(LoraConfig config, List<String> modulesToSave, String asker, OptionalInt labels, boolean stored) {

    /** What PEFT adds to {@code modules_to_save} for sequence classification. */
    static final List<String> ALWAYS_SAVED = List.of("classifier", "score");

    /** Whether a module is trained in full because it was asked for, or because PEFT always does so. */
    boolean saves(String module) {
        return PeftNames.saves(modulesToSave, module);
    }

    /** The modules that get no adapter because they are trained in full. */
    List<String> unadapted(Collection<String> ofHead) {
        List<String> all = new ArrayList<>(modulesToSave);
        if (labels.isPresent()) {
            all.addAll(ALWAYS_SAVED);
        }
        all.addAll(ofHead);
        return all;
    }
}

package org.layerwise.lora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/**
 * Specification of a training: adapters, modules to save and task.
 *
 * @param modulesToSave modules that are trained in addition to the classifier and those of the head that the checkpoint
 *     lacks
 * @param asker source of the request, for messages
 * @param labels number of the classifier's outputs; empty for a language model
 * @param stored true for a stored adapter: it brings its own classifier, which replaces one of another size
 */
record TrainableSpec(LoraConfig config, List<String> modulesToSave, String asker, OptionalInt labels, boolean stored) {

    /** Returns true if a module is one of the modules to save, or part of one. */
    boolean saves(String module) {
        return PeftNames.saves(modulesToSave, module);
    }

    /** Returns the modules that get no adapter because they are trained in full. */
    List<String> unadapted(Collection<String> ofHead) {
        List<String> all = new ArrayList<>(modulesToSave);
        if (labels.isPresent()) {
            all.addAll(LoraSettings.CLASSIFIERS);
        }
        all.addAll(ofHead);
        return all;
    }
}

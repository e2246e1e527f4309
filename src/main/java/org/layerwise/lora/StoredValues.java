package org.layerwise.lora;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.layerwise.base.UserException;
import org.layerwise.model.TransformerModel;

/** Hands out the tensors of a stored adapter to the modules that they belong to, and notices what fits nowhere. */
final class StoredValues {

    private static final String CLASSIFIER = PeftNames.saved("classifier", "weight");

    private final TransformerModel base;
    private final PeftAdapter adapter;
    private final SortedSet<String> unused;

    StoredValues(TransformerModel base, PeftAdapter adapter) {
        this.base = base;
        this.adapter = adapter;
        this.unused = new TreeSet<>(adapter.tensors().keySet());
    }

    /** The number of outputs: of the adapter's classifier, otherwise of the checkpoint's. */
    int labels() {
        return adapter.find(CLASSIFIER)
                .map(weight -> (int) weight.shape()[0])
                .or(base::storedLabels)
                .orElseThrow(() ->
                        new UserException("Neither the adapter nor %s has a classifier; train one with modules_to_save."
                                .formatted(base.checkpoint().folder())));
    }

    float[] of(AdaptedModel.Slot slot) {
        Optional<PeftAdapter.HostTensor> stored = adapter.find(slot.name());
        if (stored.isEmpty() && slot.inCheckpoint()) {
            return slot.initial().get();
        }
        PeftAdapter.HostTensor tensor = stored.orElseThrow(
                () -> new UserException("The adapter has no tensor %s, which its settings and %s ask for."
                        .formatted(slot.name(), base.checkpoint().folder())));
        if (!Arrays.equals(tensor.shape(), slot.shape())) {
            throw new UserException("The adapter's tensor %s has the shape %s, but %s needs %s."
                    .formatted(
                            slot.name(),
                            Arrays.toString(tensor.shape()),
                            base.checkpoint().folder(),
                            Arrays.toString(slot.shape())));
        }
        unused.remove(slot.name());
        return tensor.values();
    }

    void requireAllUsed() {
        if (!unused.isEmpty()) {
            throw new UserException("The adapter's tensor %s belongs to no module of %s that its settings name."
                    .formatted(unused.first(), base.checkpoint().folder()));
        }
    }
}

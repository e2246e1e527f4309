package org.layerwise.lora;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.layerwise.base.UserException;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModuleNames.Module;

/** Hands out the tensors of a stored adapter to the modules that they belong to, and notices what fits nowhere. */
final class StoredValues {

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
        return adapter.find(PeftNames.saved(base.description().names().head(Module.CLASSIFIER), "weight"))
                .map(weight -> (int) weight.shape()[0])
                .or(base::storedLabels)
                .orElseThrow(() -> new UserException(
                        "Neither the adapter %s nor %s has a classifier; use an adapter that was saved with one."
                                .formatted(adapter.origin(), base.checkpoint().folder())));
    }

    float[] of(AdaptedModel.Slot slot) {
        Optional<PeftAdapter.HostTensor> stored = adapter.find(slot.name());
        if (stored.isEmpty() && slot.inCheckpoint()) {
            return slot.initial().get();
        }
        PeftAdapter.HostTensor tensor = stored.orElseThrow(() -> new UserException(
                "The adapter %s has no tensor %s, which its settings and %s ask for; it was made for another model."
                        .formatted(
                                adapter.origin(), slot.name(), base.checkpoint().folder())));
        if (!Arrays.equals(tensor.shape(), slot.shape())) {
            throw new UserException(
                    "The adapter %s holds %s with the shape %s, but its settings and %s ask for %s; it was made for another model or rank."
                            .formatted(
                                    adapter.origin(),
                                    slot.name(),
                                    Arrays.toString(tensor.shape()),
                                    base.checkpoint().folder(),
                                    Arrays.toString(slot.shape())));
        }
        unused.remove(slot.name());
        return tensor.values();
    }

    void requireAllUsed() {
        if (unused.isEmpty()) {
            return;
        }
        String name = unused.first();
        boolean onHead = PeftNames.module(name, PeftNames.LORA_A)
                .map(module -> module.endsWith("pooler.dense"))
                .orElse(false);
        throw new UserException(
                onHead
                        ? "The adapter %s has LoRA on the pooler of %s, which Layerwise does not support; name layers_to_transform when it is made."
                                .formatted(adapter.origin(), base.checkpoint().folder())
                        : "The adapter %s holds %s, which belongs to no module of %s that its settings name."
                                .formatted(
                                        adapter.origin(),
                                        name,
                                        base.checkpoint().folder()));
    }
}

package org.layerwise.analysis.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.base.Progress;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Change of the weight of a linear map by an adapter.
 *
 * @param module full name of the module in HuggingFace's model
 * @param type its name within its layer, such as {@code self_attn.q_proj}
 * @param layer index of its layer, from 0
 * @param products the change of the weight with the scale in B: one product, or one for each expert of a layer
 * @param rescaling change of the norms of the weight's rows after that; null except with DoRA
 */
public record AdapterUpdate(
        String module, String type, int layer, List<LowRankFactors> products, @Nullable Rescaling rescaling) {

    /**
     * Norms of the rows of a weight by DoRA.
     *
     * @param map linear map without the adapter
     * @param magnitude norm of each row of the changed weight, {@code [out]}, float64 on the processor
     */
    public record Rescaling(Linear map, Tensor magnitude) {}

    public AdapterUpdate {
        products = List.copyOf(products);
    }

    /**
     * Measures updates one by one.
     *
     * @param value measure of an update; its tensors are freed after each
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static ModuleImportance measure(
            List<AdapterUpdate> updates,
            ToDoubleFunction<AdapterUpdate> value,
            TensorEngine engine,
            Progress progress) {
        List<ModuleImportance.Module> modules = new ArrayList<>();
        for (AdapterUpdate update : updates) {
            progress.check();
            progress.report(
                    (double) modules.size() / updates.size(),
                    "Singular values of the change of %s".formatted(update.module()));
            try (Scope scope = engine.inference()) {
                modules.add(new ModuleImportance.Module(
                        update.module(), update.type(), update.layer(), value.applyAsDouble(update)));
            }
        }
        return new ModuleImportance(modules);
    }

    /** Returns true if the update is of the experts of a layer, of which a router chooses some for each token. */
    boolean ofExperts() {
        return products.size() > 1;
    }
}

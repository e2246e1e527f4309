package org.layerwise.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.layerwise.analysis.adapter.AdapterUpdate;
import org.layerwise.analysis.adapter.LowRankFactors;
import org.layerwise.model.LinearModule;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;

/**
 * Changes of the weights of an adapted model by its adapters. The part that PiSSA and OLoRA took out of a weight is taken off
 * again: {@code [B, -B0] [A; A0]}.
 *
 * @param layers changes in the layers, in the order of the computation; the tensors belong to the scope in which they were made
 * @param outside names of modules with adapters that are in no layer
 */
public record AdapterUpdates(List<AdapterUpdate> layers, List<String> outside) {

    /** Returns the updates of a model, made in the innermost open scope. */
    public static AdapterUpdates of(AdaptedModel model) {
        TransformerModel base = model.base();
        ModuleNames names = base.description().names();
        Map<String, ModuleAdapter> adapters = model.parts().adapters();
        Map<String, Integer> layerOf =
                base.blueprint().linears().stream().collect(Collectors.toMap(LinearModule::name, LinearModule::layer));
        List<AdapterUpdate> updates = new ArrayList<>();
        for (Linear map : base.transformer().linears()) {
            ModuleAdapter adapter = adapters.get(map.name());
            Integer layer = layerOf.get(map.name());
            if (adapter != null && layer != null) {
                updates.add(new AdapterUpdate(
                        map.name(),
                        names.withoutLayer(layer, map.name()),
                        layer,
                        List.of(factors(base, map, adapter)),
                        adapter instanceof DoraAdapter dora
                                ? new AdapterUpdate.Rescaling(map, wide(dora.magnitude()))
                                : null));
            }
        }
        IntStream.range(0, base.config().layers())
                .forEach(layer -> model.parts().experts().forEach((weights, experts) -> {
                    if (weights.startsWith(names.layerPrefix(layer))) {
                        updates.add(new AdapterUpdate(
                                weights,
                                names.withoutLayer(layer, weights),
                                layer,
                                experts.products().stream()
                                        .map(product -> factors(product, experts.scale()))
                                        .toList(),
                                null));
                    }
                }));
        return new AdapterUpdates(updates, outside(model));
    }

    /** Returns the names of modules with adapters that are in no layer, sorted. */
    public static List<String> outside(AdaptedModel model) {
        Set<String> inside = model.base().blueprint().linears().stream()
                .map(LinearModule::name)
                .collect(Collectors.toSet());
        return model.parts().adapters().keySet().stream()
                .filter(module -> !inside.contains(module))
                .sorted()
                .toList();
    }

    private static LowRankFactors factors(TransformerModel base, Linear map, ModuleAdapter adapter) {
        if (adapter instanceof MissAdapter miss) {
            int rank = Math.toIntExact(miss.block().size(0));
            return factors(
                    new LowRankUpdate(
                            base.engine().of(MissAdapter.sums(rank, map.in()), rank, map.in()),
                            miss.block().transpose()),
                    1);
        }
        return factors(base, adapter.product().orElseThrow());
    }

    private static LowRankFactors factors(TransformerModel base, LoraAdapter adapter) {
        LowRankFactors trained = factors(adapter.trained(), adapter.scale());
        LowRankUpdate start = adapter.start();
        if (start == null) {
            return trained;
        }
        LowRankFactors taken = factors(start, -adapter.scale());
        return new LowRankFactors(
                base.engine().cat(List.of(trained.a(), taken.a()), 0),
                base.engine().cat(List.of(trained.b(), taken.b()), 1));
    }

    private static LowRankFactors factors(LowRankUpdate product, double scale) {
        return new LowRankFactors(wide(product.a()), wide(product.b()).mul(scale));
    }

    private static Tensor wide(Tensor tensor) {
        return tensor.to(Device.CPU).cast(DType.F64);
    }
}

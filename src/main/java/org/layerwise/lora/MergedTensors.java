package org.layerwise.lora;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.HeadNorm;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.layer.Experts;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;

/**
 * Tensors that a model without adapters needs to compute the same results: those that differ from the base model's, and
 * those of the head. Each tensor is computed on request.
 */
public final class MergedTensors {

    private final TransformerModel base;
    private final Map<String, ModuleAdapter> adapters;
    private final Map<String, Supplier<Tensor>> tensors = new LinkedHashMap<>();

    /** @param savesHead true if the head of a language model is trained in full */
    private MergedTensors(TransformerModel base, AdaptedModel.Parts parts, boolean savesHead) {
        this.base = base;
        this.adapters = parts.adapters();
        for (Linear linear : base.transformer().linears()) {
            linear(linear);
        }
        base.transformer().projection().ifPresent(this::linear);
        parts.experts().forEach(this::experts);
        parts.replaced().forEach((name, tensor) -> tensors.putIfAbsent(name, () -> tensor));
        adapters.forEach((module, adapter) -> bias(
                module,
                adapter,
                parts.replaced().getOrDefault(module + ".bias", base.tensors().get(module + ".bias"))));
        if (parts.head() instanceof ClassificationHead classifier) {
            classifier.map(this::headLinear, this::headNorm);
        } else if (parts.head() instanceof LanguageModelHead predictor) {
            if (savesHead || adapters.containsKey(predictor.output().name())) {
                headLinear(predictor.output());
            }
        }
    }

    /** Returns the merged tensors of a model, which must stay open while they are used. */
    public static MergedTensors of(AdaptedModel model) {
        return new MergedTensors(
                model.base(),
                model.parts(),
                model.parts().head() instanceof LanguageModelHead head
                        && model.parameters().stream().anyMatch(parameter -> parameter
                                .name()
                                .equals(PeftNames.saved(head.output().name(), "weight"))));
    }

    /** Returns the names in HuggingFace's model with the task's head. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /**
     * Returns a tensor in the shape of the checkpoint, in float32; it belongs to the innermost open scope or to the
     * model.
     */
    public Tensor tensor(String name) {
        return Objects.requireNonNull(tensors.get(name), name).get();
    }

    private void linear(Linear linear) {
        ModuleAdapter adapter = adapters.get(linear.name());
        if (adapter != null) {
            String name = linear.name() + ".weight";
            boolean turned = base.usedTurned(name);
            tensors.put(name, () -> {
                Tensor merged = adapter.merged(linear.matrix().cast(DType.F32));
                return turned ? merged.transpose().contiguous() : merged;
            });
        }
    }

    /** Adds the weights of experts, which files hold as one tensor or as one for each expert and map. */
    private void experts(String name, ExpertLora adapter) {
        Experts experts = IntStream.range(0, base.config().layers())
                .mapToObj(layer -> base.transformer().experts(layer))
                .flatMap(Optional::stream)
                .filter(one -> one.gateUpName().equals(name) || one.downName().equals(name))
                .findFirst()
                .orElseThrow();
        boolean down = experts.downName().equals(name);
        List<List<Linear>> maps = experts.parts().stream()
                .map(ExpertTargets::maps)
                .map(all -> down ? all.subList(all.size() - 1, all.size()) : all.subList(0, all.size() - 1))
                .toList();
        String first = maps.get(0).get(0).name();
        String joined = first.substring(0, first.lastIndexOf('.'));
        if (base.tensorNames().contains(joined)) {
            // gpt-oss stores the inputs of a map before its outputs
            boolean turned = experts.shape().limit() > 0;
            tensors.put(joined, () -> joined(base.tensor(joined), turned, adapter));
            return;
        }
        for (int expert = 0; expert < maps.size(); expert++) {
            int from = 0;
            for (Linear map : maps.get(expert)) {
                int index = expert;
                int begin = from;
                from += map.out();
                tensors.put(map.name() + ".weight", () -> {
                    LowRankUpdate product = adapter.product(index);
                    Tensor b = product.b().slice(0, begin, (long) begin + map.out());
                    return map.matrix()
                            .cast(DType.F32)
                            .add(b.matmul(product.a()).mul(adapter.scale()));
                });
            }
        }
    }

    /** Returns the weights of all experts with their updates, which are added one by one, as the weights may be large. */
    private Tensor joined(Tensor weights, boolean turned, ExpertLora adapter) {
        Tensor merged = weights.dtype() == DType.F32 ? weights.copy() : weights.cast(DType.F32);
        for (int expert = 0; expert < adapter.experts(); expert++) {
            try (Scope scope = base.engine().scope()) {
                Tensor update = adapter.product(expert).matrix();
                merged.slice(0, expert, expert + 1L)
                        .addInPlace(
                                (turned ? update.transpose() : update).reshape(1, merged.size(1), merged.size(2)),
                                adapter.scale());
            }
        }
        return merged;
    }

    private void bias(String module, ModuleAdapter adapter, @Nullable Tensor own) {
        adapter.product()
                .filter(product -> product.bias() != null)
                .ifPresent(product -> tensors.put(module + ".bias", () -> {
                    Tensor added = Objects.requireNonNull(product.bias()).mul(product.scale());
                    return own == null ? added : own.cast(DType.F32).add(added);
                }));
    }

    private Linear headLinear(Linear linear) {
        ModuleAdapter adapter = adapters.get(linear.name());
        tensors.put(
                linear.name() + ".weight",
                () -> adapter == null
                        ? linear.matrix()
                        : adapter.merged(linear.matrix().cast(DType.F32)));
        if (linear.bias() != null) {
            tensors.put(linear.name() + ".bias", linear::bias);
        }
        if (adapter != null) {
            bias(linear.name(), adapter, linear.bias());
        }
        return linear;
    }

    private HeadNorm headNorm(HeadNorm norm) {
        tensors.put(norm.name() + ".weight", norm::weight);
        if (norm.biased()) {
            tensors.put(norm.name() + ".bias", norm::bias);
        }
        return norm;
    }
}

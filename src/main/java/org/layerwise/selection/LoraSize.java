package org.layerwise.selection;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.ExpertTargets;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.model.LinearModule;
import org.layerwise.model.ModelBlueprint;

/** Numbers of parameters of LoRA adapters, which follow from the shapes of the weights. */
public final class LoraSize {

    private LoraSize() {}

    /** Returns the number of parameters of adapters of given ranks. */
    public static long of(Collection<LinearModule> modules, LoraVariant variant, ToIntFunction<LinearModule> rank) {
        return modules.stream()
                .mapToLong(module -> variant.parameters(rank.applyAsInt(module), module.in(), module.out()))
                .sum();
    }

    /**
     * Returns the number of trainable parameters of adapters on linear maps and experts, without those of a head.
     *
     * @param layers 0-based layers that get adapters
     * @param values values of {@link LoraSettings}, of which the targets, the rank and the ranks of modules count
     * @throws org.layerwise.base.UserException if a target matches no module, or no weights of experts
     */
    public static long of(ModelBlueprint model, Collection<Integer> layers, SettingValues values) {
        List<String> targets = values.find(LoraSettings.TARGET_MODULES)
                .orElseGet(() -> model.description().defaultTargets());
        ToIntFunction<String> rank =
                name -> LoraSettings.rank(values, model.description().names(), name);
        return ExpertTargets.parameters(model, layers, values.get(LoraSettings.TARGET_PARAMETERS), rank)
                + of(
                        model.targets(new TreeSet<>(layers), targets),
                        values.get(LoraSettings.VARIANT),
                        module -> rank.applyAsInt(module.name()));
    }
}

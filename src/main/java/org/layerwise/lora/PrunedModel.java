package org.layerwise.lora;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.layerwise.base.Progress;
import org.layerwise.model.LinearModule;
import org.layerwise.model.TargetModules;
import org.layerwise.model.TransformerModel;

/** Adapted models without the adapters of some layers, whose linear maps are then those of the base model. */
public final class PrunedModel {

    private PrunedModel() {}

    /** Returns the layers in which a model has adapters, 0-based. */
    public static SortedSet<Integer> layers(AdaptedModel model) {
        return IntStream.range(0, model.base().config().layers())
                .filter(layer -> names(model).stream().anyMatch(inLayers(model, Set.of(layer))))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the number of parameters of the adapters in some layers. */
    public static long parameters(AdaptedModel model, Collection<Integer> layers) {
        Predicate<Parameter> inside = parameterInLayers(model, layers);
        return model.parameters().stream()
                .filter(parameter -> PeftNames.ofAdapter(parameter.name()) && inside.test(parameter))
                .mapToLong(parameter -> parameter.value().elements())
                .sum();
    }

    /**
     * Returns a model without the adapters of some layers. It shares all tensors with the given one, and must not outlive it.
     * Biases that are trained with the adapters alone ({@code lora_only}) go with them; modules that are trained in full, and
     * adapters outside of the layers, stay.
     *
     * @param removed 0-based layers, not all that have adapters
     * @throws org.layerwise.base.UserException if no layer with an adapter is left
     */
    public static AdaptedModel without(AdaptedModel model, Collection<Integer> removed) {
        AdaptedModel.Parts parts = model.parts();
        Predicate<String> gone = inLayers(model, removed);
        boolean biases = model.config().bias() == Bias.LORA_ONLY;
        Map<String, ModuleAdapter> adapters = kept(parts.adapters(), gone);
        Map<String, ExpertLora> experts = kept(parts.experts(), gone);
        Predicate<Parameter> outside = parameterInLayers(model, removed).negate();
        List<Parameter> parameters = model.parameters().stream()
                .filter(parameter -> outside.test(parameter)
                        || !(PeftNames.ofAdapter(parameter.name())
                                || biases && PeftNames.isBiasOfAdapted(parameter.name())))
                .map(parameter -> outside.test(parameter) ? parameter : ofBase(parameter))
                .toList();
        SortedSet<Integer> layers = layers(model);
        layers.removeAll(removed);
        return new AdaptedModel(
                model.base(),
                model.base().engine().owner(), // owns nothing
                config(model, layers, adapters.keySet(), experts.keySet()),
                new AdaptedModel.Parts(
                        adapters,
                        experts,
                        kept(parts.replaced(), name -> biases && name.endsWith(PeftNames.BIAS) && gone.test(name)),
                        parts.head()),
                parameters,
                model.modulesToSave(),
                model.fresh(),
                Optional.empty());
    }

    /** Returns a trained bias under the name that PEFT gives it where its module has no adapter. */
    private static Parameter ofBase(Parameter parameter) {
        String name = parameter.name();
        return PeftNames.isBiasOfAdapted(name)
                ? new Parameter(PeftNames.biasWithoutAdapter(name), parameter.value(), parameter.decays())
                : parameter;
    }

    private static Set<String> names(AdaptedModel model) {
        Set<String> names = new LinkedHashSet<>(model.parts().adapters().keySet());
        names.addAll(model.parts().experts().keySet());
        return names;
    }

    private static Predicate<String> inLayers(AdaptedModel model, Collection<Integer> layers) {
        List<String> prefixes = layers.stream()
                .map(layer -> model.base().description().names().layerPrefix(layer))
                .toList();
        return name -> prefixes.stream().anyMatch(name::startsWith);
    }

    private static Predicate<Parameter> parameterInLayers(AdaptedModel model, Collection<Integer> layers) {
        Predicate<String> inside = inLayers(model, layers);
        return parameter -> inside.test(parameter.name().substring(PeftNames.PREFIX.length()));
    }

    private static <V> Map<String, V> kept(Map<String, V> all, Predicate<String> gone) {
        Map<String, V> kept = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (!gone.test(name)) {
                kept.put(name, value);
            }
        });
        return kept;
    }

    /**
     * Returns settings by which PEFT finds exactly the modules that are left: the targets in the layers that are left, or else all
     * modules by their full names, which {@link PeftAdapter#forPeft} makes of an expression.
     */
    private static LoraConfig config(
            AdaptedModel model, SortedSet<Integer> layers, Set<String> adapted, Set<String> experts) {
        LoraConfig whole = model.config();
        LoraConfig inLayers = whole.withLayers(layers)
                .withDetails(whole.details().inLayers().withTargetParameters(List.copyOf(experts)));
        if (adapted.isEmpty()) {
            return inLayers.withTargets(List.of());
        }
        boolean expression =
                new TargetModules(whole.targetModules()).expression().isPresent();
        return expression || choosesExactly(model.base(), inLayers, adapted)
                ? inLayers
                : inLayers.withTargets(List.of(adapted.stream()
                        .sorted()
                        .map(name -> name.replace(".", "\\."))
                        .collect(Collectors.joining("|", "(", ")"))));
    }

    private static boolean choosesExactly(TransformerModel base, LoraConfig config, Set<String> adapted) {
        ModuleMatcher matcher = new ModuleMatcher(config, base.description().names(), List.of(), Progress.none());
        Map<String, Integer> layers =
                base.blueprint().linears().stream().collect(Collectors.toMap(LinearModule::name, LinearModule::layer));
        Set<String> known = new LinkedHashSet<>(layers.keySet());
        known.addAll(adapted);
        return known.stream()
                .allMatch(name -> matcher.adapts(name, layers.getOrDefault(name, ModuleMatcher.OUTSIDE))
                        == adapted.contains(name));
    }
}

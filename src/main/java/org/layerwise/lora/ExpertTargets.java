package org.layerwise.lora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.layerwise.base.UserException;
import org.layerwise.lora.TrainedTensors.TrainableTensor;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ExpertsConfig;
import org.layerwise.model.layer.Experts;
import org.layerwise.model.layer.FeedForwardPart;
import org.layerwise.model.layer.Linear;

/**
 * Weights of experts that get adapters: PEFT's {@code target_parameters}. PEFT compares the ends of their names and takes no
 * notice of {@code layers_to_transform}.
 *
 * @param asker beginning of messages, such as "The selection"
 */
public record ExpertTargets(TransformerModel base, LoraConfig config, String asker) {

    /**
     * Returns the number of trainable parameters of adapters on experts. Only the configuration of the model is needed.
     *
     * @param layers 0-based layers that get adapters
     * @param targets weights by the ends of their names
     * @param rank rank of the adapters on weights of a name
     * @throws UserException if a name is that of no weights in any layer
     */
    public static long parameters(
            ModelBlueprint model, Collection<Integer> layers, List<String> targets, ToIntFunction<String> rank) {
        requireMatches(model, targets);
        return layers.stream()
                .flatMap(layer -> Weights.of(model, layer).stream())
                .filter(weights -> isNamed(targets, weights.name()))
                .mapToLong(weights ->
                        (long) rank.applyAsInt(weights.name()) * weights.experts() * (weights.in() + weights.out()))
                .sum();
    }

    /**
     * Weights of one linear map of all experts of a layer.
     *
     * @param module name of the experts in the model of transformers 5
     * @param name name of the weights in the model of transformers 5
     * @param experts number of experts
     */
    private record Weights(String module, String name, int experts, int in, int out) {

        /** Returns gate and up as one map, and the map of the output; none for a layer without experts. */
        static List<Weights> of(ModelBlueprint model, int layer) {
            ExpertsConfig experts = model.config().layer(layer).experts();
            if (experts == null) {
                return List.of();
            }
            String module = model.description().names().experts(layer);
            int hidden = model.config().hiddenSize();
            int size = model.config().layer(layer).expertSize();
            return List.of(
                    new Weights(module, module + Experts.GATE_UP, experts.count(), hidden, 2 * size),
                    new Weights(module, module + Experts.DOWN, experts.count(), size, hidden));
        }

        /** Returns those of all layers. */
        static List<Weights> of(ModelBlueprint model) {
            return IntStream.range(0, model.config().layers())
                    .boxed()
                    .flatMap(layer -> of(model, layer).stream())
                    .toList();
        }
    }

    /**
     * Returns a configuration for new adapters with the full names of the weights in its layers.
     *
     * @throws UserException if a name is that of no weights in any layer
     */
    static LoraConfig of(ModelBlueprint model, LoraConfig config) {
        List<String> named = config.details().targetParameters();
        if (named.isEmpty()) {
            return config;
        }
        requireMatches(model, named);
        List<String> chosen = IntStream.range(0, model.config().layers())
                .filter(layer ->
                        config.details().everyLayer() || config.layers().contains(layer))
                .boxed()
                .flatMap(layer -> Weights.of(model, layer).stream())
                .map(Weights::name)
                .filter(name -> isNamed(named, name))
                .toList();
        for (String target : named) {
            if (chosen.stream().noneMatch(name -> means(target, name))) {
                throw new UserException(
                        "No chosen layer of %s has %s; choose others, or leave out this target parameter."
                                .formatted(model.checkpoint().folder(), target));
            }
        }
        return config.withDetails(config.details().withTargetParameters(chosen));
    }

    private static void requireMatches(ModelBlueprint model, List<String> targets) {
        if (targets.isEmpty()) {
            return;
        }
        List<String> all = Weights.of(model).stream().map(Weights::name).toList();
        for (String target : targets) {
            if (all.stream().noneMatch(name -> means(target, name))) {
                throw new UserException(
                        all.isEmpty()
                                ? "%s has no experts whose weights could get adapters; leave out the target parameters."
                                        .formatted(model.checkpoint().folder())
                                : "No weights of experts of %s are called \"%s\"; there are %s, and the same in other layers."
                                        .formatted(
                                                model.checkpoint().folder(),
                                                target,
                                                String.join(" and ", all.subList(0, 2))));
            }
        }
    }

    private static boolean isNamed(List<String> targets, String name) {
        return targets.stream().anyMatch(target -> means(target, name));
    }

    /**
     * Returns true if a target means the weights of a name: it is the name, or the end of it after a dot.
     */
    public static boolean means(String target, String name) {
        return name.equals(target) || name.endsWith("." + target);
    }

    /**
     * Returns new adapters by the names of the weights.
     *
     * @throws UserException if PEFT has no such adapters on experts
     */
    Map<String, ExpertLora> adapters(TrainedTensors trained, ModuleMatcher choice, long seed) {
        if (config.details().targetParameters().isEmpty()) {
            return Map.of();
        }
        requirePlain();
        requireWeightsOfExperts();
        Map<String, ExpertLora> adapters = new LinkedHashMap<>();
        for (int layer = 0; layer < base.config().layers(); layer++) {
            List<Weights> targets = Weights.of(base.blueprint(), layer).stream()
                    .filter(weights -> isTarget(weights.name()))
                    .toList();
            for (Weights weights : targets) {
                // PEFT wraps the module of the experts once for each of its weights; the last is the outermost
                boolean outermost = weights == targets.get(targets.size() - 1);
                String module = weights.module() + (outermost ? "" : PeftNames.BASE_LAYER);
                adapters.put(weights.name(), adapter(trained, choice, seed, module, weights));
            }
        }
        if (adapters.isEmpty()) {
            throw new UserException("%s names weights of experts (%s) that %s lacks; it was made for another model."
                    .formatted(
                            asker,
                            config.details().targetParameters().get(0),
                            base.checkpoint().folder()));
        }
        return adapters;
    }

    /** Refuses targets that are no weights of experts, such as those of routers. */
    private void requireWeightsOfExperts() {
        List<String> all = Weights.of(base.blueprint()).stream()
                .flatMap(weights -> base.description().names().inFiles(weights.name()).stream())
                .toList();
        for (String target : config.details().targetParameters()) {
            if (!all.isEmpty() && all.stream().noneMatch(name -> means(target, name))) {
                throw new UserException(
                        "%s has the target parameter %s, which is no weight of experts of %s; Layerwise has adapters on those alone."
                                .formatted(asker, target, base.checkpoint().folder()));
            }
        }
    }

    private boolean isTarget(String name) {
        return base.description().names().inFiles(name).stream()
                .anyMatch(spelt -> isNamed(config.details().targetParameters(), spelt));
    }

    /** Returns the linear maps of an expert, in the order of the computation. */
    static List<Linear> maps(FeedForwardPart part) {
        List<Linear> maps = new ArrayList<>();
        part.map(linear -> {
            maps.add(linear);
            return linear;
        });
        return maps;
    }

    private void requirePlain() {
        LoraVariant variant = config.variant();
        if (variant.decomposed() || !(variant.initialisation() instanceof Initialisation.Random)) {
            throw new UserException(
                    "%s has adapters on experts, which PEFT makes as LoRA or rsLoRA only, not as %s; choose another variant, or leave out target parameters."
                            .formatted(asker, variant.id()));
        }
        if (config.dropout() > 0 || config.details().biasOnB()) {
            throw new UserException(
                    "%s has adapters on experts, for which PEFT has neither dropout nor a bias; set --dropout 0."
                            .formatted(asker));
        }
    }

    private ExpertLora adapter(
            TrainedTensors trained, ModuleMatcher choice, long seed, String module, Weights weights) {
        int rank = choice.rank(weights.name());
        long rows = (long) rank * weights.experts();
        if (Math.max(weights.in(), weights.out()) * rows > Integer.MAX_VALUE) {
            throw new UserException("Rank %s is too large for the %s experts of %s; choose a smaller rank."
                    .formatted(rank, weights.experts(), weights.name()));
        }
        String nameOfA = PeftNames.loraA(module);
        Supplier<float[]> a =
                () -> AdapterMaker.kaimingUniform(Math.toIntExact(rows), weights.in(), seed ^ nameOfA.hashCode());
        Supplier<float[]> b = () -> new float[Math.toIntExact(weights.out() * rows)];
        return new ExpertLora(
                trained.tensor(
                        new TrainableTensor(nameOfA, List.of(), new long[] {rows, weights.in()}, a, false), true),
                trained.tensor(
                        new TrainableTensor(
                                PeftNames.loraB(module), List.of(), new long[] {weights.out(), rows}, b, false),
                        true),
                weights.experts(),
                choice.scale(weights.name()));
    }
}

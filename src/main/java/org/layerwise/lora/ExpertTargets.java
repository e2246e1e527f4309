package org.layerwise.lora;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
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
     * @throws UserException if a name is that of no weights in any layer
     */
    public static long parameters(ModelBlueprint model, Collection<Integer> layers, List<String> targets, int rank) {
        requireMatches(model, targets);
        long parameters = 0;
        for (int layer : layers) {
            ExpertsConfig experts = model.config().layer(layer).experts();
            if (experts != null) {
                long hidden = model.config().hiddenSize();
                long size = model.config().layer(layer).expertSize();
                String name = model.description().names().experts(layer);
                long each = (isNamed(targets, name + Experts.GATE_UP) ? hidden + 2 * size : 0)
                        + (isNamed(targets, name + Experts.DOWN) ? size + hidden : 0);
                parameters += each * rank * experts.count();
            }
        }
        return parameters;
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
                .flatMap(layer -> weights(model, layer))
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

    /** Returns the names of the weights of a layer's experts; none for a layer without. */
    private static Stream<String> weights(ModelBlueprint model, int layer) {
        if (model.config().layer(layer).experts() == null) {
            return Stream.empty();
        }
        String name = model.description().names().experts(layer);
        return Stream.of(name + Experts.GATE_UP, name + Experts.DOWN);
    }

    private static void requireMatches(ModelBlueprint model, List<String> targets) {
        if (targets.isEmpty()) {
            return;
        }
        List<String> all = IntStream.range(0, model.config().layers())
                .boxed()
                .flatMap(layer -> weights(model, layer))
                .toList();
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
            Optional<Experts> found = base.transformer().experts(layer);
            if (found.isPresent()) {
                Experts experts = found.get();
                boolean gateUp = isTarget(experts.gateUpName());
                boolean down = isTarget(experts.downName());
                List<Linear> maps = maps(experts.parts().get(0));
                Linear last = maps.get(maps.size() - 1);
                // PEFT wraps the module of the experts once for each of its weights
                if (gateUp) {
                    int out = maps.stream()
                            .limit(maps.size() - 1L)
                            .mapToInt(Linear::out)
                            .sum();
                    String module = experts.name() + (down ? PeftNames.BASE_LAYER : "");
                    adapters.put(
                            experts.gateUpName(),
                            adapter(
                                    trained,
                                    choice,
                                    seed,
                                    module,
                                    experts.gateUpName(),
                                    experts,
                                    out,
                                    maps.get(0).in()));
                }
                if (down) {
                    adapters.put(
                            experts.downName(),
                            adapter(
                                    trained,
                                    choice,
                                    seed,
                                    experts.name(),
                                    experts.downName(),
                                    experts,
                                    last.out(),
                                    last.in()));
                }
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
        List<String> all = IntStream.range(0, base.config().layers())
                .boxed()
                .flatMap(layer -> weights(base.blueprint(), layer))
                .flatMap(name -> base.description().names().inFiles(name).stream())
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
        if (variant.decomposed() || variant.initialisation() instanceof Initialisation.FromWeight) {
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
            TrainedTensors trained,
            ModuleMatcher choice,
            long seed,
            String module,
            String weights,
            Experts experts,
            int out,
            int in) {
        int count = experts.shape().count();
        int rank = choice.rank(weights);
        String nameOfA = PeftNames.loraA(module);
        Supplier<float[]> a = () -> AdapterMaker.kaimingUniform(rank * count, in, seed ^ nameOfA.hashCode());
        if ((long) Math.max(in, out) * rank * count > Integer.MAX_VALUE) {
            throw new UserException("Rank %s is too large for the %s experts of %s; choose a smaller rank."
                    .formatted(rank, count, weights));
        }
        Supplier<float[]> b = () -> new float[out * rank * count];
        return new ExpertLora(
                trained.tensor(
                        new TrainableTensor(nameOfA, List.of(), new long[] {(long) rank * count, in}, a, false), true),
                trained.tensor(
                        new TrainableTensor(
                                PeftNames.loraB(module), List.of(), new long[] {out, (long) rank * count}, b, false),
                        true),
                count,
                choice.scale(weights));
    }
}

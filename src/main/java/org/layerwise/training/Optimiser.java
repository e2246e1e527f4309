package org.layerwise.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.Parameter;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Optimiser of the trained parameters: their groups by learning rate and weight decay, and their running means, to which
 * an {@link UpdateRule} is applied.
 *
 * <p>With a LoRA+ ratio (Hayou et al., arXiv 2402.12354) the learning rate of every B is multiplied by the ratio, and
 * all other parameters keep the learning rate, as in the paper. PEFT 0.17's {@code create_loraplus_optimizer} also
 * applies the ratio to vectors, such as the classifier's bias and DoRA's magnitudes; its separate group of embeddings
 * never has members.
 */
final class Optimiser implements AutoCloseable {

    private final TensorEngine engine;
    private final TensorOwner owner;
    private final UpdateRule rule;
    private final int means;
    private final List<Group> groups = new ArrayList<>();
    private int updates;

    /** Learning-rate factor and weight decay that the parameters of a group share. */
    private record Pace(double rateFactor, double weightDecay) {}

    /**
     * Parameters with one pace.
     *
     * @param means running means, each in the order of the weights
     */
    private record Group(Pace pace, List<String> names, List<Tensor> weights, List<List<Tensor>> means) {}

    /**
     * Creates an optimiser.
     *
     * @param settings values of {@link OptimiserSettings}
     */
    Optimiser(TensorEngine engine, List<Parameter> parameters, SettingValues settings) {
        OptimiserKind kind = settings.get(OptimiserSettings.OPTIMISER);
        this.engine = engine;
        this.owner = engine.owner();
        this.rule = kind.rule(settings);
        this.means = kind.means();
        Map<Pace, List<Parameter>> byPace = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            Pace pace = new Pace(
                    parameter.name().endsWith(".lora_B.weight")
                            ? settings.find(OptimiserSettings.LORA_PLUS_RATIO).orElse(1.0)
                            : 1,
                    parameter.decays() ? settings.get(OptimiserSettings.WEIGHT_DECAY) : 0);
            byPace.computeIfAbsent(pace, unused -> new ArrayList<>()).add(parameter);
        }
        try (Scope scope = engine.inference()) {
            byPace.forEach(this::addGroup);
        }
    }

    private void addGroup(Pace pace, List<Parameter> parameters) {
        List<Tensor> weights = parameters.stream().map(Parameter::value).toList();
        groups.add(new Group(
                pace,
                parameters.stream().map(Parameter::name).toList(),
                weights,
                Stream.generate(() -> zeros(weights)).limit(means).toList()));
    }

    private List<Tensor> zeros(List<Tensor> like) {
        return like.stream()
                .map(tensor -> owner.adopt(engine.zeros(tensor.dtype(), tensor.device(), tensor.shape())))
                .toList();
    }

    /** Returns the number of updates so far. */
    int updates() {
        return updates;
    }

    /** Updates the parameters with their collected gradients. */
    void update(double learningRate) {
        updates++;
        try (Scope scope = engine.inference()) {
            for (Group group : groups) {
                rule.apply(
                        new UpdateRule.Group(
                                group.weights(),
                                group.weights().stream().map(Tensor::gradient).toList(),
                                group.means()),
                        learningRate * group.pace().rateFactor(),
                        group.pace().weightDecay(),
                        updates);
            }
        }
    }

    /** Returns the running means of each parameter by its name, copied to the host. */
    Map<String, List<float[]>> means() {
        Map<String, List<float[]>> all = new HashMap<>();
        try (Scope scope = engine.inference()) {
            for (Group group : groups) {
                for (int i = 0; i < group.names().size(); i++) {
                    int at = i;
                    all.put(
                            group.names().get(i),
                            group.means().stream()
                                    .map(mean -> mean.get(at).floats())
                                    .toList());
                }
            }
        }
        return all;
    }

    /**
     * Restores a state, so that training can resume.
     *
     * @throws UserException if the state belongs to other parameters or to another optimiser
     */
    void restore(OptimiserState state) {
        try (Scope scope = engine.inference()) {
            for (Group group : groups) {
                for (int i = 0; i < group.names().size(); i++) {
                    restore(group, i, state.means().getOrDefault(group.names().get(i), List.of()));
                }
            }
        }
        updates = state.updates();
    }

    private void restore(Group group, int parameter, List<float[]> values) {
        long elements = group.weights().get(parameter).elements();
        if (values.size() != means || values.stream().anyMatch(mean -> mean.length != elements)) {
            throw new UserException(
                    "The optimiser's state does not fit %s, so it belongs to another adapter; start the training anew."
                            .formatted(group.names().get(parameter)));
        }
        for (int mean = 0; mean < means; mean++) {
            assign(group.means().get(mean).get(parameter), values.get(mean));
        }
    }

    private void assign(Tensor tensor, float[] values) {
        tensor.assign(engine.of(values, tensor.shape()).to(tensor.device()));
    }

    @Override
    public void close() {
        owner.close();
    }
}

package org.layerwise.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.Parameter;
import org.layerwise.tensor.ParameterOps;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) with betas 0.9 and 0.999, the defaults of
 * {@code torch.optim.AdamW} and HuggingFace's Trainer.
 *
 * <p>With a LoRA+ ratio (Hayou et al., arXiv 2402.12354) the learning rate of every B is multiplied by the ratio, and
 * all other parameters keep the learning rate, as in the paper. PEFT 0.17's {@code create_loraplus_optimizer} also
 * applies the ratio to vectors, such as the classifier's bias and DoRA's magnitudes; its separate group of embeddings
 * never has members.
 */
final class AdamW implements AutoCloseable {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;

    private final TensorEngine engine;
    private final TensorOwner owner;
    private final double epsilon;
    private final List<Group> groups = new ArrayList<>();
    private int updates;

    /** Learning-rate factor and weight decay that the parameters of a group share. */
    private record Pace(double rateFactor, double weightDecay) {}

    /**
     * Parameters with one pace, the running means of their gradients, and the running means of the squared gradients.
     */
    private record Group(
            Pace pace, List<String> names, List<Tensor> weights, List<Tensor> first, List<Tensor> second) {}

    /**
     * Creates an optimiser.
     *
     * @param settings values of {@link OptimiserSettings}
     */
    AdamW(TensorEngine engine, List<Parameter> parameters, SettingValues settings) {
        this.engine = engine;
        this.owner = engine.owner();
        this.epsilon = settings.get(OptimiserSettings.ADAM_EPSILON);
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
                pace, parameters.stream().map(Parameter::name).toList(), weights, zeros(weights), zeros(weights)));
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
                ParameterOps.adamW(
                        group.weights(),
                        group.weights().stream().map(Tensor::gradient).toList(),
                        group.first(),
                        group.second(),
                        learningRate * group.pace().rateFactor(),
                        BETA1,
                        BETA2,
                        epsilon,
                        group.pace().weightDecay(),
                        updates);
            }
        }
    }

    /** Returns the running means of each parameter by its name, copied to the host. */
    Map<String, OptimiserState.Moments> moments() {
        Map<String, OptimiserState.Moments> moments = new HashMap<>();
        try (Scope scope = engine.inference()) {
            for (Group group : groups) {
                for (int i = 0; i < group.names().size(); i++) {
                    moments.put(
                            group.names().get(i),
                            new OptimiserState.Moments(
                                    group.first().get(i).floats(),
                                    group.second().get(i).floats()));
                }
            }
        }
        return moments;
    }

    /**
     * Restores a state, so that training can resume.
     *
     * @throws UserException if the state belongs to other parameters
     */
    void restore(OptimiserState state) {
        try (Scope scope = engine.inference()) {
            for (Group group : groups) {
                for (int i = 0; i < group.names().size(); i++) {
                    String name = group.names().get(i);
                    OptimiserState.Moments moments = state.moments().get(name);
                    Tensor weight = group.weights().get(i);
                    if (moments == null
                            || moments.first().length != weight.elements()
                            || moments.second().length != weight.elements()) {
                        throw new UserException(
                                "The optimiser's state does not fit %s, so it belongs to another adapter; start the training anew."
                                        .formatted(name));
                    }
                    assign(group.first().get(i), moments.first());
                    assign(group.second().get(i), moments.second());
                }
            }
        }
        updates = state.updates();
    }

    private void assign(Tensor tensor, float[] values) {
        tensor.assign(engine.of(values, tensor.shape()).to(tensor.device()));
    }

    @Override
    public void close() {
        owner.close();
    }
}

package org.layerwise.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.lora.Parameter;
import org.layerwise.tensor.ParameterOps;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) with betas 0.9 and 0.999 and epsilon 1e-8, the defaults of
 * {@code torch.optim.AdamW} and HuggingFace's Trainer.
 */
final class AdamW implements AutoCloseable {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final TensorEngine engine;
    private final TensorOwner owner;
    private final List<Group> groups = new ArrayList<>();
    private int steps;

    /** Parameters that share a weight decay, and the running means of their gradients and of the squares of these. */
    private record Group(
            List<String> names, List<Tensor> weights, List<Tensor> first, List<Tensor> second, double weightDecay) {}

    AdamW(TensorEngine engine, List<Parameter> parameters, double weightDecay) {
        this.engine = engine;
        this.owner = engine.owner();
        try (Scope scope = engine.inference()) {
            addGroup(parameters.stream().filter(Parameter::decays).toList(), weightDecay);
            addGroup(
                    parameters.stream().filter(parameter -> !parameter.decays()).toList(), 0);
        }
    }

    private void addGroup(List<Parameter> parameters, double weightDecay) {
        if (parameters.isEmpty()) {
            return;
        }
        List<Tensor> weights = parameters.stream().map(Parameter::value).toList();
        groups.add(new Group(
                parameters.stream().map(Parameter::name).toList(),
                weights,
                zeros(weights),
                zeros(weights),
                weightDecay));
    }

    private List<Tensor> zeros(List<Tensor> like) {
        return like.stream()
                .map(tensor -> owner.adopt(engine.zeros(tensor.dtype(), tensor.device(), tensor.shape())))
                .toList();
    }

    /** One step with the gradients that the parameters have collected. */
    void step(double learningRate) {
        steps++;
        try (Scope scope = engine.inference()) {
            for (Group group : groups) {
                ParameterOps.adamW(
                        group.weights(),
                        group.weights().stream().map(Tensor::gradient).toList(),
                        group.first(),
                        group.second(),
                        learningRate,
                        BETA1,
                        BETA2,
                        EPSILON,
                        group.weightDecay(),
                        steps);
            }
        }
    }

    /** A copy of what it remembers. */
    OptimiserState state() {
        Map<String, OptimiserState.Moments> moments = new LinkedHashMap<>();
        for (Group group : groups) {
            for (int i = 0; i < group.names().size(); i++) {
                moments.put(
                        group.names().get(i),
                        new OptimiserState.Moments(
                                group.first().get(i).floats(),
                                group.second().get(i).floats()));
            }
        }
        return new OptimiserState(steps, moments, LossScale.NONE);
    }

    /** Remembers what another one did, for the same parameters. */
    void restore(OptimiserState state) {
        steps = state.updates();
        try (Scope scope = engine.inference()) {
            for (Group group : groups) {
                for (int i = 0; i < group.names().size(); i++) {
                    OptimiserState.Moments moments =
                            state.moments().get(group.names().get(i));
                    assign(group.first().get(i), moments.first());
                    assign(group.second().get(i), moments.second());
                }
            }
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

package org.layerwise.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.base.UserException;
import org.layerwise.lora.Parameter;
import org.layerwise.lora.PeftAdapter.HostTensor;
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
    TrainerState.OptimiserState state() {
        Map<String, HostTensor> first = new LinkedHashMap<>();
        Map<String, HostTensor> second = new LinkedHashMap<>();
        for (Group group : groups) {
            for (int i = 0; i < group.names().size(); i++) {
                first.put(group.names().get(i), host(group.first().get(i)));
                second.put(group.names().get(i), host(group.second().get(i)));
            }
        }
        return new TrainerState.OptimiserState(steps, first, second);
    }

    /** Remembers what another one did, for the same parameters. */
    void restore(TrainerState.OptimiserState state) {
        steps = state.steps();
        try (Scope scope = engine.inference()) {
            for (Group group : groups) {
                for (int i = 0; i < group.names().size(); i++) {
                    assign(group.first().get(i), state.first(), group.names().get(i));
                    assign(group.second().get(i), state.second(), group.names().get(i));
                }
            }
        }
    }

    private static HostTensor host(Tensor tensor) {
        return new HostTensor(tensor.floats(), tensor.shape());
    }

    private void assign(Tensor tensor, Map<String, HostTensor> values, String name) {
        HostTensor value = values.get(name);
        if (value == null || !Arrays.equals(value.shape(), tensor.shape())) {
            throw new UserException(
                    "The checkpoint has no %s of the shape %s; it was made with other settings, so start the training anew."
                            .formatted(name, Arrays.toString(tensor.shape())));
        }
        tensor.assign(engine.of(value.values(), value.shape()).to(tensor.device()));
    }

    @Override
    public void close() {
        owner.close();
    }
}

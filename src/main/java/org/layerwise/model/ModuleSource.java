package org.layerwise.model;

import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearWeight;
import org.layerwise.model.layer.Norm;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Source of the linear maps and normalisations of a model.
 *
 * @param type type in which linear maps compute; norms always compute in float32
 */
record ModuleSource(TensorEngine engine, ModelConfig config, ModuleNames names, WeightSource weights, DType type) {

    /** Returns a linear map of a layer, {@code [out, in]}. */
    Linear inLayer(int layer, Module module, int out, int in, boolean bias) {
        return linear(names.inLayer(layer, module), out, in, bias, names.turned());
    }

    /**
     * Returns a linear map, {@code [out, in]}.
     *
     * @param name full name of the module
     * @param turned true if files keep its weight as {@code [in, out]}
     */
    Linear linear(String name, int out, int in, boolean bias, boolean turned) {
        return new Linear(
                name,
                turned ? LinearWeight.of(turned(name, out, in)) : weights.weight(name + ".weight", type, out, in),
                bias ? weights.tensor(name + ".bias", type, out) : null,
                null);
    }

    private Tensor turned(String name, int out, int in) {
        Tensor stored = weights.tensor(name + ".weight", type, in, out);
        return weights.derived(name + ".weight", stored::transpose, out, in);
    }

    /** Returns the weight of a module of a layer that is no linear map. */
    Tensor weight(int layer, Module module, DType as, long... shape) {
        return weights.tensor(names.inLayer(layer, module) + ".weight", as, shape);
    }

    /** Returns a tensor of a layer without a module of its own, in float32. */
    Tensor vector(int layer, Module module, int size) {
        return weights.tensor(names.inLayer(layer, module), DType.F32, size);
    }

    /** Returns a normalisation of the hidden size in a layer. */
    Norm norm(int layer, Module module) {
        return norm(layer, module, config.hiddenSize());
    }

    /** Returns a normalisation of a width in a layer. */
    Norm norm(int layer, Module module, int width) {
        return norm(names.inLayer(layer, module), width);
    }

    /** Returns a normalisation of a width. */
    Norm norm(String name, int width) {
        Tensor weight = weights.tensor(name + ".weight", DType.F32, width);
        double epsilon = config.norm().epsilon();
        return switch (config.norm().kind()) {
            case LAYER ->
                new Norm.Layer(
                        weight,
                        config.norm().bias()
                                ? weights.tensor(name + ".bias", DType.F32, width)
                                : weights.derived(
                                        name + ".bias", () -> engine.zeros(DType.F32, weight.device(), width), width),
                        epsilon);
            case RMS -> new Norm.RootMeanSquare(weight, epsilon);
            case RMS_PLUS_ONE ->
                new Norm.RootMeanSquare(weights.derived(name + ".weight", () -> weight.add(1), width), epsilon);
        };
    }
}

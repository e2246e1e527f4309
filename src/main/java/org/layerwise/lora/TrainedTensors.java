package org.layerwise.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.layerwise.model.HeadNorm;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorOwner;

/** Makes trained tensors in float32, and keeps the list of them. */
record TrainedTensors(
        TransformerModel base,
        TensorOwner owner,
        Function<TrainableTensor, float[]> values,
        List<Parameter> parameters) {

    /**
     * Tensor to be trained.
     *
     * @param name name in PEFT's file
     * @param others other names of the tensor in some files
     * @param initial initial values if no adapter provides them
     * @param optional true if an adapter may lack the tensor, because the base model has it
     */
    record TrainableTensor(
            String name, List<String> others, long[] shape, Supplier<float[]> initial, boolean optional) {}

    /** @param values initial values of each tensor */
    TrainedTensors(TransformerModel base, TensorOwner owner, Function<TrainableTensor, float[]> values) {
        this(base, owner, values, new ArrayList<>());
    }

    Tensor tensor(TrainableTensor slot, boolean decays) {
        float[] start = values.apply(slot);
        Tensor tensor = owner.adopt(base.engine().of(start, slot.shape()).to(base.device()));
        parameters.add(new Parameter(slot.name(), tensor.requireGradient(), decays));
        return tensor;
    }

    /** Returns a linear map that is trained in full. */
    Linear copy(Linear linear, boolean inCheckpoint) {
        Tensor weight = saved(
                linear.name(),
                "weight",
                new long[] {linear.out(), linear.in()},
                () -> weights(linear),
                inCheckpoint,
                true);
        Tensor bias = linear.bias() == null ? null : saved(linear.name(), "bias", linear.bias(), inCheckpoint, false);
        return new Linear(linear.name(), weight, bias, null);
    }

    /** Returns a linear map whose bias alone is trained. */
    Linear withBias(Linear linear, boolean adapted) {
        return linear.bias() == null
                ? linear
                : new Linear(linear.name(), linear.weight(), bias(linear.name(), linear.bias(), adapted), null);
    }

    /** Returns a norm that is trained in full. */
    HeadNorm copy(HeadNorm norm, boolean inCheckpoint) {
        Tensor weight = saved(norm.name(), "weight", norm.weight(), inCheckpoint, false);
        Tensor bias = norm.biased() ? saved(norm.name(), "bias", norm.bias(), inCheckpoint, false) : norm.bias();
        return new HeadNorm(norm.name(), weight, bias, norm.biased(), norm.epsilon());
    }

    /** Returns a norm whose bias alone is trained. */
    HeadNorm withBias(HeadNorm norm) {
        return norm.biased()
                ? new HeadNorm(norm.name(), norm.weight(), bias(norm.name(), norm.bias(), false), true, norm.epsilon())
                : norm;
    }

    /** Makes a trained copy of a tensor of the transformer. */
    Tensor saved(String module, String part, boolean inCheckpoint) {
        String name = module + "." + part;
        long[] shape = base.shape(name);
        return saved(module, part, shape, () -> values(name), inCheckpoint, shape.length > 1);
    }

    private float[] values(String name) {
        try (Scope scope = base.engine().inference()) {
            return base.tensor(name).floats();
        }
    }

    /** Makes a trained copy of a tensor of the head. */
    Tensor saved(String module, String part, Tensor own, boolean inCheckpoint, boolean decays) {
        return saved(module, part, own.shape(), floats(own), inCheckpoint, decays);
    }

    private Tensor saved(
            String module, String part, long[] shape, Supplier<float[]> own, boolean inCheckpoint, boolean decays) {
        return tensor(new TrainableTensor(PeftNames.saved(module, part), List.of(), shape, own, inCheckpoint), decays);
    }

    /** Makes a trained copy of a bias of the base model. */
    Tensor bias(String module, Tensor own, boolean adapted) {
        return tensor(
                new TrainableTensor(
                        PeftNames.bias(module, adapted),
                        List.of(PeftNames.bias(module, !adapted)),
                        own.shape(),
                        floats(own),
                        true),
                false);
    }

    private float[] weights(Linear linear) {
        try (Scope scope = base.engine().inference()) {
            return linear.matrix().floats();
        }
    }

    private static Supplier<float[]> floats(Tensor own) {
        return own::floats;
    }
}

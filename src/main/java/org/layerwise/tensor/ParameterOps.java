package org.layerwise.tensor;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;

/**
 * Operations of an optimiser on all parameters at once, as few fused calls (libtorch's {@code _foreach} operations, as
 * in {@code torch.optim}). They may be called only inside {@link TensorEngine#inference()}.
 */
public final class ParameterOps {

    private ParameterOps() {}

    /**
     * Returns the Euclidean norm over all elements of all tensors, a scalar, as
     * {@code torch.nn.utils.clip_grad_norm_} computes it.
     */
    public static Tensor globalNorm(List<Tensor> tensors) {
        Tensor first = tensors.get(0);
        return first.engine().adopt(first.engine().ops().call("global_norm", arrays(tensors)));
    }

    /** Multiplies every tensor by a number. */
    public static void scale(List<Tensor> tensors, double factor) {
        tensors.get(0)
                .engine()
                .ops()
                .call("scale_all", writable(tensors), factor)
                .close();
    }

    /**
     * Takes one step of AdamW (Loshchilov and Hutter, arXiv 1711.05101) in the form of {@code torch.optim.AdamW}.
     *
     * @param weights weights, changed in place
     * @param gradients gradients of the weights
     * @param first running mean of the gradients, changed in place
     * @param second running mean of the squared gradients, changed in place
     * @param learningRate learning rate of this step
     * @param weightDecay decoupled weight decay, relative to the learning rate
     * @param step number of this step, 1 for the first
     */
    public static void adamW(
            List<Tensor> weights,
            List<Tensor> gradients,
            List<Tensor> first,
            List<Tensor> second,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            long step) {
        double correction1 = 1 - Math.pow(beta1, step);
        double correction2 = 1 - Math.pow(beta2, step);
        weights.get(0)
                .engine()
                .ops()
                .call(
                        "adamw",
                        writable(weights),
                        arrays(gradients),
                        writable(first),
                        writable(second),
                        1 - learningRate * weightDecay,
                        beta1,
                        beta2,
                        learningRate / correction1,
                        Math.sqrt(correction2),
                        epsilon)
                .close();
    }

    private static List<PtNDArray> arrays(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::array).toList();
    }

    private static List<PtNDArray> writable(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::writable).toList();
    }
}

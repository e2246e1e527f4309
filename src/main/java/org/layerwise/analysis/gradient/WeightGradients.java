package org.layerwise.analysis.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.layerwise.base.Progress;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Computes gradients of weights from the inputs and output gradients of linear maps: the squared norm for each example,
 * and the sum over all examples. It is used inside {@link TensorEngine#inference()}.
 */
final class WeightGradients implements AutoCloseable {

    private final TensorEngine engine;
    private final TensorOwner owner;
    private final boolean summed;
    private final Map<String, Tensor> sums = new HashMap<>();
    private final Map<String, NormalisedGradient> inputs = new HashMap<>();

    /** @param summed true to keep the sums: they take as much memory as the weights in float32 */
    WeightGradients(TensorEngine engine, boolean summed) {
        this.engine = engine;
        this.owner = engine.owner();
        this.summed = summed;
    }

    /**
     * Adds the inputs of a layer's probes for a batch to the sums that normalise gradients.
     *
     * @param mask 1 for tokens and 0 for padding, {@code [batch, tokens]}, row after row
     */
    void takeInputs(List<GradientProbe> probes, int batch, long[] mask, Progress progress) {
        List<GradientProbe> taken = new ArrayList<>();
        for (GradientProbe probe : probes) {
            progress.check();
            Optional<GradientProbe> same = taken.stream().filter(probe::readsAs).findFirst();
            if (same.isPresent()) {
                inputs.putIfAbsent(
                        probe.name(),
                        Objects.requireNonNull(inputs.get(same.get().name())));
                continue;
            }
            taken.add(probe);
            try (Scope scope = engine.scope()) {
                Tensor read = probe.inputs(batch).cast(DType.F64);
                double[] counted = counted(batch, Math.toIntExact(read.size(1)), mask);
                Tensor rows = read.reshape(-1, read.size(2))
                        .mul(engine.of(counted, counted.length, 1).to(read.device()));
                inputs.computeIfAbsent(probe.name(), name -> new NormalisedGradient(engine, owner, rows))
                        .add(rows, Arrays.stream(counted).sum());
            }
        }
    }

    /** Returns 1 for each row of inputs that counts; of a map that a layer uses several times, rows follow one another. */
    private static double[] counted(int batch, int rows, long[] mask) {
        int length = mask.length / batch;
        double[] counted = new double[batch * rows];
        for (int i = 0; i < counted.length; i++) {
            int token = i % rows % length;
            counted[i] = rows % length == 0 ? mask[i / rows * length + token] : 1;
        }
        return counted;
    }

    /** Returns the squared norm of the normalised gradients of the mean loss over all examples. */
    double normalised(List<GradientProbe> probes, int examples) {
        double total = 0;
        for (GradientProbe probe : probes) {
            try (Scope scope = engine.scope()) {
                total += Objects.requireNonNull(inputs.get(probe.name()))
                        .squaredNorm(sum(probe).mul(1.0 / examples));
            }
        }
        return total;
    }

    /** Starts the sum of a weight's gradients at zero. */
    void add(Linear linear, Device device) {
        if (summed) {
            sums.put(linear.name(), owner.adopt(engine.zeros(DType.F32, device, linear.out(), linear.in())));
        }
    }

    /**
     * Processes the records of a layer's probes for a batch.
     *
     * @param examples true to compute the norms of the examples
     * @return squared norm of each example's gradient over all the probes' weights; empty if not requested
     */
    double[] take(List<GradientProbe> probes, int batch, boolean examples, Progress progress) {
        Tensor total = null;
        for (GradientProbe probe : probes) {
            progress.check();
            try (Scope scope = engine.scope()) {
                Tensor inputs = probe.inputs(batch);
                Tensor gradients = probe.outputGradients(batch);
                if (!examples) {
                    sum(probe, gradients.reshape(-1, gradients.size(2)), inputs.reshape(-1, inputs.size(2)));
                } else {
                    Tensor norms = inGrams(inputs, gradients)
                            ? byGrams(probe, inputs, gradients)
                            : oneByOne(probe, inputs, gradients);
                    total = scope.keep(total == null ? norms : total.add(norms));
                }
            }
        }
        return total == null ? new double[0] : total.doubles();
    }

    /**
     * Returns true if two Gram matrices of tokens cost less than the gradient itself. The Gram matrices are computed in
     * double precision on a processor, where that is half as fast; many GPUs have next to no double precision.
     */
    private static boolean inGrams(Tensor inputs, Tensor gradients) {
        long tokens = inputs.size(1);
        long in = inputs.size(2);
        long out = gradients.size(2);
        return inputs.device().kind() == Device.Kind.CPU && 2 * tokens * (in + out) < in * out;
    }

    /**
     * Computes {@code |sum over t of g_t x_t^T|^2 = sum over s, t of (g_s . g_t)(x_s . x_t)} without the gradients
     * (Goodfellow, arXiv 1510.01799; for sequences Li et al., arXiv 2110.05679, section 4). The computation uses
     * float64: the gradients of attention's keys sum to zero over the tokens, so that common parts of their inputs
     * cancel.
     */
    private Tensor byGrams(GradientProbe probe, Tensor inputs, Tensor gradients) {
        sum(probe, gradients.reshape(-1, gradients.size(2)), inputs.reshape(-1, inputs.size(2)));
        return gram(inputs).mul(gram(gradients)).reshape(inputs.size(0), -1).sum(1, false);
    }

    private static Tensor gram(Tensor x) {
        Tensor wide = x.cast(DType.F64);
        return wide.matmul(wide.transpose());
    }

    private Tensor oneByOne(GradientProbe probe, Tensor inputs, Tensor gradients) {
        List<Tensor> norms = new ArrayList<>();
        for (int example = 0; example < inputs.size(0); example++) {
            try (Scope scope = engine.scope()) {
                Tensor gradient = gradients.select(0, example).transpose().matmul(inputs.select(0, example));
                add(probe, gradient);
                norms.add(scope.keep(squaredNorm(gradient)));
            }
        }
        return engine.cat(norms, 0);
    }

    private void sum(GradientProbe probe, Tensor gradients, Tensor inputs) {
        if (summed) {
            add(probe, gradients.transpose().matmul(inputs));
        }
    }

    private void add(GradientProbe probe, Tensor gradient) {
        Tensor sum = sums.get(probe.name());
        if (sum != null) {
            sum.addInPlace(gradient, 1);
        }
    }

    /** Returns the sum of a weight's gradients, {@code [out, in]}, which lives as long as this object. */
    Tensor sum(GradientProbe probe) {
        return Objects.requireNonNull(sums.get(probe.name()));
    }

    /** Returns the squared norm of the summed gradients of some weights. */
    double squaredNorm(List<GradientProbe> probes) {
        double total = 0;
        for (GradientProbe probe : probes) {
            try (Scope scope = engine.scope()) {
                total += squaredNorm(sum(probe)).item();
            }
        }
        return total;
    }

    // float32 alone gives the norm of a large tensor with an error of 3e-4
    private static Tensor squaredNorm(Tensor matrix) {
        return matrix.square().sum(1, false).cast(DType.F64).sum().reshape(1);
    }

    @Override
    public void close() {
        owner.close();
    }
}

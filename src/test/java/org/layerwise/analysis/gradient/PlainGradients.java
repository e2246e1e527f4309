package org.layerwise.analysis.gradient;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.analysis.loss.ExampleLoss;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Gradients in the plain way: each row alone, one graph through the whole model, and libtorch's own gradient of the weight,
 * which is that of a zero matrix added to it.
 */
final class PlainGradients {

    /** The squared norm of each row's gradient {@code [n, M]}, and the norm of the mean gradient. */
    record Result(double[][] squaredNorms, double[] norms) {}

    private record Added(Tensor weight) implements LinearAdapter {
        @Override
        public Tensor apply(Linear map, Tensor x, Tensor y) {
            return y.add(x.linear(weight, null));
        }
    }

    private PlainGradients() {}

    static Result of(TransformerModel model, TokenizedDataset data, ExampleLoss loss, List<Linear> targets) {
        TensorEngine engine = model.engine();
        int layers = model.config().layers();
        double[][] squares = new double[data.size()][layers];
        Map<String, double[]> sums = new HashMap<>();
        Batches.byRows(data, model.config().rowPadding(), 1).forEach(batch -> {
            try (Scope scope = engine.training()) {
                Map<String, Added> added = new HashMap<>();
                targets.forEach(linear -> added.put(
                        linear.name(),
                        new Added(engine.zeros(DType.F32, model.device(), linear.out(), linear.in())
                                .requireGradient())));
                ModelInput input = model.input(batch.tokens());
                loss.sum(model.transformer().with(added).forward(input), input, batch)
                        .backward();
                for (int layer = 0; layer < layers; layer++) {
                    for (Linear linear : model.transformer().linears(layer)) {
                        if (added.containsKey(linear.name())) {
                            double[] gradient =
                                    added.get(linear.name()).weight().gradient().doubles();
                            squares[batch.rows()[0]][layer] += squared(gradient);
                            double[] sum = sums.computeIfAbsent(linear.name(), name -> new double[gradient.length]);
                            for (int i = 0; i < sum.length; i++) {
                                sum[i] += gradient[i] / data.size();
                            }
                        }
                    }
                }
            }
        });
        double[] norms = new double[layers];
        for (int layer = 0; layer < layers; layer++) {
            for (Linear linear : model.transformer().linears(layer)) {
                norms[layer] += squared(sums.getOrDefault(linear.name(), new double[0]));
            }
            norms[layer] = Math.sqrt(norms[layer]);
        }
        return new Result(squares, norms);
    }

    private static double squared(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }
}

package org.layerwise.analysis.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.loss.ExampleLoss;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Computes the importance of layers from gradients of the loss with respect to the weights that LoRA would adapt, in
 * one pass over labelled data. No weight is updated and no dropout is in force.
 *
 * <ul>
 *   <li>{@link GradientScores#GRADIENT_NORM}: {@code |d/dW (1/n) sum_i loss_i|}, Euclidean over all targeted weights of the
 *       layer, as in rankings of layers by gradients before a LoRA fine-tuning.
 *   <li>{@link GradientScores#FISHER}: {@code (1/n) sum_i |d loss_i / dW|^2}, the trace of the empirical Fisher information,
 *       with which arXiv 2602.05988 compares itself.
 *   <li>{@link NormalisedGradient#MEASURE}: the gradient norm without the scale of the inputs.
 * </ul>
 *
 * <p>The forward pass of a batch records no graph and keeps only the input of each layer. Then the layers are run
 * again, from the last to the first, each with a separate graph (Chen et al., arXiv 1604.06174): memory for the graph
 * of one layer is enough, and the work can stop between two layers. Gradients of weights are computed from a linear
 * map's inputs and output gradients, see {@link WeightGradients}.
 */
public final class GradientImportance {

    private final TransformerModel model;
    private final Transformer transformer;
    private final TensorEngine engine;

    /** Creates the computation for a model without adapters. */
    public GradientImportance(TransformerModel model) {
        this(model, model.transformer());
    }

    /**
     * Creates the computation for a model with adapters: the gradients are those of the adapted weights.
     *
     * @param transformer transformer made from the model's, see {@link Transformer#with(Map)}
     */
    public GradientImportance(TransformerModel model, Transformer transformer) {
        this.model = model;
        this.transformer = transformer;
        this.engine = model.engine();
    }

    /**
     * Computes the scores of each layer.
     *
     * @param targets linear maps to include, see {@link TransformerModel#targets}
     * @param measures requested measures of the three
     * @param memory maximum number of bytes for the sums of gradients and of inputs, for measures other than {@link GradientScores#FISHER}: if the
     *     sums of all layers exceed it, the data is passed once for each group of layers that fits, at least one layer
     * @throws UserException if an example has no loss, or a gradient is not finite
     * @throws org.layerwise.base.CancelledException between two layers
     */
    public GradientScores compute(
            TokenizedDataset data,
            ExampleLoss loss,
            List<Linear> targets,
            Set<Measure> measures,
            long memory,
            Progress progress) {
        Pass pass = new Pass(data, loss, measures, null, byLayer(targets));
        int passes = pass.over(memory, progress);
        progress.report(1, String.format(Locale.ROOT, "Gradients of %,d examples", data.size()));
        return pass.scores(passes);
    }

    /**
     * Computes the gradient of the mean loss with respect to each target's weight, in as many passes over the data as the
     * memory asks for.
     *
     * @param targets linear maps in layers, see {@link TransformerModel#targets}
     * @param memory maximum number of bytes for the sums of gradients at a time, at least those of one layer
     * @param receiver receives each gradient, {@code [out, in]} in float32, which is freed when it returns
     * @throws UserException if an example has no loss, or a gradient is not finite
     * @throws org.layerwise.base.CancelledException between two layers
     */
    public void meanGradients(
            TokenizedDataset data,
            ExampleLoss loss,
            List<Linear> targets,
            long memory,
            BiConsumer<String, Tensor> receiver,
            Progress progress) {
        new Pass(data, loss, Set.of(), receiver, byLayer(targets)).over(memory, progress);
    }

    private Map<Integer, List<Linear>> byLayer(List<Linear> targets) {
        Set<String> names = targets.stream().map(Linear::name).collect(Collectors.toSet());
        Map<Integer, List<Linear>> byLayer = new LinkedHashMap<>();
        for (int layer = 0; layer < model.config().layers(); layer++) {
            List<Linear> linears = transformer.linears(layer).stream()
                    .filter(linear -> names.contains(linear.name()))
                    .toList();
            if (!linears.isEmpty()) {
                byLayer.put(layer, linears);
            }
        }
        return byLayer;
    }

    /**
     * Returns groups of layers whose sums fit into the memory together.
     *
     * @param inputs true if products of the inputs are summed in float64, too; no two maps are taken to share them
     */
    static List<List<Integer>> groups(Map<Integer, List<Linear>> targets, long memory, boolean inputs) {
        List<List<Integer>> groups = new ArrayList<>();
        long left = 0;
        for (Map.Entry<Integer, List<Linear>> layer : targets.entrySet()) {
            long bytes = weights(layer.getValue()) * DType.F32.bytes()
                    + (inputs ? squaredInputs(layer.getValue()) * DType.F64.bytes() : 0);
            if (groups.isEmpty() || bytes > left) {
                groups.add(new ArrayList<>());
                left = memory;
            }
            groups.get(groups.size() - 1).add(layer.getKey());
            left -= bytes;
        }
        return groups;
    }

    private static long squaredInputs(List<Linear> linears) {
        return linears.stream()
                .mapToLong(linear -> (long) linear.in() * linear.in())
                .sum();
    }

    private static long weights(List<Linear> linears) {
        return linears.stream()
                .mapToLong(linear -> (long) linear.in() * linear.out())
                .sum();
    }

    /** Pass over one dataset, with its results. */
    private final class Pass {

        private final TokenizedDataset data;
        private final ExampleLoss loss;
        private final Map<Integer, List<Linear>> targets;
        private final double @Nullable [] norms;
        private final double @Nullable [] normalised;
        private final double @Nullable [][] squaredNorms;
        private final @Nullable BiConsumer<String, Tensor> receiver;
        private double losses;

        Pass(
                TokenizedDataset data,
                ExampleLoss loss,
                Set<Measure> measures,
                @Nullable BiConsumer<String, Tensor> receiver,
                Map<Integer, List<Linear>> targets) {
            int layers = model.config().layers();
            this.data = data;
            this.loss = loss;
            this.targets = targets;
            this.receiver = receiver;
            this.normalised = measures.contains(NormalisedGradient.MEASURE) ? new double[layers] : null;
            this.norms = measures.contains(GradientScores.GRADIENT_NORM) ? new double[layers] : null;
            this.squaredNorms = measures.contains(GradientScores.FISHER) ? new double[data.size()][layers] : null;
        }

        GradientScores scores(int passes) {
            List<Long> weights = new ArrayList<>();
            for (int layer = 0; layer < model.config().layers(); layer++) {
                weights.add(weights(targets.getOrDefault(layer, List.of())));
            }
            return new GradientScores(
                    losses / passes / data.size(), weights, norms, normalised, squaredNorms, loss.tokens(data.size()));
        }

        private List<Linear> linears(int layer) {
            return Objects.requireNonNull(targets.get(layer));
        }

        private boolean summed() {
            return norms != null || normalised != null || receiver != null;
        }

        /** Returns the number of passes that the memory for sums asks for. */
        int over(long memory, Progress progress) {
            List<List<Integer>> groups =
                    summed() ? groups(targets, memory, normalised != null) : List.of(List.copyOf(targets.keySet()));
            for (int group = 0; group < groups.size(); group++) {
                double size = groups.size();
                over(groups.get(group), progress.part(group / size, (group + 1) / size));
            }
            return groups.size();
        }

        private void over(List<Integer> group, Progress progress) {
            Map<Integer, List<GradientProbe>> probes = probes(group, progress);
            Transformer probed = transformer.with(adapters(probes));
            // DeBERTa's maps are also applied to positions, which belong to no example
            boolean oneByOne = model.config().disentangled() != null;
            try (WeightGradients gradients = new WeightGradients(engine, summed())) {
                try (Scope scope = engine.inference()) {
                    group.forEach(layer -> linears(layer).forEach(linear -> gradients.add(linear, model.device())));
                }
                int done = 0;
                for (Batch batch :
                        Batches.withAllStates(data, model.config(), model.device(), transformer.type(), oneByOne)) {
                    progress.check();
                    progress.report(
                            (double) done / data.size(),
                            String.format(Locale.ROOT, "Gradients of example %,d of %,d", done, data.size()));
                    batch(batch, probed, probes, gradients, progress);
                    done += batch.rows().length;
                }
                if (norms != null || normalised != null) {
                    probes.forEach((layer, ofLayer) -> measure(ofLayer, layer, gradients, progress));
                }
                if (receiver != null) {
                    probes.forEach((layer, ofLayer) -> give(ofLayer, layer, gradients, progress));
                }
            }
        }

        private void measure(List<GradientProbe> probes, int layer, WeightGradients gradients, Progress progress) {
            progress.check();
            try (Scope scope = engine.inference()) {
                double norm = finiteNorm(gradients, probes, layer);
                if (norms != null) {
                    norms[layer] = norm;
                }
                if (normalised != null) {
                    normalised[layer] = Math.sqrt(gradients.normalised(probes, data.size()));
                }
            }
        }

        private void give(List<GradientProbe> probes, int layer, WeightGradients gradients, Progress progress) {
            for (GradientProbe probe : probes) {
                progress.check();
                try (Scope scope = engine.inference()) {
                    finiteNorm(gradients, List.of(probe), layer);
                    Objects.requireNonNull(receiver)
                            .accept(probe.name(), gradients.sum(probe).mul(1.0 / data.size()));
                }
            }
        }

        /** Returns the norm of the gradient of the mean loss with respect to some weights, and refuses one that is not finite. */
        private double finiteNorm(WeightGradients gradients, List<GradientProbe> probes, int layer) {
            double squared = gradients.squaredNorm(probes);
            if (!Double.isFinite(squared)) {
                throw new UserException(
                        "The gradient over %s is no finite number in layer %s; compute with --dtype f32, or look for rows that break the model."
                                .formatted(data.name(), layer));
            }
            return Math.sqrt(squared) / data.size();
        }

        private Map<Integer, List<GradientProbe>> probes(List<Integer> group, Progress progress) {
            Map<Integer, List<GradientProbe>> probes = new LinkedHashMap<>();
            for (int layer : group) {
                probes.put(
                        layer,
                        linears(layer).stream()
                                .map(linear -> new GradientProbe(engine, linear.name(), linear.adapter(), progress))
                                .toList());
            }
            return probes;
        }

        private Map<String, LinearAdapter> adapters(Map<Integer, List<GradientProbe>> probes) {
            Map<String, LinearAdapter> adapters = transformer.adapters();
            probes.values().forEach(ofLayer -> ofLayer.forEach(probe -> adapters.put(probe.name(), probe)));
            return adapters;
        }

        private void batch(
                Batch batch,
                Transformer probed,
                Map<Integer, List<GradientProbe>> probes,
                WeightGradients gradients,
                Progress progress) {
            int lowest = probes.keySet().iterator().next();
            try (Scope scope = engine.inference()) {
                ModelInput input = model.input(batch.tokens());
                List<Tensor> states = forward(input, scope, progress);
                Tensor gradient = ofLoss(states.get(states.size() - 1), input, batch, scope);
                for (int layer = model.config().layers() - 1; layer >= lowest; layer--) {
                    progress.check();
                    List<GradientProbe> listening = probes.getOrDefault(layer, List.of());
                    try (Scope kept = engine.scope()) {
                        listening.forEach(probe -> probe.listen(kept));
                        Tensor next = backward(probed, layer, states.get(layer), gradient, input, kept);
                        take(listening, layer, batch.rows(), gradients, progress);
                        if (normalised != null) {
                            gradients.takeInputs(
                                    listening,
                                    batch.rows().length,
                                    batch.tokens().mask(),
                                    progress);
                        }
                        scope.drop(gradient);
                        gradient = kept.keep(next);
                    } finally {
                        listening.forEach(GradientProbe::rest);
                    }
                }
            }
        }

        /** Returns the input of every layer, and the output of the last layer. */
        private List<Tensor> forward(ModelInput input, Scope scope, Progress progress) {
            List<Tensor> states = new ArrayList<>();
            states.add(scope.adopt(transformer.embed(input)));
            for (int layer = 0; layer < model.config().layers(); layer++) {
                progress.check();
                try (Scope inner = engine.scope()) {
                    states.add(inner.keep(transformer.layer(layer, states.get(layer), input)));
                }
            }
            return states;
        }

        /** Returns the gradient of the batch's losses with respect to the output of the last layer. */
        private Tensor ofLoss(Tensor last, ModelInput input, Batch batch, Scope keeper) {
            try (Scope scope = engine.training()) {
                Tensor hidden = last.detach().requireGradient();
                Tensor sum = loss.sum(transformer.finish(hidden), input, batch);
                losses += finite(sum.item(), batch.rows());
                sum.backward();
                return keeper.adopt(hidden.gradient());
            }
        }

        /**
         * Refuses a loss that is not finite. Its gradient may be finite: a label whose logit is minus infinity has
         * gradient 1.
         */
        private double finite(double sum, int[] rows) {
            if (!Double.isFinite(sum)) {
                throw new UserException(
                        "The loss among rows %s to %s of %s is no finite number; look at these rows and at the head, or compute with --dtype f32."
                                .formatted(
                                        Arrays.stream(rows).min().orElseThrow() + 1,
                                        Arrays.stream(rows).max().orElseThrow() + 1,
                                        data.name()));
            }
            return sum;
        }

        /** Returns the gradient with respect to a layer's input, from the gradient with respect to its output. */
        private Tensor backward(
                Transformer probed, int layer, Tensor state, Tensor gradient, ModelInput input, Scope keeper) {
            try (Scope scope = engine.training()) {
                Tensor hidden = state.detach().requireGradient();
                probed.layer(layer, hidden, input).backward(gradient);
                return keeper.adopt(hidden.gradient());
            }
        }

        private void take(
                List<GradientProbe> probes, int layer, int[] rows, WeightGradients gradients, Progress progress) {
            double[] squares = gradients.take(probes, rows.length, squaredNorms != null, progress);
            for (int i = 0; i < squares.length; i++) {
                if (!Double.isFinite(squares[i])) {
                    throw new UserException(
                            "The gradient of row %s of %s is no finite number in layer %s; look at the row, or compute with --dtype f32."
                                    .formatted(rows[i] + 1, data.name(), layer));
                }
                if (squaredNorms != null) {
                    squaredNorms[rows[i]][layer] = squares[i];
                }
            }
        }
    }
}

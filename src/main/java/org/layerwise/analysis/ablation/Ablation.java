package org.layerwise.analysis.ablation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.loss.ExampleLoss;
import org.layerwise.base.Citation;
import org.layerwise.base.Decimals;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Computes the loss of a task with the update of one layer after the other scaled down: a layer that maps the hidden state
 * {@code h} to {@code f(h)} gives {@code h + c (f(h) - h)} instead. With {@code c = 0} the layer is left out. No gradients are
 * needed and no dropout is in force. The layers before the changed one are computed once per batch, so that M layers take
 * the work of {@code (M + 1) / 2 + 1} passes.
 */
public final class Ablation {

    /** Increase of the loss without the update of a layer. */
    public static final Measure MEASURE = Measure.ofLosses("ablation")
            .title("the increase of the loss under ablation")
            .shortName("ablation")
            .noun("the increase of the loss")
            .description("How much the loss rises if a layer is left out, or its update is scaled down. Needs labels or"
                    + " text to predict.")
            .citing(new Citation(
                    "Yao et al., 2024",
                    "K. Yao, P. Gao, L. Li, Y. Zhao, X. Wang, W. Wang and J. Zhu. Layer-wise Importance Matters: Less"
                            + " Memory for Better Performance in Parameter-efficient Fine-tuning of Large Language Models."
                            + " Findings of EMNLP 2024. arXiv:2410.11772."))
            .methods(options -> options.ablationFactor() == 0
                    ? " with the layer's update left out"
                    : " with the layer's update multiplied by " + Decimals.shortest(options.ablationFactor()))
            .build();

    private final TransformerModel model;
    private final Transformer transformer;
    private final TensorEngine engine;

    /**
     * Creates the computation.
     *
     * @param transformer the model's transformer, with or without adapters
     */
    public Ablation(TransformerModel model, Transformer transformer) {
        this.model = model;
        this.transformer = transformer;
        this.engine = model.engine();
    }

    /**
     * Computes the losses of the unchanged model and of each ablation.
     *
     * @param factor factor of a layer's update, 0 to below 1
     * @throws UserException if the loss of the unchanged model is not finite for a row
     * @throws org.layerwise.base.CancelledException between two layers
     */
    public AblatedLosses compute(TokenizedDataset data, ExampleLoss loss, double factor, Progress progress) {
        int layers = model.config().layers();
        double[] whole = new double[data.size()];
        double[][] ablated = new double[layers][data.size()];
        List<Batch> batches = Batches.forDevice(data, model.config(), model.device(), transformer.type());
        int done = 0;
        for (Batch batch : batches) {
            double begin = (double) done / data.size();
            done += batch.rows().length;
            try (Scope scope = engine.inference()) {
                run(batch, loss, factor, whole, ablated, progress.part(begin, (double) done / data.size()));
            }
            requireFinite(whole, batch.rows(), data);
        }
        progress.report(1, String.format(Locale.ROOT, "Left out each of %,d layers", layers));
        return new AblatedLosses(whole, ablated, loss.tokens(data.size()));
    }

    private void run(
            Batch batch, ExampleLoss loss, double factor, double[] whole, double[][] ablated, Progress progress) {
        ModelInput input = model.input(batch.tokens());
        int layers = ablated.length;
        try (Scope scope = engine.scope()) {
            Tensor state = transformer.embed(input);
            for (int layer = 0; layer < layers; layer++) {
                // of all passes over later layers, those from here on are the square of the share of the layers left
                double left = (double) (layers - layer) / layers;
                progress.report(1 - left * left, "Leaving out layer %s of %s".formatted(layer, layers));
                try (Scope inner = engine.scope()) {
                    Tensor before = state;
                    Tensor after = layer(layer, before, input, progress);
                    Tensor changed = scaled(before, after, factor);
                    put(
                            loss.each(rest(changed, layer + 1, input, inner, progress), input, batch),
                            batch,
                            ablated[layer]);
                    state = inner.keep(after);
                    scope.drop(before);
                }
            }
            progress.check();
            put(loss.each(transformer.finish(state), input, batch), batch, whole);
        }
    }

    /** Returns the input of heads from the output of the layer before {@code first}, which is freed if the scope holds it. */
    private Tensor rest(Tensor output, int first, ModelInput input, Scope scope, Progress progress) {
        Tensor state = output;
        for (int layer = first; layer < model.config().layers(); layer++) {
            Tensor next = layer(layer, state, input, progress);
            scope.drop(state);
            state = next;
        }
        return transformer.finish(state);
    }

    private Tensor layer(int index, Tensor state, ModelInput input, Progress progress) {
        progress.check();
        try (Scope scope = engine.scope()) {
            return scope.keep(transformer.layer(index, state, input));
        }
    }

    /** Returns the output of a layer with its update scaled; what it passes on to later layers stays. */
    private Tensor scaled(Tensor before, Tensor after, double factor) {
        Tensor from = transformer.hidden(before);
        Tensor to = transformer.hidden(after);
        Tensor hidden = factor == 0
                ? from
                : from.cast(DType.F32)
                        .add(to.cast(DType.F32).sub(from.cast(DType.F32)).mul(factor))
                        .cast(after.dtype());
        long width = to.size(-1);
        return after.size(-1) == width
                ? hidden
                : engine.cat(List.of(hidden, after.slice(-1, width, after.size(-1))), 2);
    }

    private static void put(double[] losses, Batch batch, double[] all) {
        int[] rows = batch.rows();
        for (int i = 0; i < rows.length; i++) {
            all[rows[i]] = losses[i];
        }
    }

    private static void requireFinite(double[] losses, int[] rows, TokenizedDataset data) {
        Arrays.stream(rows)
                .filter(row -> !Double.isFinite(losses[row]))
                .findFirst()
                .ifPresent(row -> {
                    throw new UserException(
                            "The loss of row %s of %s is no finite number; look at the row and at the head, or compute with --dtype f32."
                                    .formatted(row + 1, data.name()));
                });
    }
}

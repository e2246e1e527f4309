package org.layerwise.lora;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.layerwise.analysis.gradient.GradientImportance;
import org.layerwise.analysis.loss.TaskLoss;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Labels;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TruncatedSvd;

/**
 * Start of LoRA-GA (Wang et al., arXiv 2407.05000) as PEFT 0.21.2 computes it by default ({@code direction} ArB2r, {@code
 * scale} stable, {@code stable_gamma} 16). With the gradient of the mean loss {@code G = U S V^T}, {@code [out, in]}, A is
 * the first r rows of {@code V^T}, and B is columns r to 2r of {@code U S}, multiplied by {@code out^(1/4) / sqrt(16)}. Their
 * product is taken out of the weight, so that the model starts as its base.
 *
 * <p>The decomposition is computed in float64 until its values stand still, where PEFT takes a randomised one. The signs of
 * singular vectors are arbitrary; here the element of the largest magnitude of each row of {@code V^T} is positive.
 */
public final class LoraGaInitialisation {

    /** Largest number of training rows, which are taken at equal distances. */
    public static final int ROWS = 128;

    private static final double STABLE_GAMMA = 16;

    private final AdaptedModel model;
    private final TensorEngine engine;

    private LoraGaInitialisation(AdaptedModel model) {
        this.model = model;
        this.engine = model.base().engine();
    }

    /**
     * Overwrites A and B of all adapters of a model with {@link Initialisation.LoraGa}, and what is taken out of the
     * weights.
     *
     * @param rows training rows with the labels of the training; the loss has no smoothing and the model no dropout
     * @param memory maximum number of bytes for gradients at a time, at least those of one layer
     * @param progress reports on the gradients
     * @throws UserException if a rank is above half of the smaller side of a weight, a module with an adapter is in no
     *     layer, or a gradient is not finite
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static void assign(AdaptedModel model, TokenizedDataset rows, long memory, Progress progress) {
        new LoraGaInitialisation(model).assign(some(rows, model), memory, progress);
    }

    /**
     * Overwrites A and B, and what is taken out of the weights, with a start that was kept.
     *
     * @param start result of {@link AdaptedModel#initial} of a model with the same settings
     * @throws UserException if the start lacks a module, or has other shapes
     */
    public static void assign(AdaptedModel model, PeftAdapter start) {
        LoraGaInitialisation computed = new LoraGaInitialisation(model);
        StoredAdapterTensors stored = new StoredAdapterTensors(model.base(), start);
        try (Scope scope = computed.engine.inference()) {
            for (Linear linear : computed.targets()) {
                int rank = Math.toIntExact(
                        computed.adapter(linear.name()).trained().a().size(0));
                LowRankUpdate kept = stored.product(linear, rank);
                computed.assign(linear.name(), kept.a(), kept.b());
            }
        }
    }

    /** Returns rows at equal distances; of a language model, of those that have a token to learn. */
    private static TokenizedDataset some(TokenizedDataset rows, AdaptedModel model) {
        IntPredicate usable = row -> true;
        if (model.head() instanceof LanguageModelHead) {
            Labels.TokenLabels labels = rows.nextTokens();
            usable = row -> labels.predicted(row) > 0;
        }
        int[] among = IntStream.range(0, rows.size()).filter(usable).toArray();
        return rows.select(IntStream.of(TokenizedDataset.spaced(among.length, ROWS))
                .map(i -> among[i])
                .toArray());
    }

    private void assign(TokenizedDataset rows, long memory, Progress progress) {
        List<Linear> targets = targets();
        try {
            new GradientImportance(model.base())
                    .meanGradients(
                            rows,
                            TaskLoss.of(rows, model.head()).loss(),
                            targets,
                            memory,
                            (module, gradient) -> assign(module, gradient, progress),
                            progress);
        } finally {
            // the loss has also reached the trained head, whose gradients the first step would add to its own
            model.parameters().forEach(parameter -> parameter.value().zeroGradient());
        }
    }

    /** Returns the linear maps with adapters, whose ranks are possible. */
    private List<Linear> targets() {
        Map<String, ModuleAdapter> adapters = model.parts().adapters();
        List<Linear> targets = new ArrayList<>();
        for (int layer = 0; layer < model.base().config().layers(); layer++) {
            model.base().transformer().linears(layer).stream()
                    .filter(linear -> adapters.containsKey(linear.name()))
                    .forEach(targets::add);
        }
        List<String> inLayers = targets.stream().map(Linear::name).toList();
        adapters.keySet().stream()
                .filter(module -> !inLayers.contains(module))
                .min(Comparator.naturalOrder())
                .ifPresent(module -> {
                    throw new UserException(
                            "LoRA-GA starts adapters in the layers, and %s is in none; leave it out of --target-modules, or choose another variant."
                                    .formatted(module));
                });
        for (Linear linear : targets) {
            long rank = adapter(linear.name()).trained().a().size(0);
            int most = Math.min(linear.in(), linear.out()) / 2;
            if (rank > most) {
                throw new UserException(
                        "LoRA-GA needs a rank of at most %s for %s, half of the smaller side of its weight, not %s; lower it or give that module its own."
                                .formatted(most, linear.name(), rank));
            }
        }
        return targets;
    }

    private LoraAdapter adapter(String module) {
        return Objects.requireNonNull(model.parts().adapters().get(module))
                .product()
                .orElseThrow();
    }

    /** @param gradient {@code [out, in]} */
    private void assign(String module, Tensor gradient, Progress progress) {
        int rank = Math.toIntExact(adapter(module).trained().a().size(0));
        try (Scope scope = engine.scope()) {
            Factorizations.Svd svd = TruncatedSvd.of(gradient.cast(DType.F64), 2 * rank, progress);
            double scale = Math.pow(gradient.size(0), 0.25) / Math.sqrt(STABLE_GAMMA);
            Tensor a = svd.vt().slice(0, 0, rank).cast(DType.F32);
            Tensor b = svd.u()
                    .slice(1, rank, 2 * rank)
                    .mul(svd.s().slice(0, rank, 2 * rank).reshape(1, rank))
                    .mul(scale)
                    .cast(DType.F32);
            assign(module, a, b);
        }
    }

    private void assign(String module, Tensor a, Tensor b) {
        LoraAdapter adapter = adapter(module);
        for (LowRankUpdate product : List.of(adapter.trained(), Objects.requireNonNull(adapter.start()))) {
            product.a().assign(a);
            product.b().assign(b);
        }
    }
}

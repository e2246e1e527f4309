package org.layerwise.analysis.inputs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleAverage;
import org.layerwise.base.Citation;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Computes how much of the variance of each linear map's inputs a few principal components explain, over all tokens that are no
 * padding, as EVA does to choose ranks and initial weights (Paischer et al., arXiv 2410.07170). Only covariances are kept. PEFT
 * finds the components by incremental decompositions of low rank, and this class by one of the exact covariance.
 */
public final class ExplainedVariance {

    /** Share of the variance of a map's inputs that the first components explain. */
    public static final Measure MEASURE = Measure.ofInputs("eva", ModuleAverage.MEAN)
            .title("the explained variance of the inputs of linear maps")
            .shortName("explained variance")
            .description(
                    "How much of the variance of the inputs of linear maps a few components explain; EVA gives such"
                            + " maps more rank.")
            .citing(new Citation(
                    "Paischer et al., 2024",
                    "F. Paischer, L. Hauzenberger, T. Schmied, B. Alkin, M. P. Deisenroth and S. Hochreiter. Parameter"
                            + " Efficient Fine-tuning via Explained Variance Adaptation. arXiv:2410.07170, 2024."))
            .methods(options -> " by %s components".formatted(options.evaComponents()))
            .withoutInterval(
                    "EVA has no interval, since covariances over the tokens of all rows are kept, and nothing of"
                            + " single rows.")
            .build();

    private final TransformerModel model;
    private final Transformer transformer;
    private final TensorEngine engine;

    /**
     * Creates the computation.
     *
     * @param transformer the model's transformer, with or without adapters
     */
    public ExplainedVariance(TransformerModel model, Transformer transformer) {
        this.model = model;
        this.transformer = transformer;
        this.engine = model.engine();
    }

    /**
     * Computes the shares of variance for all linear maps of all layers.
     *
     * @param fewest number of components, of which there must be fewer than tokens
     * @param memory maximum number of bytes for covariances: if those of all layers exceed it, the data is passed once for each
     *     group of layers that fits, at least one layer
     * @throws UserException if there are too few tokens, or an input is not finite
     * @throws org.layerwise.base.CancelledException between two linear maps
     */
    public InputVariances compute(TokenizedDataset data, int fewest, long memory, Progress progress) {
        Map<Integer, Map<String, String>> owners = owners(data, progress);
        List<List<Integer>> groups = groups(owners, memory);
        Map<String, double[]> ratios = new LinkedHashMap<>();
        long tokens = 0;
        for (int i = 0; i < groups.size(); i++) {
            double size = groups.size();
            tokens = pass(data, groups.get(i), owners, fewest, ratios, progress.part(i / size, (i + 1) / size));
        }
        progress.report(1, String.format(Locale.ROOT, "Inputs of %,d tokens", tokens));
        List<InputVariances.OfMap> maps = new ArrayList<>();
        owners.forEach((layer, ofLayer) -> ofLayer.forEach((name, owner) -> {
            double[] found = ratios.get(owner);
            if (found != null) {
                maps.add(new InputVariances.OfMap(
                        name,
                        model.description().names().withoutLayer(layer, name),
                        layer,
                        found,
                        owner.equals(name) ? null : owner));
            }
        }));
        return new InputVariances(tokens, maps);
    }

    /**
     * Returns, for each layer and linear map, the name of the first map of the layer with the same input: it is found by running
     * the shortest row.
     */
    private Map<Integer, Map<String, String>> owners(TokenizedDataset data, Progress progress) {
        int shortest = IntStream.range(0, data.size())
                .boxed()
                .min(Comparator.comparingInt(row -> data.rows().get(row).length()))
                .orElseThrow();
        Map<Tensor, String> first = new IdentityHashMap<>();
        Map<String, String> owners = new LinkedHashMap<>();
        BiConsumer<Linear, Tensor> heard = (map, x) -> {
            progress.check();
            first.putIfAbsent(x, map.name());
            owners.putIfAbsent(map.name(), Objects.requireNonNull(first.get(x)));
        };
        Map<Integer, Map<String, String>> byLayer = new LinkedHashMap<>();
        List<Integer> layers =
                IntStream.range(0, model.config().layers()).boxed().toList();
        Transformer listening = listening(layers, heard);
        Batch batch = Batches.byRows(
                        data.select(new int[] {shortest}), model.config().rowPadding(), 1)
                .get(0);
        run(listening, batch, layers.size() - 1, (input, layer) -> {
            Map<String, String> ofLayer = new LinkedHashMap<>();
            for (Linear linear : transformer.linears(layer)) {
                String owner = owners.get(linear.name());
                if (owner != null) {
                    ofLayer.put(linear.name(), owner);
                }
            }
            byLayer.put(layer, ofLayer);
            first.clear();
        });
        return byLayer;
    }

    private List<List<Integer>> groups(Map<Integer, Map<String, String>> owners, long memory) {
        List<List<Integer>> groups = new ArrayList<>();
        long left = 0;
        for (int layer = 0; layer < model.config().layers(); layer++) {
            Map<String, String> ofLayer = Objects.requireNonNull(owners.get(layer));
            long bytes = transformer.linears(layer).stream()
                    .filter(linear -> linear.name().equals(ofLayer.get(linear.name())))
                    .mapToLong(linear -> InputCovariance.bytes(linear.in()))
                    .sum();
            if (groups.isEmpty() || bytes > left) {
                groups.add(new ArrayList<>());
                left = memory;
            }
            groups.get(groups.size() - 1).add(layer);
            left -= bytes;
        }
        return groups;
    }

    /** Passes the data once, up to the last of some layers, and returns the number of tokens. */
    private long pass(
            TokenizedDataset data,
            List<Integer> group,
            Map<Integer, Map<String, String>> owners,
            int fewest,
            Map<String, double[]> ratios,
            Progress progress) {
        Map<String, InputCovariance> covariances = new LinkedHashMap<>();
        Listened now = new Listened();
        try {
            for (int layer : group) {
                Map<String, String> ofLayer = Objects.requireNonNull(owners.get(layer));
                for (Linear linear : transformer.linears(layer)) {
                    if (linear.name().equals(ofLayer.get(linear.name()))) {
                        covariances.put(linear.name(), new InputCovariance(engine, model.device(), linear.in()));
                    }
                }
            }
            Transformer listening = listening(group, (map, x) -> {
                progress.check();
                InputCovariance covariance = covariances.get(map.name());
                Tensor tokens = covariance == null ? null : now.tokens(x);
                if (covariance != null && tokens != null) {
                    covariance.add(tokens, progress);
                }
            });
            long tokens = 0;
            int done = 0;
            for (Batch batch : Batches.forDevice(data, model.config(), model.device(), transformer.type())) {
                progress.report(
                        0.9 * done / data.size(),
                        String.format(Locale.ROOT, "Inputs of linear maps: example %,d of %,d", done, data.size()));
                now.begin(engine, batch.tokens());
                run(listening, batch, group.get(group.size() - 1), (input, layer) -> progress.check());
                done += batch.rows().length;
                tokens += now.places.length;
            }
            if (tokens <= fewest) {
                throw new UserException(
                        "%s %s say nothing about %s components; use more samples, or fewer --eva-components."
                                .formatted(tokens, tokens == 1 ? "token" : "tokens", fewest));
            }
            finish(data, covariances, ratios, progress.part(0.9, 1));
            return tokens;
        } finally {
            covariances.values().forEach(InputCovariance::close);
        }
    }

    private static void finish(
            TokenizedDataset data,
            Map<String, InputCovariance> covariances,
            Map<String, double[]> ratios,
            Progress progress) {
        int done = 0;
        for (Map.Entry<String, InputCovariance> map : covariances.entrySet()) {
            progress.report((double) done++ / covariances.size(), "Components of the inputs of " + map.getKey());
            if (map.getValue().count() == 0) {
                continue;
            }
            double[] found = map.getValue().ratios(progress);
            if (Double.isNaN(found[0])) {
                throw new UserException(
                        "An input of %s over %s is no finite number; compute with --dtype f32, or look for rows that break the model."
                                .formatted(map.getKey(), data.name()));
            }
            ratios.put(map.getKey(), found);
        }
    }

    /** Runs the layers up to one over a batch. */
    private void run(Transformer listening, Batch batch, int last, BiConsumer<ModelInput, Integer> after) {
        try (Scope scope = engine.inference()) {
            ModelInput input = model.input(batch.tokens());
            Tensor state = listening.embed(input);
            for (int layer = 0; layer <= last; layer++) {
                try (Scope inner = engine.scope()) {
                    Tensor next = inner.keep(listening.layer(layer, state, input));
                    scope.drop(state);
                    state = next;
                }
                after.accept(input, layer);
            }
        }
    }

    private Transformer listening(List<Integer> layers, BiConsumer<Linear, Tensor> heard) {
        Map<String, LinearAdapter> adapters = transformer.adapters();
        layers.forEach(layer -> transformer
                .linears(layer)
                .forEach(linear -> adapters.put(linear.name(), new InputListener(linear.adapter(), heard))));
        return transformer.with(adapters);
    }

    /** Batch that is being computed. */
    private static final class Listened {

        private long[] places = {};
        private int rows;
        private int length;
        private @Nullable TensorEngine engine;

        void begin(TensorEngine with, TokenBatch batch) {
            engine = with;
            rows = batch.size();
            length = batch.length();
            long[] mask = batch.mask();
            places = IntStream.range(0, rows * length)
                    .filter(at -> mask[at] == 1)
                    .mapToLong(at -> at)
                    .toArray();
        }

        /** Returns the inputs of the tokens that are no padding; null for inputs that are no tokens, such as DeBERTa's positions. */
        @Nullable
        Tensor tokens(Tensor x) {
            long width = x.size(-1);
            boolean ofTokens = x.shape().length == 3
                    ? x.size(0) == rows && x.size(1) == length
                    : x.shape().length == 2 && x.size(0) == (long) rows * length;
            if (!ofTokens || engine == null) {
                return null;
            }
            Tensor flat = x.reshape(-1, width);
            return places.length == rows * length
                    ? flat
                    : flat.indexSelect(0, engine.of(places, places.length).to(x.device()));
        }
    }
}

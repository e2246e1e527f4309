package org.layerwise.analysis.extraction;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Runs a model over data and keeps one vector per example and hidden state. Batches are sorted by length and sized by a
 * token budget; padding is masked, so the vectors do not depend on it.
 */
public final class RepresentationExtractor {

    private final TransformerModel model;
    private final Transformer transformer;
    private final TensorEngine engine;

    /** Creates an extractor for a model without adapters. */
    public RepresentationExtractor(TransformerModel model) {
        this(model, model.transformer());
    }

    /**
     * Creates an extractor for a model after fine-tuning.
     *
     * @param transformer the model's transformer with adapters, see {@link Transformer#with(java.util.Map)}
     */
    public RepresentationExtractor(TransformerModel model, Transformer transformer) {
        this.model = model;
        this.transformer = transformer;
        this.engine = model.engine();
    }

    /**
     * Extracts all hidden states.
     *
     * @throws org.layerwise.base.CancelledException between two layers
     */
    public Representations extract(TokenizedDataset data, Position position, Progress progress) {
        return extract(data, position, false, progress).representations();
    }

    /**
     * Extracts all hidden states. Nothing is kept between two calls, so that data of any size can be passed part by
     * part.
     *
     * @param tokenCosines true to compare all tokens between hidden states as well
     * @throws org.layerwise.base.CancelledException between two layers
     */
    public Extraction extract(TokenizedDataset data, Position position, boolean tokenCosines, Progress progress) {
        return extract(data, batches(data, tokenCosines), position, tokenCosines, progress);
    }

    /**
     * Extracts all hidden states with given batches, for example to compare ways to make them.
     *
     * @param batches batches of the data, with every row in exactly one
     */
    public Extraction extract(
            TokenizedDataset data, List<Batch> batches, Position position, boolean tokenCosines, Progress progress) {
        int layers = model.config().layers();
        int width = model.config().hiddenSize();
        RepresentationBuffer kept = new RepresentationBuffer(layers + 1, data.size(), width);
        CosineSums cosines = tokenCosines ? new CosineSums(engine, data, layers) : null;
        Optional<ExpertCounts> experts = ExpertCounts.of(model.config());
        Transformer run =
                experts.map(counts -> transformer.listening(counts::of)).orElse(transformer);
        int done = 0;
        for (Batch batch : batches) {
            progress.check();
            progress.report(
                    (double) done / data.size(),
                    String.format(Locale.ROOT, "Representing example %,d of %,d", done, data.size()));
            experts.ifPresent(counts -> counts.begin(batch.tokens()));
            float[] vectors = vectors(run, batch, position, cosines, progress);
            int[] rows = batch.rows();
            for (int state = 0; state <= layers; state++) {
                kept.put(state, rows, vectors, state * rows.length * width);
            }
            done += rows.length;
        }
        progress.report(1, String.format(Locale.ROOT, "Represented %,d examples", data.size()));
        return new Extraction(
                kept.as(position),
                Optional.ofNullable(cosines).map(CosineSums::ofAllPairs),
                experts.map(ExpertCounts::load));
    }

    private List<Batch> batches(TokenizedDataset data, boolean allStates) {
        return allStates
                ? Batches.withAllStates(data, model.config(), model.device(), transformer.type(), false)
                : Batches.forDevice(data, model.config(), model.device(), transformer.type());
    }

    /** Returns the vectors {@code [states, batch, d]} of one batch, copied from the device at once. */
    private float[] vectors(
            Transformer run, Batch batch, Position position, @Nullable CosineSums cosines, Progress progress) {
        TokenBatch tokens = batch.tokens();
        try (Scope scope = engine.inference()) {
            ModelInput input = model.input(tokens);
            Pooling pick = Pooling.of(engine, tokens, position, model.device());
            Tensor mask = cosines == null ? null : cosines.mask(tokens, model.device());
            List<Tensor> picked = new ArrayList<>();
            List<Tensor> units = new ArrayList<>();
            run.hiddenStates(input, (index, hidden) -> {
                progress.check();
                try (Scope inner = engine.scope()) {
                    picked.add(scope.adopt(pick.of(hidden).copy()));
                    if (mask != null) {
                        units.add(scope.adopt(CosineSums.unit(hidden, mask)));
                    }
                }
            });
            if (cosines != null) {
                cosines.all(units, batch.rows());
            }
            return engine.cat(picked, 0).floats();
        }
    }
}

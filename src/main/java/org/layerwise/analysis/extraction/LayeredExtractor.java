package org.layerwise.analysis.extraction;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.LayerStream;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Extracts representations like {@link RepresentationExtractor} from models that are larger than the memory: loads one
 * layer after the other and runs it over all data. The hidden states of all tokens are kept between two layers, in
 * memory or in a temporary file. The weights are read once.
 */
public final class LayeredExtractor {

    /** Number of batches up to which a decoded layer is not kept for the next batch. */
    private static final int FEW_BATCHES = 8;

    private final LayerStream model;
    private final TensorEngine engine;
    private final long limit;
    private final Path temporary;

    /**
     * Creates an extractor.
     *
     * @param limit maximum number of bytes of hidden states kept in memory
     * @param temporary folder for a temporary file, used if the hidden states exceed the limit
     */
    public LayeredExtractor(LayerStream model, long limit, Path temporary) {
        this.model = model;
        this.engine = model.engine();
        this.limit = limit;
        this.temporary = temporary;
    }

    /** Returns the number of bytes that the hidden states of some rows take between two layers. */
    public static long waitingBytes(TokenizedDataset data, LayerStream model) {
        long tokens = data.rows().stream().mapToLong(row -> row.length()).sum();
        return tokens * model.stateWidth() * model.type().bytes();
    }

    /**
     * Extracts all hidden states.
     *
     * @throws org.layerwise.base.CancelledException between two batches
     * @throws org.layerwise.base.UserException if the temporary file cannot be written
     */
    public Representations extract(TokenizedDataset data, Position position, Progress progress) {
        return extract(data, position, false, progress).representations();
    }

    /**
     * Extracts all hidden states.
     *
     * @param tokenCosines true to compare all tokens between consecutive hidden states as well
     * @throws org.layerwise.base.CancelledException between two batches
     * @throws org.layerwise.base.UserException if the temporary file cannot be written
     */
    public Extraction extract(TokenizedDataset data, Position position, boolean tokenCosines, Progress progress) {
        int layers = model.config().layers();
        RepresentationBuffer kept =
                new RepresentationBuffer(layers + 1, data.size(), model.config().hiddenSize());
        CosineSums cosines = tokenCosines ? new CosineSums(engine, data, layers) : null;
        Optional<ExpertCounts> experts = ExpertCounts.of(model.config());
        List<Batch> batches = Batches.forDevice(data, model.config(), model.device(), model.type());
        LayerStream decoded = batches.size() > FEW_BATCHES ? model : model.decodingEachTime();
        LayerStream parts = experts.map(counts -> decoded.listening(counts::of)).orElse(decoded);
        // only the embeddings need images
        List<Batch> later = Batches.forDevice(data.withoutImages(), model.config(), model.device(), model.type());
        try (HiddenStateBuffer waiting = waitingBytes(data, model) > limit
                ? HiddenStateBuffer.inFile(engine, temporary, model.stateWidth())
                : HiddenStateBuffer.inMemory(engine)) {
            for (int state = 0; state <= layers; state++) {
                Progress part = progress.part(state / (layers + 1.0), (state + 1) / (layers + 1.0));
                String what = state == 0 ? "Embeddings" : "Layer %s of %s".formatted(state - 1, layers);
                part.report(0, "%s: loading".formatted(what));
                try (LayerStream.Stage stage = state == 0 ? parts.embeddings(part) : parts.layer(state - 1, part);
                        LayerStream.Stage last = state == layers ? model.lastState(part) : null) {
                    int done = 0;
                    for (int index = 0; index < batches.size(); index++) {
                        part.check();
                        part.report(
                                (double) done / data.size(),
                                String.format(Locale.ROOT, "%s: example %,d of %,d", what, done, data.size()));
                        Batch batch = (state == 0 ? batches : later).get(index);
                        done += batch.rows().length;
                        experts.ifPresent(counts -> counts.begin(batch.tokens()));
                        try (Scope scope = engine.inference()) {
                            Tensor before = state == 0 ? null : waiting.get(index, model.device());
                            Tensor output = stage.apply(batch.tokens(), before);
                            Tensor shown = last == null ? model.hidden(output) : last.apply(batch.tokens(), output);
                            Pooling pick = Pooling.of(engine, batch.tokens(), position, model.device());
                            kept.put(state, batch.rows(), pick.of(shown).floats(), 0);
                            if (cosines != null && before != null) {
                                Tensor mask = cosines.mask(batch.tokens(), model.device());
                                cosines.consecutive(state - 1, model.hidden(before), shown, mask, batch.rows());
                            }
                            if (state < layers) {
                                waiting.put(index, output);
                            }
                        }
                    }
                }
            }
        }
        progress.report(1, String.format(Locale.ROOT, "Represented %,d examples", data.size()));
        return new Extraction(
                kept.as(position),
                Optional.ofNullable(cosines).map(CosineSums::ofConsecutive),
                experts.map(ExpertCounts::load));
    }
}

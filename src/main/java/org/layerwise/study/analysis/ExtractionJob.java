package org.layerwise.study.analysis;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.NonFiniteStates;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.NonFiniteDiagnosis;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.PrecisionStep;
import org.layerwise.study.SixteenBitOffer;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.Processor;

/** Extracts the representations of some data after each layer and writes them to a safetensors file. */
public final class ExtractionJob {

    /** Share of the work before the comparison of 16-bit and 32-bit results. */
    private static final double PRECISION = 0.8;

    /**
     * Result of an extraction.
     *
     * @param cutRows number of rows whose text was truncated
     * @param remarks sentences that a reader of the representations must know
     */
    public record Result(int cutRows, List<String> remarks) {

        public Result {
            remarks = List.copyOf(remarks);
        }
    }

    private final Workbench workbench;
    private final OpenModel model;
    private final DataSettings data;
    private final Position position;
    private final @Nullable Path adapter;

    /**
     * Creates a job for a model without an adapter.
     *
     * @param position token that stands for a row; null for the default of the model family
     */
    public ExtractionJob(Workbench workbench, OpenModel model, DataSettings data, @Nullable Position position) {
        this(workbench, model, data, position, null);
    }

    /**
     * Creates a job for a model with or without an adapter.
     *
     * @param adapter folder of an adapter that the model is used with; null for none
     */
    public ExtractionJob(
            Workbench workbench,
            OpenModel model,
            DataSettings data,
            @Nullable Position position,
            @Nullable Path adapter) {
        this.workbench = workbench;
        this.model = model;
        this.data = data;
        this.position = position == null ? model.card().defaultPosition() : position;
        this.adapter = adapter;
    }

    /**
     * Extracts the representations and writes them.
     *
     * @throws UserException if the data is broken, the adapter does not fit the model, or a vector is NaN or infinite
     */
    public Result run(Path out, Progress progress) {
        if (adapter == null) {
            return run(Optional.empty(), out, progress);
        }
        TransformerModel whole = model.model();
        try (AdaptedModel adapted = AdaptedModel.load(
                whole, PeftAdapter.read(adapter, workbench.engine(), progress), 0, progress.part(0, 0))) {
            adapted.remark().ifPresent(model::note);
            return run(Optional.of(adapted.transformer()), out, progress);
        }
    }

    /**
     * Extracts the representations on a cluster and writes them.
     *
     * @throws UserException if the adapter does not fit the model, or the job fails on the cluster
     */
    public Result runOn(RemoteRepresentationSource cluster, Path out, Progress progress) {
        return run(cluster.with(adapter), (tokens, seconds) -> Optional.empty(), out, progress);
    }

    private Result run(Optional<Transformer> adapted, Path out, Progress progress) {
        return run(
                (tokens, where, cosines, part) -> model.represent(tokens, where, cosines, adapted, part),
                (tokens, seconds) -> PrecisionStep.onProcessor(
                                workbench, model, adapter, adapted, tokens, progress.part(PRECISION, 1))
                        .or(() -> offer(tokens, seconds, progress.part(PRECISION, 1))),
                out,
                progress.part(0, PRECISION));
    }

    private Optional<String> offer(TokenizedDataset tokens, double seconds, Progress progress) {
        return adapter == null
                ? new SixteenBitOffer(workbench, model, AnalysisSettings.defaults())
                        .after(seconds, Processor.HERE, tokens, position, progress)
                : Optional.empty();
    }

    /** Tells what 16 bits changed or would change. */
    @FunctionalInterface
    private interface SixteenBits {

        /** @param seconds time that the representation of all rows took */
        Optional<String> remark(TokenizedDataset tokens, double seconds);
    }

    /**
     * Extracts the representations and writes them.
     *
     * @param sixteenBits is called after all values were found to be finite
     */
    private Result run(RepresentationSource represents, SixteenBits sixteenBits, Path out, Progress progress) {
        Dataset rows = workbench.read(data, LabelUse.IGNORE, Split.TRAIN, progress.part(0, 0.05));
        TokenizedDataset tokens = model.tokenize(rows, data, progress.part(0.05, 0.1));
        long begin = System.nanoTime();
        Representations representations =
                represents.of(tokens, position, false, progress.part(0.1, 1)).representations();
        double seconds = (System.nanoTime() - begin) / 1e9;
        NonFiniteStates.of(representations).ifPresent(broken -> {
            throw NonFiniteDiagnosis.refusal(
                    broken.first(), "row %s of %s".formatted(broken.row() + 1, rows.name()), model.whole());
        });
        RepresentationsFile.write(
                out,
                representations,
                model.card().name(),
                rows.location(),
                adapter == null ? null : adapter.toString());
        return new Result(
                tokens.cutRows(), sixteenBits.remark(tokens, seconds).stream().toList());
    }
}

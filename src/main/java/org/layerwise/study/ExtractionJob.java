package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
import org.layerwise.data.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.NonFinite;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;

/** Writes what each layer makes of some data into a safetensors file. */
public final class ExtractionJob {

    /** The share of the work before 16 bits are compared with 32. */
    private static final double PRECISION = 0.8;

    /**
     * Returns the remarks on the result.
     *
     * @param cutRows rows whose text was cut to the limit
     * @param remarks what a reader of the numbers must know, a sentence each
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

    /** @param position the token that stands for an example; null for the family's default */
    public ExtractionJob(Workbench workbench, OpenModel model, DataSettings data, @Nullable Position position) {
        this(workbench, model, data, position, null);
    }

    /** @param adapter folder of an adapter that the model is used with; null for none */
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
     * Extracts and writes.
     *
     * @throws UserException if the data is broken, the adapter does not fit the model, or a vector is NaN or infinite
     */
    public Result run(Path out, Progress progress) {
        if (adapter == null) {
            return run(Optional.empty(), out, progress);
        }
        TransformerModel whole = model.model();
        try (AdaptedModel adapted =
                AdaptedModel.load(whole, PeftAdapter.read(adapter, workbench.engine()), 0, progress.part(0, 0))) {
            return run(Optional.of(adapted.transformer()), out, progress);
        }
    }

    /**
     * Has it computed on a cluster, and writes it.
     *
     * @throws UserException if the adapter does not fit the model, or the cluster does not do it
     */
    public Result runOn(RepresentsThere cluster, Path out, Progress progress) {
        return run(cluster.with(adapter), tokens -> Optional.empty(), out, progress);
    }

    private Result run(Optional<Transformer> adapted, Path out, Progress progress) {
        return run(
                (tokens, where, cosines, part) -> model.represent(tokens, where, cosines, adapted, part),
                tokens -> PrecisionStep.onProcessor(
                        workbench, model, adapter, adapted, tokens, progress.part(PRECISION, 1)),
                out,
                progress.part(0, PRECISION));
    }

    /** @param precision what 16 bits change, once it is known that the numbers are finite */
    private Result run(
            Represents represents,
            Function<TokenizedDataset, Optional<String>> precision,
            Path out,
            Progress progress) {
        Dataset rows = workbench.read(data, LabelUse.IGNORE, Split.TRAIN, progress.part(0, 0.05));
        TokenizedDataset tokens = model.tokenize(rows, data, progress.part(0.05, 0.1));
        Representations representations =
                represents.of(tokens, position, false, progress.part(0.1, 1)).representations();
        NonFiniteStates.of(representations).ifPresent(broken -> {
            throw NonFinite.refusal(
                    broken.first(), "row %s of %s".formatted(broken.row() + 1, rows.name()), model.whole());
        });
        RepresentationsFile.write(
                out,
                representations,
                model.card().name(),
                rows.location(),
                adapter == null ? null : adapter.toString());
        return new Result(tokens.cutRows(), precision.apply(tokens).stream().toList());
    }
}

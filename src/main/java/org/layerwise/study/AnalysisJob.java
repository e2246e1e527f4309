package org.layerwise.study;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.base.ByteWords;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.DataHash;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.TensorEngine;

/** Compares the layers of a model on some data: representations and gradients, the measures, and how far to trust them. */
public final class AnalysisJob {

    private static final double MEMORY_SHARE = 0.6;

    private final Workbench workbench;
    private final OpenModel model;
    private final DataSettings data;
    private final AnalysisSettings settings;
    private final @Nullable Path adapter;

    public AnalysisJob(Workbench workbench, OpenModel model, DataSettings data, AnalysisSettings settings) {
        this(workbench, model, data, settings, null);
    }

    /** @param adapter folder of an adapter whose changes to the model are analysed; null for none */
    public AnalysisJob(
            Workbench workbench,
            OpenModel model,
            DataSettings data,
            AnalysisSettings settings,
            @Nullable Path adapter) {
        this.workbench = workbench;
        this.model = model;
        this.data = data;
        this.settings = settings;
        this.adapter = adapter;
    }

    /**
     * Computes.
     *
     * @param partial hears the matrix of the first similarity as it fills, on the calling thread
     * @throws UserException if the data is broken or too small for a measure
     * @throws org.layerwise.base.CancelledException if the progress says so
     */
    public Analysis run(Progress progress, Consumer<SimilarityMatrix> partial) {
        if (adapter == null) {
            return run(Optional.empty(), progress, partial);
        }
        TransformerModel whole = model.model();
        try (AdaptedModel adapted = AdaptedModel.load(whole, PeftAdapter.read(adapter, workbench.engine()), 0)) {
            return run(Optional.of(adapted), progress, partial);
        }
    }

    private Analysis run(Optional<AdaptedModel> adapted, Progress progress, Consumer<SimilarityMatrix> partial) {
        long start = System.nanoTime();
        TensorEngine engine = workbench.engine();
        requireWholeModel();
        if (StreamStep.suits(model, data, settings) && moreThan(StreamStep.MANY, progress.silent())) {
            return streamed(adapted, start, progress, partial);
        }
        Position position = settings.position() == null ? model.card().defaultPosition() : settings.position();
        Dataset rows = rows(progress.part(0, 0.05));
        TokenizedDataset tokens = model.tokenize(rows, data, progress.part(0.05, 0.1));
        requireRoom(tokens.size());
        List<String> remarks = new ArrayList<>();
        boolean similar = settings.measures().stream().anyMatch(Measure::isSimilarity);
        boolean gradient = !settings.measures().stream().allMatch(Measure::isSimilarity);
        double extracted = !gradient ? 0.8 : similar ? 0.4 : 0.1;
        double compared = !gradient ? 0.9 : similar ? 0.5 : 0.1;
        List<MeasureResult> results = new ArrayList<>();
        Extraction extraction = null;
        Grams grams = null;
        if (similar) {
            extraction = model.represent(
                    tokens,
                    position,
                    settings.measures().contains(Measure.BLOCK_INFLUENCE),
                    adapted.map(AdaptedModel::transformer),
                    progress.part(0.1, extracted));
            SimilarityStep.Outcome outcome = new SimilarityStep(engine, model.computeDevice(), settings)
                    .run(extraction, progress.part(extracted, (extracted + compared) / 2), partial);
            results.addAll(outcome.results());
            grams = outcome.grams();
            if (model.computeType() != DType.F32) {
                new PrecisionStep(workbench, model, settings, adapter)
                        .run(
                                tokens,
                                extraction.representations(),
                                position,
                                progress.part((extracted + compared) / 2, compared))
                        .ifPresent(remarks::add);
            }
        }
        GradientScores scores = null;
        if (gradient) {
            TransformerModel whole = model.model();
            GradientStep.Outcome outcome = new GradientStep(engine, settings)
                    .run(whole, adapted, tokens, model.card().memory().available(), progress.part(compared, 0.9));
            results.addAll(outcome.results());
            outcome.remark().ifPresent(remarks::add);
            scores = outcome.scores();
        }
        results = new TrustStep(settings, remarks)
                .run(inOrder(results), new TrustStep.Material(grams, extraction, scores), progress.part(0.9, 0.98));
        if (tokens.cutRows() == tokens.size()) {
            remarks.add("Every row was cut to %,d tokens, so nothing is seen of how the texts end; raise --max-length."
                    .formatted(data.maxLength()));
        }
        return new Analysis(
                model.card().name(),
                model.card().kind(),
                rows.location(),
                settings.name() == null ? rows.name() : settings.name(),
                position,
                tokens.size(),
                tokens.cutRows(),
                results,
                grams,
                settings,
                data,
                provenance(DataHash.of(rows), start, progress.part(0.98, 1)),
                remarks);
    }

    private void requireWholeModel() {
        for (Measure measure : settings.measures()) {
            if (!measure.isSimilarity() && model.card().memory().byLayers()) {
                throw new UserException(
                        "%s needs the whole model in memory, but %s is used one layer at a time; leave out --load layers or this measure, or use a machine with more memory."
                                .formatted(measure.id(), model.card().name()));
            }
        }
    }

    private boolean moreThan(int rows, Progress progress) {
        return workbench
                        .read(data.withSamples(rows + 1), LabelUse.IGNORE, Split.TRAIN, progress)
                        .size()
                > rows;
    }

    private Analysis streamed(
            Optional<AdaptedModel> adapted, long start, Progress progress, Consumer<SimilarityMatrix> partial) {
        Position position = settings.position() == null ? model.card().defaultPosition() : settings.position();
        StreamStep.Outcome outcome = new StreamStep(workbench, model, data, settings)
                .run(position, adapted.map(AdaptedModel::transformer), progress.part(0, 0.98));
        outcome.results().get(0).matrix().ifPresent(partial);
        return new Analysis(
                model.card().name(),
                model.card().kind(),
                outcome.location(),
                settings.name() == null ? outcome.name() : settings.name(),
                position,
                outcome.samples(),
                outcome.cutRows(),
                outcome.results(),
                null,
                settings,
                data,
                provenance(outcome.dataSha256(), start, progress.part(0.98, 1)),
                outcome.remarks());
    }

    /** Representations lie in Java's memory; what is too much for it would end the program. */
    private void requireRoom(int rows) {
        long bytes = (long) rows * (model.card().layers() + 1) * model.card().hiddenSize() * Float.BYTES;
        long room = (long) (MEMORY_SHARE * Runtime.getRuntime().maxMemory());
        if (bytes > room) {
            throw new UserException(
                    "What all layers make of %,d rows takes %s, and %s is free for it; use fewer --samples, or --measure minibatch-cka, which keeps nothing a row."
                            .formatted(rows, ByteWords.of(bytes), ByteWords.of(room)));
        }
    }

    private Dataset rows(Progress progress) {
        boolean labels = !settings.measures().stream().allMatch(Measure::isSimilarity);
        Dataset rows = workbench.read(data, labels ? LabelUse.AUTO : LabelUse.IGNORE, Split.TRAIN, progress);
        return labels
                ? LabelledData.numbered(rows, model.model().config().labels().names())
                : rows;
    }

    private List<MeasureResult> inOrder(List<MeasureResult> results) {
        return settings.measures().stream()
                .flatMap(measure -> results.stream().filter(result -> result.measure() == measure))
                .toList();
    }

    private Provenance provenance(String dataSha256, long start, Progress progress) {
        String revision = model.revision().orElse(null);
        return new Provenance(
                model.reference(),
                revision,
                revision == null ? model.weightsSha256(progress) : null,
                dataSha256,
                adapter == null ? null : adapter.toString(),
                Versions.of(workbench.engine(), model),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                (System.nanoTime() - start) / 1e9);
    }
}

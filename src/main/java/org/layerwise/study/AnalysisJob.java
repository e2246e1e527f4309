package org.layerwise.study;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.similarity.SimilarityMeasure;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.TokenizedDataset;

/** Compares the layers of a model on some data: representations, then the similarity of all pairs. */
public final class AnalysisJob {

    private final Workbench workbench;
    private final OpenModel model;
    private final DataSettings data;
    private final AnalysisSettings settings;

    public AnalysisJob(Workbench workbench, OpenModel model, DataSettings data, AnalysisSettings settings) {
        this.workbench = workbench;
        this.model = model;
        this.data = data;
        this.settings = settings;
    }

    /**
     * Computes.
     *
     * @param partial hears the matrix as it fills, on the calling thread
     * @throws UserException if the data is broken or too small
     * @throws org.layerwise.base.CancelledException if the progress says so
     */
    public Analysis run(Progress progress, Consumer<SimilarityMatrix> partial) {
        long start = System.nanoTime();
        Position position = settings.position() == null ? model.card().defaultPosition() : settings.position();
        Dataset rows = workbench.read(data, LabelUse.IGNORE, Split.TRAIN, progress.part(0, 0.05));
        if (rows.size() < LinearCka.FEWEST_SAMPLES) {
            throw new UserException("CKA needs at least %d examples, but %s gives %d; use more samples."
                    .formatted(LinearCka.FEWEST_SAMPLES, data.data(), rows.size()));
        }
        TokenizedDataset tokens = model.tokenize(rows, data, progress.part(0.05, 0.1));
        Representations representations = model.represent(tokens, position, progress.part(0.1, 0.95));
        SimilarityMeasure measure = new LinearCka(workbench.engine());
        SimilarityMatrix similarity =
                measure.allPairs(representations, model.computeDevice(), progress.part(0.95, 1), partial);
        Provenance provenance = new Provenance(
                model.reference(),
                null,
                null,
                null,
                null,
                Versions.of(workbench.engine(), model),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                (System.nanoTime() - start) / 1e9);
        return new Analysis(
                model.card().name(),
                model.card().kind(),
                rows.location(),
                settings.name() == null ? rows.name() : settings.name(),
                position,
                representations.samples(),
                tokens.cutRows(),
                List.of(MeasureResult.of(measure.measure(), similarity)),
                null,
                settings,
                data,
                provenance);
    }
}

package org.layerwise.study;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.Progress;
import org.layerwise.selection.ModelKind;

/** Compares layers whose representations lie in a file, which {@link ExtractionJob} or another program wrote. */
public final class RepresentationsAnalysis {

    private final Workbench workbench;
    private final Path file;
    private final AnalysisSettings settings;
    private final String device;

    public RepresentationsAnalysis(Workbench workbench, Path file, AnalysisSettings settings, String device) {
        this.workbench = workbench;
        this.file = file;
        this.settings = settings;
        this.device = device;
    }

    /**
     * Computes.
     *
     * @throws org.layerwise.base.UserException if the file is broken or has too few rows
     */
    public Analysis run(Progress progress) {
        long start = System.nanoTime();
        RepresentationsFile.Content content = RepresentationsFile.read(file);
        Representations representations = content.representations();
        LinearCka measure = new LinearCka(workbench.engine());
        SimilarityMatrix similarity =
                measure.allPairs(representations, workbench.engine().device(device), progress, partial -> {});
        String stem = file.getFileName().toString().replaceAll("\\.[^.]*$", "");
        return new Analysis(
                content.model().orElse(stem),
                representations.position() == Position.LAST ? ModelKind.DECODER : ModelKind.ENCODER,
                content.data().orElse(file.toString()),
                settings.name() == null ? stem : settings.name(),
                representations.position(),
                representations.samples(),
                0,
                List.of(MeasureResult.of(measure.measure(), similarity)),
                null,
                settings,
                null,
                new Provenance(
                        null,
                        null,
                        null,
                        null,
                        null,
                        Versions.of(workbench.engine()),
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        (System.nanoTime() - start) / 1e9));
    }
}

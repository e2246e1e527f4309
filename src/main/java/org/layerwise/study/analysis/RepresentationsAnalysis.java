package org.layerwise.study.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.NonFiniteStates;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.Provenance;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.Versions;
import org.layerwise.tensor.TensorEngine;

/** Compares layers by representations from a file, which {@link ExtractionJob} or another program wrote. */
public record RepresentationsAnalysis(
        Workbench workbench, RepresentationsInput input, AnalysisSettings settings, String device) {

    /**
     * Computes the analysis.
     *
     * @throws UserException if the file has too few rows, or a measure needs a model
     */
    public Analysis run(Progress progress) {
        long start = System.nanoTime();
        requireMeasures(settings);
        TensorEngine engine = workbench.engine();
        Path file = input.file();
        RepresentationsFile.Content content = input.content();
        Representations representations = content.representations();
        Extraction extraction = new Extraction(representations);
        SimilarityStep.Outcome outcome = new SimilarityStep(engine, engine.device(device), settings)
                .run(extraction, progress.part(0, 0.8), partial -> {});
        List<String> remarks = new ArrayList<>(outcome.remarks());
        NonFiniteStates.of(representations)
                .ifPresent(broken -> remarks.add(broken.remark(file.toString(), 0, settings.undefined())));
        List<MeasureResult> results = new UncertaintyStep(engine, engine.device(device), settings, remarks)
                .run(
                        outcome.results(),
                        new UncertaintyStep.Material(outcome.grams(), extraction, null, null, null),
                        progress.part(0.8, 1));
        String stem = stem(file);
        return new Analysis(
                content.model().orElse(stem),
                representations.position() == Position.LAST ? ModelKind.DECODER : ModelKind.ENCODER,
                LayerKinds.NONE,
                content.data().orElse(file.toString()),
                settings.name() == null ? stem : settings.name(),
                representations.position(),
                representations.samples(),
                0,
                results,
                outcome.grams(),
                settings,
                null,
                new Provenance(
                        null,
                        ModelIdentity.UNKNOWN,
                        null,
                        null,
                        content.adapter().orElse(null),
                        Versions.of(engine),
                        Provenance.now(),
                        (System.nanoTime() - start) / 1e9),
                remarks,
                null);
    }

    /** Returns the name of a file without its extension. */
    public static String stem(Path file) {
        return file.getFileName().toString().replaceAll("\\.[^.]*$", "");
    }

    /**
     * Refuses measures that cannot be computed from a file of representations.
     *
     * @throws UserException if there is such a measure; the message names it
     */
    public static void requireMeasures(AnalysisSettings settings) {
        for (Measure measure : settings.measures()) {
            if (measure.fromRepresentations()) {
                continue;
            }
            throw new UserException(
                    switch (measure.source()) {
                        case REPRESENTATIONS, TOKENS ->
                            "%s compares every token of a row, and representations hold one vector a row; leave it out, or compute it here from --model and --data."
                                    .formatted(measure.id());
                        case GRADIENTS -> needsModel(measure, "gradients");
                        case LOSS -> needsModel(measure, "losses");
                        case INPUTS -> needsModel(measure, "linear maps");
                        case WEIGHTS ->
                            "%s comes from the weights of a model, which representations do not hold; leave it out, or compute it here from --model."
                                    .formatted(measure.id());
                        case ADAPTER ->
                            "%s comes from an adapter, which representations do not hold; leave it out, or compute it here from --model and --adapter."
                                    .formatted(measure.id());
                    });
        }
    }

    private static String needsModel(Measure measure, String what) {
        return "%s comes from the %s of a model, which representations do not hold; leave it out, or compute it here from --model and --data."
                .formatted(measure.id(), what);
    }

    /** Returns true if an analysis needs nothing of a model but representations. */
    public static boolean applies(AnalysisSettings settings) {
        return settings.measures().stream().allMatch(Measure::fromRepresentations);
    }
}

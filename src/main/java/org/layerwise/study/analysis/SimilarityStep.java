package org.layerwise.study.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.analysis.similarity.GramComputation;
import org.layerwise.analysis.similarity.GramMeasure;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Compares the layers of representations in memory by all similarity measures of the settings. Measures that are
 * computed from inner products share the Gram matrices, which are kept for later steps.
 */
record SimilarityStep(TensorEngine engine, Device device, AnalysisSettings settings) {

    // if no later step needs Gram matrices, they are computed and kept only below this size in bytes
    private static final long CHEAP = 512L << 20;

    /**
     * Result of the similarity measures.
     *
     * @param results results of the similarity measures, in the settings' order
     * @param grams Gram matrices; null if no measure is computed from them, or they are too large
     * @param remarks sentences that a reader of the results must know
     */
    record Outcome(List<MeasureResult> results, @Nullable Grams grams, List<String> remarks) {}

    /**
     * Computes the similarity measures.
     *
     * @param partial receives the partly computed matrix of the first measure
     * @throws UserException if there are too few rows for a measure, or too many for the memory
     */
    Outcome run(Extraction extraction, Progress progress, Consumer<SimilarityMatrix> partial) {
        List<Measure> measures =
                settings.measures().stream().filter(Measure::isSimilarity).toList();
        Representations representations = extraction.representations();
        requireEnough(measures, representations.samples());
        List<GramMeasure> sharing = GramMeasure.among(measures, settings.options(), engine);
        boolean shared = !sharing.isEmpty() && wanted(representations, sharing);
        double parts = measures.size() + (shared ? 1 : 0);
        Grams grams =
                shared ? new GramComputation(engine).of(representations, device, progress.part(0, 1 / parts)) : null;
        List<MeasureResult> results = new ArrayList<>();
        for (Measure measure : measures) {
            double done = results.size() + (shared ? 1 : 0);
            Progress part = progress.part(done / parts, (done + 1) / parts);
            Consumer<SimilarityMatrix> heard = results.isEmpty() ? partial : matrix -> {};
            results.add(MeasureResult.of(measure, matrix(measure, extraction, grams, part, heard)));
        }
        List<String> remarks = measures.stream()
                .flatMap(measure -> measure.remark(representations.samples()).stream())
                .toList();
        return new Outcome(results, grams, remarks);
    }

    private SimilarityMatrix matrix(
            Measure measure,
            Extraction extraction,
            @Nullable Grams grams,
            Progress progress,
            Consumer<SimilarityMatrix> partial) {
        if (!measure.fromRepresentations()) {
            SimilarityMatrix matrix = extraction.tokenCosines().orElseThrow().similarity();
            partial.accept(matrix);
            return matrix;
        }
        SimilarityMeasure computed = of(measure);
        return grams != null && computed instanceof GramMeasure shared
                ? shared.allPairs(grams, progress, partial)
                : computed.allPairs(extraction.representations(), device, progress, partial);
    }

    private void requireEnough(List<Measure> measures, int samples) {
        for (Measure measure : measures) {
            if (measure.fromRepresentations() && samples < of(measure).fewestSamples()) {
                throw new UserException("%s needs at least %s examples, but there are %s; use more samples."
                        .formatted(measure.title(), of(measure).fewestSamples(), samples));
            }
        }
    }

    private SimilarityMeasure of(Measure measure) {
        return measure.with(settings.options(), engine);
    }

    private boolean wanted(Representations representations, List<GramMeasure> sharing) {
        int states = representations.layers().size();
        int samples = representations.samples();
        boolean needed = settings.bootstrap() > 0
                || settings.permutations() > 0
                || sharing.stream().anyMatch(GramMeasure::needsGrams);
        return Grams.bytes(samples, states) <= CHEAP || needed && GramComputation.fits(samples, states);
    }
}

package org.layerwise.study.analysis;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.WeightSpectrum;
import org.layerwise.analysis.weights.SpectrumScan;
import org.layerwise.base.Progress;
import org.layerwise.model.LinearModule;
import org.layerwise.model.LinearWeights;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;

/** Ranks layers by their weights alone. Singular values are kept in the cache folder, so that a stopped scan goes on later. */
record WeightsStep(Workbench workbench, OpenModel model, AnalysisSettings settings) {

    /** Share of the progress for the hash of the weights. */
    private static final double HASHED = 0.1;

    /**
     * Computes the measures of the settings that need weights alone, in the settings' order.
     *
     * @throws org.layerwise.base.UserException if a weight is missing or cannot be read, or is not finite
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    List<MeasureResult> run(Progress progress) {
        List<WeightSpectrum> spectra = spectra(progress);
        model.requireUnchanged();
        List<MeasureResult> results = new ArrayList<>();
        for (Measure measure : settings.measures()) {
            if (measure.source() == Measure.Source.WEIGHTS) {
                ModuleImportance modules = measure.of(spectra);
                results.add(MeasureResult.of(measure, modules, model.card().layers()));
            }
        }
        return results;
    }

    private List<WeightSpectrum> spectra(Progress progress) {
        SpectrumCache cache = new SpectrumCache(workbench
                .folders()
                .cache()
                .resolve("spectra")
                .resolve(model.weightsSha256(progress.part(0, HASHED)).orElseThrow()));
        try (LinearWeights weights =
                new LinearWeights(workbench.engine(), model.described().blueprint())) {
            SpectrumScan scan = new SpectrumScan(workbench.engine(), weights);
            List<LinearModule> modules = weights.modules();
            List<WeightSpectrum> spectra = new ArrayList<>();
            for (LinearModule module : modules) {
                progress.check();
                progress.report(
                        HASHED + (1 - HASHED) * spectra.size() / modules.size(),
                        "Singular values of %s (%s of %s)"
                                .formatted(module.name(), spectra.size() + 1, modules.size()));
                spectra.add(cache.find(module)
                        .map(values -> scan.spectrum(module, values))
                        .orElseGet(() -> computed(scan, module, cache, progress)));
            }
            return spectra;
        }
    }

    private static WeightSpectrum computed(
            SpectrumScan scan, LinearModule module, SpectrumCache cache, Progress progress) {
        WeightSpectrum spectrum = scan.of(module, progress);
        cache.put(spectrum);
        return spectrum;
    }
}

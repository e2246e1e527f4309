package org.layerwise.analysis.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.WeightSpectrum;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SampleModel;
import org.layerwise.model.LinearModule;
import org.layerwise.model.LinearWeights;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.QuantizedLlama;

/** Measures of weights have the values of Spectrum, PEFT's KappaTuneSelector and AlphaLoRA (spectra_golden.py). */
class WeightMeasuresTest {

    private static final double PERCENT = 0.01;

    /** Largest relative difference of the sample model; 5.7e-7 was measured, the rounding of float32. */
    private static final double LARGEST_OF_SAMPLE = 1e-6;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @CsvSource({"llama, 28", "gpt2, 16", "bert, 24"})
    void equalsTheirAuthorsCode(String fixture, int modules) {
        JsonNode golden = Json.read(Golden.folder("spectra.json")).path(fixture);
        List<WeightSpectrum> spectra = spectra(fixture);

        assertThat(spectra).hasSize(modules);
        assertThat(golden).hasSize(modules);
        for (WeightSpectrum spectrum : spectra) {
            JsonNode expected = expected(golden, spectrum.module());
            assertThat(SignalToNoise.of(spectrum))
                    .as(spectrum.module())
                    .isCloseTo(expected.path("snr").doubleValue(), withinPercentage(PERCENT));
            assertThat(TailExponent.of(spectrum))
                    .as(spectrum.module())
                    .isCloseTo(expected.path("alpha").doubleValue(), withinPercentage(PERCENT));
            if (!expected.path("condition").isNull()) {
                assertThat(ConditionNumber.of(spectrum))
                        .as(spectrum.module())
                        .isCloseTo(expected.path("condition").doubleValue(), withinPercentage(PERCENT));
            }
        }
    }

    /** The real sample model, whose weights Spectrum decomposed in float32. */
    @Test
    void theSampleModelHasTheSignalToNoiseOfSpectrum(@TempDir Path folder) {
        JsonNode golden = Json.read(Golden.folder("spectra_sample.json"));
        List<WeightSpectrum> spectra = spectraOf(SampleModel.provide(folder, Progress.none()));

        assertThat(spectra).hasSize(72);
        assertThat(golden).hasSize(72);
        double largest = spectra.stream()
                .mapToDouble(spectrum -> Math.abs(SignalToNoise.of(spectrum)
                                / expected(golden, spectrum.module()).doubleValue()
                        - 1))
                .max()
                .orElseThrow();
        assertThat(largest).as("largest relative difference").isLessThan(LARGEST_OF_SAMPLE);
    }

    private static JsonNode expected(JsonNode golden, String module) {
        List<JsonNode> found = golden.propertyStream()
                .filter(entry -> module.equals(entry.getKey()) || module.endsWith("." + entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        assertThat(found).as(module).hasSize(1);
        return found.get(0);
    }

    /** Two formats hold the same codes of the same weights. */
    @Test
    void quantisedWeightsAreDecoded() {
        List<WeightSpectrum> words = spectra("quantised/ct_pack_int8");
        List<WeightSpectrum> bytes = spectra("quantised/ct_int8");

        assertThat(words).hasSize(14);
        for (int i = 0; i < words.size(); i++) {
            assertThat(words.get(i).values()).containsExactly(bytes.get(i).values());
        }
    }

    /** Weights of 768 and more are decomposed through their Gram matrices, on a thread of their own. */
    @Test
    void gramMatricesHaveTheSingularValuesOfTheirWeights(@TempDir Path folder) throws IOException {
        QuantizedLlama.write(folder, 768, 2048, 1);
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                LinearWeights weights = new LinearWeights(engine, ModelBlueprint.read(engine, checkpoint))) {
            SpectrumScan scan = new SpectrumScan(engine, weights);
            for (LinearModule module : weights.modules()) {
                double[] found = scan.of(module, Progress.none()).values();
                try (Scope scope = engine.inference()) {
                    double[] expected = Factorizations.singularValues(
                                    weights.read(module).cast(DType.F64))
                            .doubles();
                    assertThat(found).hasSize(768);
                    for (int i = 0; i < found.length; i++) {
                        assertThat(found[i]).isCloseTo(expected[i], withinPercentage(1e-4));
                    }
                }
            }
        }
    }

    @Test
    void aCancelledDecompositionEndsAloneAndLeavesNothing() throws InterruptedException {
        Progress cancelled = new Progress() {
            private int asked;

            @Override
            public void report(double fraction, String message) {}

            @Override
            public boolean cancelled() {
                return ++asked > 2;
            }
        };
        try (Scope scope = engine.inference()) {
            Tensor large = engine.zeros(DType.F64, Engines.device(), 1500, 1500).add(1);
            assertThatThrownBy(() -> new CancellableDecomposition(engine)
                            .of(large, Factorizations::symmetricEigenvalues, cancelled))
                    .isInstanceOf(CancelledException.class);
        }
        for (int wait = 0; engine.liveTensors() > liveBefore && wait < 600; wait++) {
            Thread.sleep(100);
        }
    }

    @Test
    void aLayerHasTheMeanOfItsModulesInUnitsOfTheirType() {
        ModuleImportance modules = new ModuleImportance(List.of(
                new ModuleImportance.Module("a.0.q", "q", 0, 1),
                new ModuleImportance.Module("a.0.up", "up", 0, 100),
                new ModuleImportance.Module("a.1.q", "q", 1, 3),
                new ModuleImportance.Module("a.1.up", "up", 1, 300)));

        LayerImportance snr = SignalToNoise.MEASURE.ofLayers(modules, 3);
        LayerImportance alpha = TailExponent.MEASURE.ofLayers(modules, 3);

        assertThat(snr.all()).containsExactly(0.5, 1.5, null);
        assertThat(alpha.all()).containsExactly(50.5, 151.5, null);
        assertThat(snr.reason(2)).hasValue("No linear map of this layer has a weight of its own.");
    }

    @Test
    void wellConditionedWeightsComeFirst() {
        ModuleImportance modules = ConditionNumber.MEASURE.of(List.of(spectrum(4, 2), spectrum(4, 1)));

        assertThat(modules.modules())
                .extracting(ModuleImportance.Module::value)
                .usingElementComparator((one, other) -> Math.abs(one - other) < 1e-6 ? 0 : 1)
                .containsExactly(0.5, 0.25);
    }

    @Test
    void aWeightOfZerosIsNotImportant() {
        for (Measure measure : List.of(SignalToNoise.MEASURE, ConditionNumber.MEASURE, TailExponent.MEASURE)) {
            assertThat(measure.of(List.of(spectrum(0, 0, 0))).modules())
                    .as(measure.id())
                    .extracting(ModuleImportance.Module::value)
                    .containsExactly(0.0);
        }
    }

    private static WeightSpectrum spectrum(double... values) {
        return new WeightSpectrum("a.0.q", "q", 0, values.length, values.length, values);
    }

    private List<WeightSpectrum> spectra(String fixture) {
        return spectraOf(Golden.folder(fixture));
    }

    private List<WeightSpectrum> spectraOf(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                LinearWeights weights = new LinearWeights(engine, ModelBlueprint.read(engine, checkpoint))) {
            SpectrumScan scan = new SpectrumScan(engine, weights);
            List<WeightSpectrum> spectra = new ArrayList<>();
            for (LinearModule module : weights.modules()) {
                spectra.add(scan.of(module, Progress.none()));
            }
            return spectra;
        }
    }
}

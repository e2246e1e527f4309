package org.layerwise.analysis.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenData;

/** Shares of variance against a decomposition of all inputs in float64 and against PEFT's, from {@code eva_golden.py}. */
class ExplainedVarianceTest {

    private final TensorEngine engine = Engines.shared();

    @ParameterizedTest
    @CsvSource({"llama, 28, 16", "bert, 24, 16"})
    void agreesWithOneDecompositionOfAllInputs(String fixture, int maps, int inputs) {
        JsonNode golden = Json.read(Golden.folder("eva.json")).path(fixture);
        int live = engine.liveTensors();
        try (TransformerModel model = open(fixture)) {
            InputVariances variances = compute(model, fixture, Long.MAX_VALUE);
            assertThat(variances.maps()).hasSize(maps);
            assertThat(variances.maps().stream().filter(map -> map.sharedWith() == null))
                    .hasSize(inputs);
            Map<String, String> shared = new HashMap<>();
            golden.path("settings")
                    .path(0)
                    .path("modules")
                    .forEach(module -> shared.put(
                            module.path("name").asText(),
                            module.path("shared_with").textValue()));
            for (InputVariances.OfMap map : variances.maps()) {
                JsonNode exact = golden.path("exact").path(map.name());
                assertThat(exact).as(map.name()).hasSize(16);
                for (int i = 0; i < exact.size(); i++) {
                    assertThat(map.ratios()[i])
                            .as(map.name())
                            .isCloseTo(exact.path(i).asDouble(), within(1e-5));
                }
                assertThat(Arrays.stream(map.ratios()).sum()).isCloseTo(1, within(1e-9));
                assertThat(map.sharedWith()).as(map.name()).isEqualTo(shared.get(map.name()));
            }
            // PEFT's decompositions have a low rank
            for (JsonNode module : golden.path("settings").path(0).path("modules")) {
                double[] ratios = variances.maps().stream()
                        .filter(map -> map.name().equals(module.path("name").asText()))
                        .findFirst()
                        .orElseThrow()
                        .ratios();
                for (int i = 0; i < module.path("ratios").size(); i++) {
                    assertThat(ratios[i])
                            .isCloseTo(module.path("ratios").path(i).asDouble(), within(6e-4));
                }
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    @Test
    void aPassForEachLayerGivesTheSame() {
        try (TransformerModel model = open("llama")) {
            InputVariances whole = compute(model, "llama", Long.MAX_VALUE);
            InputVariances oneByOne = compute(model, "llama", 0);
            assertThat(oneByOne.tokens()).isEqualTo(whole.tokens());
            for (int i = 0; i < whole.maps().size(); i++) {
                assertThat(oneByOne.maps().get(i).name())
                        .isEqualTo(whole.maps().get(i).name());
                assertThat(oneByOne.maps().get(i).ratios())
                        .containsExactly(whole.maps().get(i).ratios(), within(1e-12));
            }
        }
    }

    @Test
    void aModelWhoseWeightsStayInTheirFilesGivesTheSame() {
        try (TransformerModel model = open("llama");
                Checkpoint checkpoint = Checkpoint.open(Golden.folder("llama"));
                TransformerModel mapped = TransformerModel.loadMapped(
                        engine,
                        ModelBlueprint.read(engine, checkpoint),
                        Engines.device(),
                        DType.F32,
                        Progress.none())) {
            assertThat(compute(mapped, "llama", Long.MAX_VALUE).importance(4))
                    .isEqualTo(compute(model, "llama", Long.MAX_VALUE).importance(4));
        }
    }

    /** GPT-2's fused maps, DeBERTa's maps of positions, experts, layers of several kinds. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "deberta_v3", "v5/qwen3_next", "v5/gemma4_e", "v5/mixtral", "modernbert"})
    void worksForOtherFamilies(String fixture) {
        try (TransformerModel model = open(fixture)) {
            InputVariances variances = compute(model, fixture, Long.MAX_VALUE);
            int layers = model.config().layers();
            LayerImportance importance = ExplainedVariance.MEASURE.ofLayers(variances.importance(4), layers);
            for (int layer = 0; layer < layers; layer++) {
                assertThat(importance.of(layer).orElseThrow())
                        .isBetween(4.0 / model.config().hiddenSize() / 4, 1.0);
            }
        }
    }

    @Test
    void importanceIsTheSumOfTheFirstSharesAndItsMeanThatOfTheLayer() {
        InputVariances variances = new InputVariances(
                9,
                List.of(
                        new InputVariances.OfMap("m.0.q", "q", 0, new double[] {0.5, 0.25, 0.25}, null),
                        new InputVariances.OfMap("m.0.k", "k", 0, new double[] {0.5, 0.25, 0.25}, "m.0.q"),
                        new InputVariances.OfMap("m.0.o", "o", 0, new double[] {0.9, 0.1, 0}, null)));
        ModuleImportance modules = variances.importance(2);
        assertThat(modules.modules()).extracting(ModuleImportance.Module::value).containsExactly(0.75, 0.75, 1.0);
        assertThat(ExplainedVariance.MEASURE.ofLayers(modules, 1).of(0).orElseThrow())
                .isCloseTo(2.5 / 3, within(1e-12));
        assertThat(variances.modules(2)).extracting(EvaRanks.Module::sharedWith).containsExactly(null, "m.0.q", null);
        assertThat(variances.modules(2)).extracting(EvaRanks.Module::ratios).contains(new double[] {0.9, 0.1});
    }

    @Test
    void aLargeMeanCostsNoDigits() {
        assumeThat(Engines.device()).as("vectors are float32 on a GPU").isEqualTo(Device.CPU);
        double[] small =
                IntStream.range(0, 60).mapToDouble(i -> Math.sin(i * i)).toArray();
        double[] far = Arrays.stream(small).map(value -> value + 1e6).toArray();
        assertThat(ratios(far)).containsExactly(ratios(small), within(1e-8));
    }

    private double[] ratios(double[] values) {
        try (Scope scope = engine.inference();
                InputCovariance covariance = new InputCovariance(engine, Engines.device(), 3)) {
            covariance.add(engine.of(values, 20, 3).to(Engines.device()), Progress.none());
            return covariance.ratios(Progress.none());
        }
    }

    @Test
    void vectorsThatDoNotVaryExplainNothing() {
        assertThat(ratios(new double[60])).containsExactly(0, 0, 0);
    }

    @Test
    void fewTokensAreRefused() {
        try (TransformerModel model = open("llama")) {
            assertThatThrownBy(() -> new ExplainedVariance(model, model.transformer())
                            .compute(GoldenData.rows("llama"), 100_000, Long.MAX_VALUE, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("--eva-components");
        }
    }

    @Test
    void stops() {
        int live = engine.liveTensors();
        AtomicInteger asked = new AtomicInteger(); // the work begins after the 28 maps of the first row
        try (TransformerModel model = open("llama")) {
            assertThatThrownBy(() -> new ExplainedVariance(model, model.transformer())
                            .compute(
                                    GoldenData.rows("llama"),
                                    4,
                                    Long.MAX_VALUE,
                                    CancelledProgress.when(() -> asked.incrementAndGet() > 40)))
                    .isInstanceOf(CancelledException.class);
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    private TransformerModel open(String fixture) {
        return TransformerModel.load(
                engine, Checkpoint.open(Golden.folder(fixture)), Engines.device(), Progress.none());
    }

    private static InputVariances compute(TransformerModel model, String fixture, long memory) {
        return new ExplainedVariance(model, model.transformer())
                .compute(GoldenData.rows(fixture), 4, memory, Progress.none());
    }
}

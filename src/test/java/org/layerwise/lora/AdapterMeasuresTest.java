package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.adapter.AdapterEnergies;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.analysis.adapter.AdapterNorm;
import org.layerwise.analysis.adapter.AdapterRank;
import org.layerwise.analysis.adapter.AdapterUpdate;
import org.layerwise.analysis.adapter.LowRankFactors;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** Measures of adapters have the values that follow from the merged models of PEFT (adapter_measures_golden.py). */
class AdapterMeasuresTest {

    // models compute in float32
    private static final double PERCENT = 5e-4;

    // PEFT takes the parts of PiSSA and OLoRA out of weights in float32
    private static final double PERCENT_OF_PARTS = 2e-2;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, lora_bert, 12",
        "bert, lora_bert_dora, 12",
        "llama, lora_llama, 14",
        "llama, lora_llama_rslora, 14",
        "llama, lora_llama_pissa, 14",
        "llama, lora_llama_olora, 14",
        "llama, lora_llama_patterns, 12",
        "bert, lora_bert_miss, 8",
        "llama, lora_llama_miss, 14"
    })
    void equalPeft(String model, String adapter, int modules) {
        JsonNode golden = Json.read(Golden.folder("adapter_measures.json")).path(adapter);
        double percent = adapter.matches(".*_(pissa|olora)") ? PERCENT_OF_PARTS : PERCENT;
        try (TransformerModel base = base(model);
                AdaptedModel adapted = adapted(base, adapter + "/adapter_final");
                Scope scope = engine.inference()) {
            AdapterUpdates updates = AdapterUpdates.of(adapted);
            AdapterEnergies energies = new AdapterEnergy(base, adapted.transformer())
                    .compute(updates.layers(), rows(model), Progress.none());

            assertThat(updates.outside()).isEmpty();
            assertThat(updates.layers()).hasSize(modules);
            assertThat(golden).hasSize(modules);
            for (int i = 0; i < modules; i++) {
                AdapterUpdate update = updates.layers().get(i);
                JsonNode expected = golden.path(update.module());
                close(AdapterNorm.of(update), expected, "norm", update, percent);
                close(AdapterRank.of(update), expected, "rank", update, percent);
                close(energies.modules().modules().get(i).value(), expected, "energy", update, percent);
            }
            layersAreSumsOfModules(energies, base.config().layers());
        }
    }

    private static void close(double found, JsonNode expected, String key, AdapterUpdate update, double percent) {
        assertThat(found)
                .as("%s of %s", key, update.module())
                .isCloseTo(expected.path(key).doubleValue(), withinPercentage(percent));
    }

    private static void layersAreSumsOfModules(AdapterEnergies energies, int layers) {
        double tokens = Arrays.stream(energies.tokens()).sum();
        List<Double> known = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            double sum = 0;
            for (int row = 0; row < energies.tokens().length; row++) {
                sum += energies.layers()[row][layer] * energies.tokens()[row] / tokens;
            }
            if (sum > 0) {
                known.add(sum);
                int number = layer;
                assertThat(sum)
                        .isCloseTo(
                                energies.modules().modules().stream()
                                        .filter(module -> module.layer() == number)
                                        .mapToDouble(ModuleImportance.Module::value)
                                        .sum(),
                                withinPercentage(1e-9));
                assertThat(AdapterEnergy.MEASURE
                                .ofLayers(energies.modules(), layers)
                                .of(layer)
                                .orElseThrow())
                        .isCloseTo(sum, withinPercentage(1e-9));
            }
        }
        assertThat(known).isNotEmpty();
    }

    /** Without an adapter's B nothing has changed, and with PiSSA and OLoRA neither at the start. */
    @ParameterizedTest
    @CsvSource({"bert, lora_bert", "llama, lora_llama_pissa", "llama, lora_llama_olora"})
    void anAdapterBeforeItsTrainingHasChangedNothing(String model, String adapter) {
        try (TransformerModel base = base(model);
                AdaptedModel adapted = adapted(base, adapter + "/adapter_init");
                Scope scope = engine.inference()) {
            for (AdapterUpdate update : AdapterUpdates.of(adapted).layers()) {
                assertThat(AdapterNorm.of(update)).as(update.module()).isCloseTo(0, within(1e-6));
            }
        }
    }

    @Test
    void equalDirectionsCountInFullAndZeroHasNone() {
        try (Scope scope = engine.inference()) {
            AdapterUpdate two = update(new double[] {3, 0, 0, 3, 0, 0}, new double[] {1, 0, 0, 1, 0, 0, 0, 0});
            AdapterUpdate none = update(new double[] {3, 0, 0, 3, 0, 0}, new double[8]);

            assertThat(AdapterRank.of(two)).isCloseTo(2, within(1e-12));
            assertThat(AdapterNorm.of(two)).isCloseTo(Math.sqrt(18), within(1e-12));
            assertThat(AdapterRank.of(none)).isZero();
            assertThat(AdapterNorm.of(none)).isZero();
        }
    }

    /** @param a {@code [2, 3]}, column by column @param b {@code [4, 2]} */
    private AdapterUpdate update(double[] a, double[] b) {
        return new AdapterUpdate(
                "layers.0.q",
                "q",
                0,
                List.of(new LowRankFactors(engine.of(a, 3, 2).transpose(), engine.of(b, 4, 2))),
                null);
    }

    @Test
    void expertsAreOneModuleWithoutEnergy() {
        try (TransformerModel base = base("v5/mixtral");
                AdaptedModel adapted = adapted(base, "lora_mixtral_experts/adapter_final");
                Scope scope = engine.inference()) {
            List<AdapterUpdate> updates = AdapterUpdates.of(adapted).layers();
            AdapterUpdate first = updates.stream()
                    .filter(update -> update.products().size() > 1)
                    .findFirst()
                    .orElseThrow();
            double squares = 0;
            double ranks = 0;
            for (LowRankFactors product : first.products()) {
                AdapterUpdate one = new AdapterUpdate("a", "a", 0, List.of(product), null);
                double norm = product.b().matmul(product.a()).square().sum().item();
                assertThat(AdapterNorm.of(one)).isCloseTo(Math.sqrt(norm), withinPercentage(1e-9));
                squares += norm;
                ranks += AdapterRank.of(one);
            }

            assertThat(AdapterNorm.of(first)).isCloseTo(Math.sqrt(squares), withinPercentage(1e-9));
            assertThat(AdapterRank.of(first)).isCloseTo(ranks / first.products().size(), withinPercentage(1e-9));
            assertThatThrownBy(() -> new AdapterEnergy(base, adapted.transformer())
                            .compute(updates, rows("llama"), Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("adapter-energy is not known for adapters on experts");
        }
    }

    @Test
    void energyCanBeCancelledBetweenModules() {
        int[] asked = {0};
        Progress cancelled = new Progress() {
            @Override
            public void report(double fraction, String message) {}

            @Override
            public boolean cancelled() {
                return ++asked[0] > 3;
            }
        };
        try (TransformerModel base = base("llama");
                AdaptedModel adapted = adapted(base, "lora_llama/adapter_final");
                Scope scope = engine.inference()) {
            List<AdapterUpdate> updates = AdapterUpdates.of(adapted).layers();
            assertThatThrownBy(() ->
                            new AdapterEnergy(base, adapted.transformer()).compute(updates, rows("llama"), cancelled))
                    .isInstanceOf(CancelledException.class);
        }
        assertThat(asked[0]).isEqualTo(4);
    }

    private TransformerModel base(String model) {
        return TransformerModel.load(engine, Checkpoint.open(Golden.folder(model)), Engines.device(), Progress.none());
    }

    private AdaptedModel adapted(TransformerModel base, String adapter) {
        return AdaptedModel.load(base, PeftAdapter.read(Golden.folder(adapter), engine), 0);
    }

    /** Returns the rows of the fixture without their padding, so that batches pad them anew. */
    private static TokenizedDataset rows(String model) {
        try (SafetensorsFile file =
                SafetensorsFile.open(Golden.folder("lora_inputs_%s.safetensors".formatted(model)))) {
            long[] ids = Golden.longs(file, "input_ids");
            long[] mask = Golden.longs(file, "attention_mask");
            long @Nullable [] types = model.equals("bert") ? Golden.longs(file, "token_type_ids") : null;
            int length = (int) file.entry("input_ids").shape()[1];
            List<TokenRow> rows = new ArrayList<>();
            for (int from = 0; from < ids.length; from += length) {
                int size = (int) Arrays.stream(mask, from, from + length).sum();
                rows.add(new TokenRow(
                        Arrays.copyOfRange(ids, from, from + size),
                        types == null ? null : Arrays.copyOfRange(types, from, from + size)));
            }
            return new TokenizedDataset("rows", rows, new Labels.None(), 0, length);
        }
    }
}

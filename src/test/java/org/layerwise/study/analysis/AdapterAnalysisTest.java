package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jfree.chart.LegendItemCollection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.adapter.AdapterEnergy;
import org.layerwise.analysis.adapter.AdapterNorm;
import org.layerwise.analysis.adapter.AdapterRank;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.DebiasedCka;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.weights.SignalToNoise;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.Golden;

/** Layers are ranked by an adapter, with and without rows, and the files of such an analysis open again. */
class AdapterAnalysisTest {

    private static final Path LORA = Golden.folder("lora_bert/adapter_final");
    private static final Path DORA = Golden.folder("lora_bert_dora/adapter_final");

    @TempDir
    private Path folder;

    private Workbench workbench;
    private OpenModel model;
    private int liveBefore;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        liveBefore = workbench.engine().liveTensors();
        model = TinyStudy.open(workbench);
    }

    @AfterEach
    void close() {
        model.close();
        assertThat(workbench.engine().liveTensors()).isEqualTo(liveBefore);
    }

    private static AnalysisSettings settings(int draws, Measure... measures) {
        return new AnalysisSettings(
                null, 0.5, UndefinedLayers.EXCLUDE, null, List.of(measures), MeasureOptions.DEFAULTS, draws, 0, 7);
    }

    private Analysis ofRows(AnalysisSettings settings, Path adapter) {
        DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
        return new AnalysisJob(workbench, model, rows, settings, adapter).run(Progress.none(), partial -> {});
    }

    private Analysis ofAdapter(AnalysisSettings settings, Path adapter) {
        return new WeightsAnalysis(workbench, model, settings, adapter).run(Progress.none());
    }

    @Test
    void normAndRankNeedNoRowsAndAreThoseOfPeft() {
        AnalysisSettings both = settings(0, AdapterNorm.MEASURE, AdapterRank.MEASURE);
        JsonNode golden = Json.read(Golden.folder("adapter_measures.json")).path("lora_bert");

        Analysis alone = ofAdapter(both, LORA);

        assertThat(alone.results()).isEqualTo(ofRows(both, LORA).results());
        assertThat(alone.hasRows()).isFalse();
        assertThat(alone.provenance().adapter()).isEqualTo(LORA.toString());
        double squares = 0;
        double ranks = 0;
        for (ModuleImportance.Module module : alone.primary().modules().modules()) {
            JsonNode expected = golden.path(module.name());
            assertThat(module.value()).isCloseTo(expected.path("norm").doubleValue(), withinPercentage(0.001));
            if (module.layer() == 3) {
                squares += Math.pow(expected.path("norm").doubleValue(), 2);
                ranks += expected.path("rank").doubleValue() / 6;
            }
        }
        assertThat(alone.importance().of(3).orElseThrow()).isCloseTo(Math.sqrt(squares), withinPercentage(0.001));
        assertThat(alone.results().get(1).importance().of(3).orElseThrow()).isCloseTo(ranks, withinPercentage(0.001));
        assertThat(alone.importance().of(0)).isEmpty();
        assertThat(alone.importance().reason(0)).hasValue("No module of this layer has an adapter.");
    }

    @Test
    void energyHasAnIntervalAndTheOthersTheReasonWhyNot() {
        Analysis analysis =
                ofRows(settings(200, AdapterEnergy.MEASURE, AdapterNorm.MEASURE, AdapterRank.MEASURE), DORA);

        assertThat(analysis.results())
                .extracting(MeasureResult::measure)
                .containsExactly(AdapterEnergy.MEASURE, AdapterNorm.MEASURE, AdapterRank.MEASURE);
        for (int layer = 0; layer < 4; layer++) {
            if (analysis.importance().of(layer).isPresent()) {
                double value = analysis.importance().of(layer).getAsDouble();
                Interval interval =
                        analysis.primary().uncertainty().interval(layer).orElseThrow();
                assertThat(value).isStrictlyBetween(interval.low(), interval.high());
                assertThat(interval.high() - interval.low()).isLessThan(value);
            }
        }
        assertThat(analysis.results().get(1).uncertainty()).isNull();
        assertThat(analysis.remarks())
                .anyMatch(remark -> remark.startsWith("The norm of the change has no interval, since"))
                .anyMatch(remark -> remark.startsWith("The effective rank has no interval, since"))
                .anyMatch(remark -> remark.startsWith("adapter-rank is that of the product of low rank alone"));
    }

    @Test
    void standsBesideMeasuresOfTheModelWithTheAdapter() {
        Analysis analysis = ofRows(settings(0, LinearCka.MEASURE, GradientScores.FISHER, AdapterEnergy.MEASURE), LORA);

        assertThat(analysis.results()).hasSize(3);
        assertThat(analysis.result(AdapterEnergy.MEASURE)
                        .orElseThrow()
                        .importance()
                        .ranking(UndefinedLayers.EXCLUDE))
                .containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void rowsAreNotSaidToBeComparedWhereWeightsAre() {
        assertThat(AnalysisMethods.of(ofRows(settings(0, AdapterRank.MEASURE), LORA)))
                .startsWith("The 4 layers of bert were compared by an adapter's weights.");
    }

    @Test
    void theChartOfAllMeasuresNamesThemAsTheirAxesDo() {
        Analysis analysis = ofRows(settings(0, DebiasedCka.MEASURE, AdapterEnergy.MEASURE), LORA);

        assertThat(legend(AnalysisFolder.overlay(analysis)))
                .startsWith(DebiasedCka.MEASURE.importanceTitle(), AdapterEnergy.MEASURE.importanceTitle());
        assertThat(DebiasedCka.MEASURE.importanceTitle()).isEqualTo("1 − debiased CKA");
    }

    private static List<String> legend(ImportanceOverlayChart chart) {
        LegendItemCollection items = chart.chart().getLegend().getSources()[0].getLegendItems();
        return IntStream.range(0, items.getItemCount())
                .mapToObj(item -> items.get(item).getLabel())
                .toList();
    }

    @Test
    void progressRunsForwards() {
        AnalysisSettings all = settings(0, AdapterEnergy.MEASURE, AdapterNorm.MEASURE, AdapterRank.MEASURE);
        assertForwards(progress -> {
            DataSettings rows = DataSettings.of(TinyStudy.classes(folder).toString());
            new AnalysisJob(workbench, model, rows, all, LORA).run(progress, partial -> {});
        });
        AnalysisSettings weights = settings(0, AdapterRank.MEASURE, AdapterNorm.MEASURE);
        List<Double> reported =
                assertForwards(progress -> new WeightsAnalysis(workbench, model, weights, LORA).run(progress));
        assertThat(reported).as("without rows, the weights are all").anyMatch(share -> share > 0.6 && share < 0.9);
    }

    private static List<Double> assertForwards(Consumer<Progress> work) {
        List<Double> reported = new ArrayList<>();
        work.accept(new Progress() {
            @Override
            public void report(double fraction, String message) {
                reported.add(fraction);
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        });
        assertThat(reported).isNotEmpty().isSorted();
        return reported;
    }

    @Test
    void itsFilesAreReadAgain() {
        Analysis analysis = ofRows(settings(0, AdapterEnergy.MEASURE, AdapterNorm.MEASURE), LORA);
        Path out = folder.resolve("out");

        AnalysisFolder.write(analysis, out);

        assertThat(AnalysisFolder.read(out).results()).isEqualTo(analysis.results());
        assertThat(out.resolve("modules.csv"))
                .content()
                .contains("bert.encoder.layer.3.output.dense,output.dense,3,")
                .hasLineCount(1 + 12);
        assertThat(out.resolve("modules-adapter-norm.png")).isNotEmptyFile();
        assertThat(out.resolve("methods.txt"))
                .content()
                .contains("The importance of a layer was measured by energy of the adapter (Zhou et al., 2024) and"
                        + " norm of the adapter's change of the weights.");
    }

    @Test
    void methodsOfAnAdapterAlone() {
        assertThat(AnalysisMethods.of(ofAdapter(settings(0, AdapterRank.MEASURE), LORA)))
                .startsWith("The 4 layers of bert were compared by an adapter's weights. The importance of a layer was"
                        + " measured by effective rank of the adapter's change of the weights (Roy and Vetterli,"
                        + " 2007).");
    }

    @Test
    void measuresAndAdapterMustFit() {
        AnalysisSettings norm = settings(0, AdapterNorm.MEASURE);
        AnalysisSettings snr = settings(0, AdapterNorm.MEASURE, SignalToNoise.MEASURE);

        assertThatThrownBy(() -> new WeightsAnalysis(workbench, model, norm, null))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "adapter-norm measures an adapter, and none is chosen; choose its folder (--adapter DIR on the command"
                                + " line), or leave the measure out.");
        assertThatThrownBy(() -> new AnalysisJob(workbench, model, DataSettings.of("rows"), norm))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("adapter-norm measures an adapter, and none is chosen");
        assertThatThrownBy(() -> new WeightsAnalysis(workbench, model, snr, LORA))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("snr comes from the weights in the model's files");
        assertThatThrownBy(() -> RepresentationsAnalysis.requireMeasures(norm))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("adapter-norm comes from an adapter, which representations do not hold");
    }
}

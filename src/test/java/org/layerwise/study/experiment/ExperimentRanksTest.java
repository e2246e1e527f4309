package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.Yaml;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.RankRule;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.analysis.ModuleSelection;
import org.layerwise.study.experiment.rules.LayerChoice;

/** Arms whose ranks are spread, and arms by the adapter of a probe. */
class ExperimentRanksTest extends TinyExperiment {

    private static final int STEPS = 10;
    private static final List<Double> RATES = List.of(5e-3, 1e-3, 2e-3);

    private ExperimentSettings settings(List<Double> rates, String out, String... arms) {
        return settings(training(STEPS, 4, 6, rows), AnalysisSettings.defaults(), arms(arms), rates, 1, out);
    }

    @Test
    void ranksAreThoseThatSelectSpreadsWithinTheRatio() {
        ExperimentSettings settings = settings(
                List.of(1e-3), "out", "all", "snr-ranks", "eva-ranks", "block-influence-ranks", "eva-mlp-ranks");
        ExperimentResult result = run(settings, Progress.none(), ExperimentListener.none());

        Analysis analysis = AnalysisFolder.read(settings.out().resolve("analysis"));
        long all = (long) result.arms().get(0).adapterParameters();
        Set<Integer> different = new TreeSet<>();
        for (ArmResult arm : result.arms().subList(1, 5)) {
            SettingValues values = CellSettings.adapter(
                            model, settings.training().adapter(), arm.arm())
                    .values();
            MeasureResult measure = analysis.result(
                            ((LayerChoice.ByMeasure) arm.arm().choice()).measure())
                    .orElseThrow();
            ModuleSelection modules = new ModuleSelection(model.outline(), measure, values);
            LayerSelection whole = LayerSelector.select(
                    measure.importance(),
                    new SelectionRule.TopRatio(1),
                    LayerLocks.none(),
                    analysis.settings().undefined());
            RankRule rule = measure.measure().id().equals("eva") ? RankRule.EVA : RankRule.PROPORTIONAL;
            LayerSelection expected =
                    modules.withRanks(whole, new RankBudget(RankBudget.parameters("50%", modules.full()), rule, 1, 64));

            Run run = Run.open(arm.runs().get(0).summary().folder());
            JsonNode config = Json.read(run.adapter().resolve("adapter_config.json"));
            int highest = config.path("r").asInt();
            Map<String, Integer> ranks = expected.modules().ranks();
            different.addAll(ranks.values());
            assertThat(config.path("target_modules").size()).isEqualTo(ranks.size());
            ranks.forEach((name, rank) -> {
                assertThat(config.path("rank_pattern").path(name).asInt(highest))
                        .as(name)
                        .isEqualTo(rank);
                assertThat(config.path("alpha_pattern").path(name).asDouble(1.5 * highest))
                        .as("one scale everywhere, alpha / r of 6 / 4")
                        .isEqualTo(1.5 * rank);
            });
            assertThat(arm.adapterParameters())
                    .isEqualTo(modules.parameters(expected))
                    .isBetween(0.3 * modules.full(), 0.5 * modules.full());
            if (arm.arm().modules() == null) {
                assertThat(modules.full()).isEqualTo(all);
            }
        }
        assertThat(different).hasSizeGreaterThan(2);
    }

    @Test
    void aProbeThatWasStoppedGoesOnAndItsAdapterChoosesLayers() throws Exception {
        ExperimentSettings settings = settings(RATES, "out", "all", "adapter-energy", "adapter-norm-ranks", "snr");
        RunCounter first = new RunCounter(1);
        assertThatThrownBy(() -> run(settings, first, first)).isInstanceOf(CancelledException.class);
        Cell probe = new Cell(Arm.ALL, 2e-3, 6, Cell.Purpose.PROBE);
        assertThat(first.begun).containsExactly(probe);
        Path place = settings.out().resolve("runs/probe/all-lr0.002-seed6");
        assertThat(Run.open(place).state()).isEqualTo(RunState.CANCELLED);

        RunCounter second = new RunCounter();
        ExperimentResult result = run(settings, second, second);
        assertThat(second.begun).startsWith(probe);
        assertThat(second.begun.stream().filter(cell -> cell.purpose() == Cell.Purpose.PROBE))
                .hasSize(1);
        assertThat(second.numbers.get(0)).isEqualTo(1);
        assertThat(second.numbers).last().isEqualTo(second.all);
        assertThat(Run.open(place).summary().orElseThrow().steps()).isEqualTo(3);
        assertThat(Run.open(place).identity().test()).as("no test rows").isNull();
        assertThat(Yaml.read(settings.out().resolve("plan.yaml")).path("probe").asText())
                .isEqualTo("all, learning rate 0.002, 3 steps, seed 6");
        assertThat(result.remarks()).anyMatch(remark -> remark.contains("that of a probe: all layers"));

        Analysis found = AnalysisFolder.read(place.resolve("analysis"));
        Analysis again = new AnalysisJob(
                        workbench,
                        model,
                        settings.data(),
                        settings.analysis().with(settings.measuresOfAdapter()),
                        place.resolve("adapter"))
                .run(Progress.none(), partial -> {});
        assertThat(found.results())
                .extracting(MeasureResult::modules)
                .isEqualTo(again.results().stream().map(MeasureResult::modules).toList());
        assertThat(result.arms().get(1).runs().get(0).summary().layers())
                .isEqualTo(again.proposed(again.results().get(0)).layers());

        ExperimentResult unbroken = run(
                settings(RATES, "whole", "all", "adapter-energy", "adapter-norm-ranks", "snr"),
                Progress.none(),
                ExperimentListener.none());
        assertThat(unbroken.arms())
                .extracting(ArmResult::values)
                .isEqualTo(result.arms().stream().map(ArmResult::values).toList());

        Path moved = Files.move(settings.out(), folder.resolve("moved"));
        RunCounter third = new RunCounter();
        run(
                settings(RATES, moved.getFileName().toString(), "all", "adapter-energy", "adapter-norm-ranks", "snr"),
                third,
                third);
        assertThat(third.begun).as("nothing is trained or analysed again").isEmpty();
        assertThat(AnalysisFolder.read(moved.resolve("runs/probe/all-lr0.002-seed6/analysis"))
                        .provenance())
                .isEqualTo(found.provenance());

        Path swapped = moved.resolve("runs/probe/all-lr0.002-seed6/adapter/adapter_model.safetensors");
        Path another = moved.resolve("runs/sweep/all-lr0.002-seed6/adapter/adapter_model.safetensors");
        Files.copy(another, swapped, StandardCopyOption.REPLACE_EXISTING);
        ExperimentSettings same =
                settings(RATES, moved.getFileName().toString(), "all", "adapter-energy", "adapter-norm-ranks", "snr");
        assertThatThrownBy(() -> run(same, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "The weights of %s have changed since the analysis".formatted(swapped.getParent()));
    }

    @Test
    void ranksOfSettingsAndOfArmsExcludeEachOther() {
        ExperimentSettings usual = settings(List.of(1e-3), "out", "all", "snr-ranks");
        ExperimentSettings settings = new ExperimentSettings(
                usual.model(),
                usual.data(),
                usual.training().with(LoraSettings.RANK_PATTERN, Map.of("q_proj", 2)),
                usual.analysis(),
                usual.arms(),
                usual.rates(),
                usual.seeds(),
                usual.out());
        assertThatThrownBy(() -> run(settings, Progress.none(), ExperimentListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has ranks of its own, so leave out --rank-pattern");
        assertThat(settings.out()).doesNotExist();
    }
}

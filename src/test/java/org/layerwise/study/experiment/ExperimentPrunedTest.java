package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Yaml;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.run.RunStore;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.study.adapter.PruningJob;
import org.layerwise.study.adapter.PruningOrder;
import org.layerwise.study.adapter.PruningResult;
import org.layerwise.study.adapter.PruningTarget;
import org.layerwise.study.experiment.statistics.Coverage;

/** The arm of adapters of all layers that are pruned after training. */
class ExperimentPrunedTest extends TinyExperiment {

    private static final int STEPS = 6;

    private ExperimentSettings settings(List<Double> rates, SettingValues analysis, String metric, String... arms) {
        return settings(
                training(STEPS, 2, 4, rows).with(RunSettings.BEST_METRIC, metric),
                new AnalysisSettings(analysis),
                arms(arms),
                rates,
                2,
                "experiment");
    }

    private ExperimentSettings settings(String... arms) {
        return settings(List.of(5e-3), SettingValues.none(), "accuracy", arms);
    }

    private ExperimentResult run(ExperimentSettings settings, ExperimentListener listener) {
        return run(settings, Progress.none(), listener);
    }

    @ParameterizedTest
    @ValueSource(strings = {"accuracy", "loss"})
    void theAdapterOfAllLayersIsPrunedAndNothingIsTrained(String metric) throws IOException {
        RunCounter ear = new RunCounter();
        ExperimentSettings settings =
                settings(List.of(1e-3, 5e-3), SettingValues.none(), metric, "pruned", "all", "random");
        ExperimentResult result = run(settings, ear);

        assertThat(ear.begun).hasSize(8).allMatch(cell -> cell.arm().isTrained());
        assertThat(ear.all).isEqualTo(8);
        assertThat(ear.ended).filteredOn(cell -> !cell.arm().isTrained()).hasSize(2);
        ArmResult all = result.arm(Arm.ALL).orElseThrow();
        ArmResult pruned = result.arm(Arm.PRUNED).orElseThrow();
        assertThat(pruned.rate()).isEqualTo(all.rate());
        assertThat(pruned.tried()).isEmpty();
        assertThat(pruned.adapterParameters())
                .isEqualTo(all.adapterParameters() / 2)
                .isEqualTo(result.arm(Arm.RANDOM).orElseThrow().adapterParameters());
        assertThat(all.trainableParameters() - pruned.trainableParameters())
                .isEqualTo(all.adapterParameters() - pruned.adapterParameters());
        assertThat(pruned.secondsPerStep()).isEqualTo(all.secondsPerStep());
        assertThat(pruned.peakMemoryBytes()).isEqualTo(all.peakMemoryBytes());
        assertThat(pruned.fromAll()).isNotNull();
        assertThat(pruned.fromAll().seeds()).isEqualTo(2);
        assertThat(pruned.fromAll().coverage()).isEqualTo(Coverage.SEEDS_AND_ROWS);
        assertThat(pruned.fromRandom()).isNotNull();

        for (int i = 0; i < 2; i++) {
            FinalRun one = pruned.runs().get(i);
            PruningResult same = prune(all.runs().get(i), one.summary().layers().size(), i);
            assertThat(one.summary().layers())
                    .isEqualTo(Objects.requireNonNull(same.kept()).layers());
            assertThat(one.summary().adapterParameters()).isEqualTo(same.kept().parameters());
            assertThat(one.own().loss())
                    .isCloseTo(same.kept().evaluation().loss(), within(1e-6))
                    .isNotCloseTo(all.runs().get(i).own().loss(), within(1e-6));
            assertThat(one.own().metrics()).isEqualTo(same.kept().evaluation().metrics());
            assertThat(Objects.requireNonNull(one.summary().after()).loss())
                    .isEqualTo(one.own().loss());
            assertThat(one.predictions()).isNotNull();
            Run run = Run.open(settings.out().resolve(one.cell().folder()));
            assertThat(run.folder())
                    .hasFileName("pruned-lr%s-seed%s".formatted(one.cell().rate(), 7 + i));
            assertThat(run.state()).isEqualTo(RunState.FINISHED);
            assertThat(run.layers()).isEqualTo(one.summary().layers());
            assertThat(run.evaluatedRows()).containsOnlyKeys("validation", "test");
            assertThat(run.history().steps()).isEmpty();
        }
        assertThat(new RunStore(settings.out()).runs(remark -> {})).hasSize(10);
        assertThat(Yaml.read(settings.out().resolve("plan.yaml")).path("pruned").asText())
                .isEqualTo("all of the same seed, by adapter-energy to ratio 0.5, without training");
        assertThat(Files.readString(settings.out().resolve("results.csv"))).contains("\nfinal,pruned,");
        assertThat(Files.readString(settings.out().resolve("report.md")))
                .contains("| pruned after training |", "What is pruned after training is the adapter of all layers");
        assertThat(ExperimentReport.remarks(result))
                .filteredOn(remark -> remark.contains("that was tried for"))
                .noneMatch(remark -> remark.contains("pruned"));
    }

    private PruningResult prune(FinalRun whole, int layers, int number) {
        return new PruningJob(
                        workbench,
                        model,
                        whole.summary().folder().resolve("adapter"),
                        DataSettings.of(rows).withSamples(DataSettings.ALL),
                        null,
                        PruningOrder.ENERGY,
                        new PruningTarget.Layers(layers),
                        null,
                        folder.resolve("pruned" + number))
                .run(Progress.none());
    }

    @Test
    void finishedRunsStayAndThoseOfOtherAdaptersAreMadeAnew() throws IOException {
        ExperimentSettings settings = settings("all", "pruned");
        ExperimentResult first = run(settings, new RunCounter());
        Path one = first.arm(Arm.PRUNED).orElseThrow().runs().get(0).summary().folder();
        Path other = first.arm(Arm.PRUNED).orElseThrow().runs().get(1).summary().folder();
        String made = Files.readString(one.resolve("run.json"));
        String madeOther = Files.readString(other.resolve("run.json"));

        RunCounter ear = new RunCounter();
        ExperimentResult second = run(settings, ear);
        assertThat(ear.begun).isEmpty();
        assertThat(ear.noted).noneMatch(note -> note.contains("runed"));
        assertThat(one.resolve("run.json")).hasContent(made);
        assertThat(second.arms())
                .usingRecursiveComparison()
                .ignoringFieldsOfTypes(ArmResult.Difference.class) // may hold NaN
                .isEqualTo(first.arms());

        Files.copy(
                other.resolve("adapter/adapter_model.safetensors"),
                one.resolve("adapter/adapter_model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        ExperimentResult third = run(settings, ear);
        assertThat(ear.noted)
                .anyMatch(note -> note.startsWith("The run in %s is made anew: it is not known to be".formatted(one)))
                .noneMatch(note -> note.contains(other.toString()));
        assertThat(Files.readString(one.resolve("run.json"))).isNotEqualTo(made);
        assertThat(other.resolve("run.json")).hasContent(madeOther);
        assertThat(third.arms())
                .usingRecursiveComparison()
                .ignoringFieldsOfTypes(ArmResult.Difference.class)
                .isEqualTo(first.arms());
    }

    @ParameterizedTest
    @CsvSource({
        "pruned, 0.5, false, The arm pruned is made from the adapters of all layers",
        "'all,pruned', 1.0, false, The arm pruned keeps as many layers as --ratio says",
        "'all,pruned', 0.5, true, The arm pruned is measured on this computer"
    })
    void whatCannotBePrunedIsRefused(String arms, double ratio, boolean onCluster, String sentence) {
        ExperimentSettings settings = settings(
                List.of(5e-3), SettingValues.none().with(AnalysisSettings.RATIO, ratio), "accuracy", arms.split(","));
        assertThatThrownBy(() -> new ExperimentRequirements(model, settings, onCluster).requireAll())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(sentence);
    }
}

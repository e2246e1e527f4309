package org.layerwise.study.experiment;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.OptimiserSettings;

/** Experiments on a tiny model that is open, with labelled rows. */
abstract class TinyExperiment {

    @TempDir
    Path folder;

    Workbench workbench;
    OpenModel model;
    String rows;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
        rows = TinyStudy.classes(folder).toString();
    }

    @AfterEach
    void close() {
        model.close();
        workbench.close();
    }

    /** Returns the arms of some ids. */
    static List<Arm> arms(String... ids) {
        return Stream.of(ids).map(id -> Arm.of(id).orElseThrow()).toList();
    }

    /** Returns the settings of trainings of some steps on adapters of some rank, with the rows as validation rows. */
    TrainingSettings training(int steps, int rank, double alpha, @Nullable String test) {
        return TrainingSettings.defaults()
                .with(SettingValues.none().with(OptimiserSettings.STEPS, steps))
                .with(AdapterSettings.DEFAULTS.withRank(rank, alpha))
                .withHeldOut(rows, test)
                .withSeed(7);
    }

    /** Returns the settings of an experiment in a folder of a name. */
    ExperimentSettings settings(
            TrainingSettings training,
            AnalysisSettings analysis,
            List<Arm> arms,
            List<Double> rates,
            int seeds,
            String out) {
        return new ExperimentSettings(
                ModelSettings.of(TinyStudy.MODEL).onDevice("cpu"),
                DataSettings.of(rows).withBatch(4),
                training,
                analysis,
                arms,
                rates,
                seeds,
                folder.resolve(out));
    }

    ExperimentResult run(ExperimentSettings settings, Progress progress, ExperimentListener listener) {
        return new ExperimentJob(workbench, model, settings).run(new PauseSwitch(), progress, listener);
    }
}

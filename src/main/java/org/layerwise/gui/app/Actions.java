package org.layerwise.gui.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.layerwise.gui.analysis.AnalysisFiles;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.data.DataViewModel;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.study.ConfigurationFiles;
import org.layerwise.gui.study.Pane;
import org.layerwise.run.Run;
import org.layerwise.run.RunConfig;
import org.layerwise.study.comparison.TrajectoryFolder;
import org.layerwise.study.document.StudyFile;
import org.layerwise.study.experiment.ExperimentFolder;
import org.layerwise.study.model.AdapterBaseModel;

/**
 * Actions of menus, buttons and dropped files that involve more than one pane.
 *
 * @param show brings a pane to the front
 */
record Actions(ViewModels models, FileDialogs files, Consumer<Pane> show) {

    /** Shows the model pane with the choice of a model. */
    void openModel() {
        show.accept(Pane.MODEL);
        models.model().choosingProperty().set(true);
    }

    void openData() {
        files.openDataFile().ifPresent(this::openData);
    }

    /** Opens the sample model and the sample task, and starts the analysis. */
    void openSample() {
        show.accept(Pane.ANALYSIS);
        models.model().open(ModelViewModel.SAMPLE, () -> models.data()
                .open(DataViewModel.DEFINITIONS, models.analysis()::analyze));
    }

    /**
     * Opens a file or folder according to its type:
     *
     * <ul>
     *   <li>a file that ends in {@code .layerwise}: study
     *   <li>a folder with an {@code analysis.json}, or that file: analysis
     *   <li>a folder with a {@code checkpoints.json}, or that file: importance of layers over a training
     *   <li>a folder with an {@code experiment.yaml}: experiment
     *   <li>a folder with a {@code run.json}: run
     *   <li>a folder with an {@code adapter_config.json}: adapter, to be analyzed beside its model
     *   <li>any other folder: model
     *   <li>a YAML file: configuration
     *   <li>a file with the name of a selection file: selection
     *   <li>any other file: table
     * </ul>
     */
    void open(Path path) {
        if (StudyFile.isStudy(path)) {
            models.study().open(path);
        } else if (AnalysisFiles.isAnalysis(path)) {
            in(Pane.ANALYSIS, () -> models.analysisFiles().open(path));
        } else if (TrajectoryFolder.isOne(path)) {
            in(Pane.COMPARE, () -> models.trajectory().open(path));
        } else if (ExperimentFolder.isOne(path)) {
            in(Pane.EXPERIMENT, () -> models.experiment().open(path));
        } else if (Run.isRun(path)) {
            in(Pane.RUNS, () -> models.runs().open(path));
        } else if (AdapterBaseModel.isAdapter(path)) {
            openAdapter(path);
        } else if (Files.isDirectory(path)) {
            in(Pane.MODEL, () -> models.model().open(path));
        } else if (ConfigurationFiles.isConfiguration(path)) {
            openConfiguration(path);
        } else if (isSelection(path)) {
            models.selectionFiles().open(path);
        } else {
            openData(path);
        }
    }

    /** Asks for a model folder and opens what is in it; an adapter with its base model. */
    void openModelFolder() {
        files.openModelFolder().ifPresent(folder -> {
            if (AdapterBaseModel.isAdapter(folder)) {
                openAdapterWithBase(folder);
            } else {
                open(folder);
            }
        });
    }

    void openAnalysis() {
        in(Pane.ANALYSIS, () -> models.analysisFiles().open());
    }

    /** Asks for the folder of an adapter, and takes it into the next analysis. */
    void openAdapter() {
        models.adapter().open(() -> show.accept(Pane.ANALYSIS));
    }

    /** Opens an adapter and the model that it was trained on, and takes the adapter into the next analysis. */
    void openAdapterWithBase(Path folder) {
        models.adapter().openWithBase(folder, () -> show.accept(Pane.ANALYSIS));
    }

    /** Takes an adapter into the next analysis; without a model, the model pane shows how its base model is opened. */
    private void openAdapter(Path folder) {
        if (models.session().modelProperty().get() == null) {
            show.accept(Pane.MODEL);
        }
        models.adapter().open(folder, () -> show.accept(Pane.ANALYSIS));
    }

    /** Asks for a folder with the importance of layers over a training, and shows it in the compare pane. */
    void openTrajectory() {
        in(Pane.COMPARE, () -> models.trajectory().open());
    }

    /** Asks for a folder of checkpoints, and computes the importance of layers over the training in the compare pane. */
    void computeTrajectory() {
        in(Pane.COMPARE, () -> models.trajectory().compute());
    }

    /** Computes the importance of layers over a run in the compare pane. */
    void computeTrajectory(Path run) {
        in(Pane.COMPARE, () -> models.trajectory().compute(run));
    }

    void openConfiguration() {
        files.openConfigurationFile().ifPresent(this::openConfiguration);
    }

    void chooseData() {
        show.accept(Pane.DATA);
    }

    void analyze() {
        in(Pane.ANALYSIS, () -> models.analysis().analyze());
    }

    /** Shows the training pane with the keyboard focus in its form. */
    void goToTraining() {
        in(Pane.TRAINING, () -> models.training().focusForm());
    }

    /** Shows the experiment pane and does something there. */
    void inExperiment(Runnable action) {
        in(Pane.EXPERIMENT, action);
    }

    /** Asks for a folder of runs and shows its runs in the runs pane. */
    void openRuns() {
        in(Pane.RUNS, () -> models.runs().open());
    }

    /** Shows a run in the training pane. */
    void watch(RunEntry run) {
        models.runs().watch(run);
        show.accept(Pane.TRAINING);
    }

    /** Adds a run to those that the runs pane compares, and shows the pane. */
    void compare(RunEntry run) {
        run.chosenProperty().set(true);
        show.accept(Pane.RUNS);
    }

    /** Shows the predictions pane with the adapter of a run as what predicts. */
    void predict(RunEntry run) {
        in(Pane.PREDICTIONS, () -> models.predictions().choose(run));
    }

    /** Fills all panes with the settings of a run, to change some of them and train again. */
    void repeat(Path run) {
        in(Pane.TRAINING, () -> models.configurationFiles().open(run.resolve(RunConfig.NAME)));
    }

    private void openConfiguration(Path file) {
        in(Pane.MODEL, () -> models.configurationFiles().open(file));
    }

    private void openData(Path file) {
        in(Pane.DATA, () -> models.data().open(file.toString()));
    }

    private void in(Pane pane, Runnable action) {
        show.accept(pane);
        action.run();
    }

    private static boolean isSelection(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.startsWith("selection") && name.endsWith(".json");
    }
}

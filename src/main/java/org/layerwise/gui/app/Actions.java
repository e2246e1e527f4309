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
import org.layerwise.study.document.StudyFile;

/** Actions of menus, buttons and dropped files that involve more than one pane. */
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
     *   <li>a folder with a {@code run.json}: run
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
            openAnalysis(path);
        } else if (Run.isRun(path)) {
            openRuns(path);
        } else if (Files.isDirectory(path)) {
            openModel(path);
        } else if (ConfigurationFiles.isConfiguration(path)) {
            openConfiguration(path);
        } else if (isSelection(path)) {
            models.selectionFiles().open(path);
        } else {
            openData(path);
        }
    }

    void openAnalysis() {
        show.accept(Pane.ANALYSIS);
        models.analysisFiles().open();
    }

    void openConfiguration() {
        files.openConfigurationFile().ifPresent(this::openConfiguration);
    }

    void chooseData() {
        show.accept(Pane.DATA);
    }

    void analyze() {
        show.accept(Pane.ANALYSIS);
        models.analysis().analyze();
    }

    void goToTraining() {
        show.accept(Pane.TRAINING);
    }

    /** Asks for a folder of runs and shows its runs in the runs pane. */
    void openRuns() {
        show.accept(Pane.RUNS);
        models.runs().open();
    }

    /** Shows a run in the training pane. */
    void watch(RunEntry run) {
        models.runs().watch(run);
        show.accept(Pane.TRAINING);
    }

    private void openRuns(Path folder) {
        show.accept(Pane.RUNS);
        models.runs().open(folder);
    }

    private void openModel(Path folder) {
        show.accept(Pane.MODEL);
        models.model().open(folder);
    }

    private void openAnalysis(Path place) {
        show.accept(Pane.ANALYSIS);
        models.analysisFiles().open(place);
    }

    private void openConfiguration(Path file) {
        show.accept(Pane.MODEL);
        models.configurationFiles().open(file);
    }

    private void openData(Path file) {
        show.accept(Pane.DATA);
        models.data().open(file.toString());
    }

    private static boolean isSelection(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.startsWith("selection") && name.endsWith(".json");
    }
}

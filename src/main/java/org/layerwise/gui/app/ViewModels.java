package org.layerwise.gui.app;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javafx.beans.Observable;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.gui.analysis.AnalysisFiles;
import org.layerwise.gui.analysis.AnalysisViewModel;
import org.layerwise.gui.analysis.ChartFiles;
import org.layerwise.gui.analysis.HiddenStateMapViewModel;
import org.layerwise.gui.analysis.ModulesViewModel;
import org.layerwise.gui.analysis.PageViewModels;
import org.layerwise.gui.analysis.RankBudgetViewModel;
import org.layerwise.gui.analysis.StabilityViewModel;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ExportOptionsStore;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.compare.CompareViewModel;
import org.layerwise.gui.compare.TrajectoryViewModel;
import org.layerwise.gui.data.DataViewModel;
import org.layerwise.gui.experiment.ExperimentForm;
import org.layerwise.gui.experiment.ExperimentViewModel;
import org.layerwise.gui.experiment.SharedSettings;
import org.layerwise.gui.model.ArchitectureViewModel;
import org.layerwise.gui.model.CacheViewModel;
import org.layerwise.gui.model.HubViewModel;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.model.RecentFolders;
import org.layerwise.gui.prediction.PredictionsViewModel;
import org.layerwise.gui.preferences.ClusterQuestions;
import org.layerwise.gui.preferences.ClustersViewModel;
import org.layerwise.gui.run.RunController;
import org.layerwise.gui.run.RunsViewModel;
import org.layerwise.gui.run.UnfinishedRunStore;
import org.layerwise.gui.selection.NamedSelections;
import org.layerwise.gui.selection.SelectionExports;
import org.layerwise.gui.selection.SelectionFiles;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.study.AdapterOpening;
import org.layerwise.gui.study.CommandCopies;
import org.layerwise.gui.study.ConfigurablePanes;
import org.layerwise.gui.study.ConfigurationFiles;
import org.layerwise.gui.study.RecentStudies;
import org.layerwise.gui.study.RecoveryViewModel;
import org.layerwise.gui.study.StudyPanes;
import org.layerwise.gui.study.StudyViewModel;
import org.layerwise.gui.study.StudyWindows;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.gui.training.Field;
import org.layerwise.gui.training.TrainingForm;
import org.layerwise.gui.training.TrainingViewModel;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.document.RecoveryStore;

/** All view models of one study session, connected to each other. Independent of the JavaFX toolkit. */
record ViewModels(
        StudySession session,
        ModelViewModel model,
        CacheViewModel cache,
        HubViewModel hub,
        ArchitectureViewModel architecture,
        DataViewModel data,
        AnalysisViewModel analysis,
        AnalysisFiles analysisFiles,
        AdapterOpening adapter,
        StabilityViewModel stability,
        CompareViewModel compare,
        TrajectoryViewModel trajectory,
        SelectionViewModel selection,
        PageViewModels pages,
        TrainingViewModel training,
        RunsViewModel runs,
        PredictionsViewModel predictions,
        ExperimentViewModel experiment,
        RunController work,
        ClustersViewModel clusters,
        FigureExporter exports,
        SelectionFiles selectionFiles,
        ChartFiles chartFiles,
        ConfigurationFiles configurationFiles,
        CommandCopies stepCopies,
        NamedSelections kept,
        SelectionExports selectionExports,
        StudyViewModel study,
        RecoveryViewModel recovery) {

    /**
     * Services that the view models use.
     *
     * @param access returns access to the clusters of the user who answers questions
     * @param recent model folders that were opened before
     * @param recentStudies study files that were opened before
     * @param remembered runs that have not ended
     * @param lastExports options of the last export of each kind of figure
     * @param windows opens further studies
     * @param places folders for runs and for recovery copies of open studies
     * @param web opens an address in the browser
     */
    record World(
            Workbench workbench,
            Function<SshQuestions, ClusterAccess> access,
            WorkQueue queue,
            FxExecutor ui,
            FileDialogs files,
            Dialogs dialogs,
            RecentFolders recent,
            RecentStudies recentStudies,
            UnfinishedRunStore remembered,
            ExportOptionsStore lastExports,
            StudyWindows windows,
            DefaultFolders places,
            Clock clock,
            Consumer<URI> web) {}

    static ViewModels of(World world, BooleanSupplier dark) {
        StudySession session = new StudySession();
        TrainingForm form = new TrainingForm();
        SelectionViewModel selection = new SelectionViewModel(
                session,
                rank(form),
                form.adapter().targetModules().valueProperty(),
                form.adapter().targetParameters().valueProperty(),
                form.adapter().variantProperty());
        ClusterQuestions questions = new ClusterQuestions(world.ui, world.dialogs);
        ClusterAccess access = world.access.apply(questions);
        ClustersViewModel clusters = new ClustersViewModel(access, world.queue, world.ui, world.dialogs);
        RunLocation analyzeOn = new RunLocation(clusters.places());
        RunLocation trainOn = new RunLocation(clusters.places());
        RunController work = new RunController(
                session, world.workbench, access, world.queue, world.ui, world.dialogs, world.remembered, world.clock);
        AnalysisViewModel analysis = new AnalysisViewModel(
                session, world.workbench, access, world.queue, world.ui, world.dialogs, analyzeOn, work::leaving);
        analysis.form().proposeBy(selection.ratioProperty()::get, selection::undefined);
        FigureExporter exports = new FigureExporter(world.queue, world.files, world.dialogs, world.lastExports, dark);
        ModelViewModel model = new ModelViewModel(session, world.workbench, world.queue, world.dialogs, world.recent);
        HubViewModel hub = new HubViewModel(session, world.workbench, world.queue, world.dialogs, model);
        DataViewModel data = new DataViewModel(session, world.workbench, world.queue, world.dialogs);
        NamedSelections kept = new NamedSelections(session, selection);
        SelectionFiles selectionFiles = new SelectionFiles(selection, kept, world.queue, world.files, world.dialogs);
        RecoveryStore store = new RecoveryStore(world.places.recovery(), world.clock);
        ExperimentForm experimentForm = new ExperimentForm(selection.ratioProperty());
        StudyPanes panes = new StudyPanes(
                session, model, data, analysis.form(), analyzeOn, selection, form, trainOn, experimentForm);
        StudyViewModel study = new StudyViewModel(
                panes,
                new StudyViewModel.World(
                        world.queue,
                        world.ui,
                        world.files,
                        world.dialogs,
                        world.recentStudies,
                        world.windows,
                        store,
                        world.places.runs()));
        TrainingViewModel training = new TrainingViewModel(
                session,
                world.workbench,
                form,
                selection.selectionProperty(),
                selectionFiles::saved,
                trainOn,
                work,
                world.queue,
                world.ui,
                study::runsFolder,
                world.clock);
        RunsViewModel runs =
                new RunsViewModel(session, world.queue, world.ui, world.files, world.dialogs, exports, work);
        ExperimentViewModel experiment = new ExperimentViewModel(
                session,
                world.workbench,
                experimentForm,
                new SharedSettings(
                        () -> form.settings(null),
                        form.optimiser().batch()::get,
                        form::mistake,
                        analysis.form()::ofModelAlone,
                        inputs(form, analysis)),
                new ExperimentViewModel.World(
                        world.queue,
                        world.ui,
                        world.files,
                        world.dialogs,
                        exports,
                        study::runsFolder,
                        world.clock,
                        world.web));
        CommandCopies copies = new CommandCopies(session, model, training);
        SelectionExports selectionExports = new SelectionExports(
                session,
                selection,
                new SelectionExports.Training(form::settingValues, form.values()),
                world.queue,
                world.ui,
                world.files,
                world.dialogs,
                copies::selection);
        StabilityViewModel stability = new StabilityViewModel(session, analysis, exports);
        CompareViewModel compare = new CompareViewModel(session, selection, exports);
        TrajectoryViewModel trajectory = new TrajectoryViewModel(
                session,
                new TrajectoryViewModel.Sources(
                        world.workbench, analysis.form()::ofModelAlone, analysis.form()::settings, study::runsFolder),
                world.queue,
                world.files,
                world.dialogs,
                exports);
        ModulesViewModel modules = new ModulesViewModel(session, selection, adapters(form), world.queue);
        PageViewModels pages = new PageViewModels(
                modules,
                new RankBudgetViewModel(modules, selection, world.queue, kept::keep),
                new HiddenStateMapViewModel(session, world.queue, world.dialogs));
        ChartFiles chartFiles = new ChartFiles(session, analysis, selection, pages, exports);
        exports.offer(FigureExporter.Part.DATA, data::figures);
        exports.offer(FigureExporter.Part.ANALYSIS, chartFiles::figures);
        exports.offer(FigureExporter.Part.STABILITY, stability::figures);
        exports.offer(FigureExporter.Part.COMPARISON, () -> Stream.concat(
                        compare.figures().stream(), trajectory.figures().stream())
                .toList());
        exports.offer(FigureExporter.Part.RUNS, runs::figures);
        PredictionsViewModel predictions =
                new PredictionsViewModel(session, world.workbench, world.queue, world.files, exports);
        exports.offer(FigureExporter.Part.PREDICTIONS, predictions::figures);
        exports.offer(FigureExporter.Part.EXPERIMENT, experiment::figures);
        return new ViewModels(
                session,
                model,
                new CacheViewModel(world.workbench, world.queue, model),
                hub,
                new ArchitectureViewModel(session),
                data,
                analysis,
                new AnalysisFiles(session, world.queue, world.files, world.dialogs),
                new AdapterOpening(session, model, hub, analysis.form(), world.queue, world.files, world.dialogs),
                stability,
                compare,
                trajectory,
                selection,
                pages,
                training,
                runs,
                predictions,
                experiment,
                work,
                clusters,
                exports,
                selectionFiles,
                chartFiles,
                new ConfigurationFiles(
                        session,
                        world.queue,
                        world.ui,
                        world.dialogs,
                        new ConfigurablePanes(panes, hub, selectionFiles)),
                copies,
                kept,
                selectionExports,
                study,
                new RecoveryViewModel(store, world.queue, world.dialogs, world.windows, study));
    }

    /** Returns the rank, the variant and the targets of the adapters; null while the text in the rank field is invalid. */
    private static ObservableValue<@Nullable SettingValues> adapters(TrainingForm form) {
        ObservableValue<@Nullable Integer> rank = rank(form);
        Field<List<String>> targets = form.adapter().targetModules();
        ObservableValue<LoraVariant> variant = form.adapter().variantProperty();
        return Bindings.createObjectBinding(
                () -> rank.getValue() == null
                        ? null
                        : SettingValues.none()
                                .with(LoraSettings.RANK, rank.getValue())
                                .with(LoraSettings.VARIANT, variant.getValue())
                                .with(
                                        LoraSettings.TARGET_MODULES,
                                        Optional.of(List.copyOf(targets.get())).filter(names -> !names.isEmpty())),
                rank,
                variant,
                targets.valueProperty());
    }

    /** Returns the values of other forms that an experiment depends on. */
    private static List<Observable> inputs(TrainingForm form, AnalysisViewModel analysis) {
        return Stream.concat(
                        form.fields().flatMap(field -> Stream.of(field.valueProperty(), field.mistakeProperty())),
                        analysis.form().parts().stream())
                .map(Observable.class::cast)
                .toList();
    }

    /** Returns the LoRA rank that parameter counts use; null while the text in the rank field is invalid. */
    private static ObservableValue<@Nullable Integer> rank(TrainingForm form) {
        Field<Integer> rank = form.adapter().rank();
        return Bindings.createObjectBinding(
                () -> rank.mistakeProperty().get().isEmpty() ? rank.get() : null,
                rank.valueProperty(),
                rank.mistakeProperty());
    }
}

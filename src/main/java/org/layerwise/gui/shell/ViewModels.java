package org.layerwise.gui.shell;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.layerwise.gui.analysis.AnalysisFiles;
import org.layerwise.gui.analysis.AnalysisViewModel;
import org.layerwise.gui.analysis.ChartFiles;
import org.layerwise.gui.chart.Exports;
import org.layerwise.gui.compare.CompareViewModel;
import org.layerwise.gui.config.ConfigurationFiles;
import org.layerwise.gui.config.ConfiguredPanes;
import org.layerwise.gui.config.StepCopies;
import org.layerwise.gui.data.DataViewModel;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.FileDialogs;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.gui.model.ArchitectureViewModel;
import org.layerwise.gui.model.CacheViewModel;
import org.layerwise.gui.model.HubViewModel;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.model.RecentFolders;
import org.layerwise.gui.runs.RememberedRuns;
import org.layerwise.gui.runs.RunsAtWork;
import org.layerwise.gui.runs.RunsViewModel;
import org.layerwise.gui.selection.SelectionFiles;
import org.layerwise.gui.selection.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.stability.StabilityViewModel;
import org.layerwise.gui.tasks.Ui;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.gui.training.TrainingForm;
import org.layerwise.gui.training.TrainingViewModel;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.PeftFragment;

/** All view models over one session, wired to each other. Needs no toolkit. */
record ViewModels(
        StudySession session,
        ModelViewModel model,
        CacheViewModel cache,
        HubViewModel hub,
        ArchitectureViewModel architecture,
        DataViewModel data,
        AnalysisViewModel analysis,
        AnalysisFiles analysisFiles,
        StabilityViewModel stability,
        CompareViewModel compare,
        SelectionViewModel selection,
        TrainingViewModel training,
        RunsViewModel runs,
        RunsAtWork work,
        Exports exports,
        SelectionFiles selectionFiles,
        ChartFiles chartFiles,
        ConfigurationFiles configurationFiles,
        StepCopies stepCopies) {

    /**
     * What view models reach the world by.
     *
     * @param recent which model folders were opened
     * @param remembered which runs have not ended
     * @param runsFolder where run folders go
     */
    record World(
            Engine engine,
            WorkQueue queue,
            Ui ui,
            FileDialogs files,
            Dialogs dialogs,
            RecentFolders recent,
            RememberedRuns remembered,
            Path runsFolder,
            Clock clock) {}

    static ViewModels of(World world, BooleanSupplier dark) {
        StudySession session = new StudySession();
        TrainingForm form = new TrainingForm();
        SelectionViewModel selection = new SelectionViewModel(
                session,
                form.adapter().rank().valueProperty(),
                form.adapter().targetModules().valueProperty());
        AnalysisViewModel analysis = new AnalysisViewModel(session, world.queue, world.ui, world.dialogs);
        Exports exports = new Exports(world.queue, world.files, world.dialogs, dark);
        ModelViewModel model = new ModelViewModel(session, world.engine, world.queue, world.dialogs, world.recent);
        HubViewModel hub = new HubViewModel(session, world.engine, world.queue, world.dialogs, model);
        DataViewModel data = new DataViewModel(session, world.engine, world.queue, world.dialogs);
        SelectionFiles selectionFiles = new SelectionFiles(
                selection, world.queue, world.files, world.dialogs, layers -> fragment(session, form, layers));
        RunsAtWork work = new RunsAtWork(
                session, world.engine, world.queue, world.ui, world.dialogs, world.remembered, world.clock);
        TrainingViewModel training = new TrainingViewModel(
                session,
                form,
                selection.selectionProperty(),
                work,
                world.queue,
                world.ui,
                world.runsFolder,
                world.clock);
        RunsViewModel runs = new RunsViewModel(
                session, world.engine, world.queue, world.ui, world.files, world.dialogs, exports, work);
        return new ViewModels(
                session,
                model,
                new CacheViewModel(world.engine, world.queue, model),
                hub,
                new ArchitectureViewModel(session),
                data,
                analysis,
                new AnalysisFiles(session, world.queue, world.files, world.dialogs),
                new StabilityViewModel(session, analysis, exports),
                new CompareViewModel(session, selection, exports),
                selection,
                training,
                runs,
                work,
                exports,
                selectionFiles,
                new ChartFiles(analysis, selection, exports),
                new ConfigurationFiles(
                        session,
                        world.queue,
                        world.ui,
                        world.dialogs,
                        new ConfiguredPanes(model, hub, data, analysis, selection, selectionFiles, form)),
                new StepCopies(session, model, training));
    }

    private static PeftFragment fragment(StudySession session, TrainingForm form, LayerSelection layers) {
        List<String> chosen = form.adapter().targetModules().get();
        LoadedModel model = session.modelProperty().get();
        List<String> targets =
                !chosen.isEmpty() || model == null ? chosen : model.card().targetModules();
        return PeftFragment.of(
                layers,
                targets,
                form.adapter().rank().get(),
                form.adapter().alpha().get(),
                form.adapter().dropout().get());
    }
}

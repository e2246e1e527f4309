package org.layerwise.gui.app;

import static org.layerwise.gui.app.MenuItems.isNull;
import static org.layerwise.gui.app.MenuItems.item;
import static org.layerwise.gui.app.MenuItems.unless;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.Clipboards;
import org.layerwise.gui.experiment.ExperimentViewModel;
import org.layerwise.gui.run.RunAction;
import org.layerwise.gui.selection.SelectionFiles;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.study.CommandCopies;
import org.layerwise.settings.EquivalentCommand;

/** Menus of the three steps: analysis, selection, training. */
record StepMenus(ViewModels models, Actions actions, List<RunAction> runActions, Menus.WindowActions window) {

    Menu analysis() {
        CommandCopies copies = models.stepCopies();
        ObservableBooleanValue none = isNull(models.session().analysisProperty());
        return MenuItems.menu(
                "analysis",
                unless(
                        Bindings.not(models.analysis().ready()),
                        item("analyze", Material2OutlinedMZ.PLAY_ARROW, "Shortcut+R", actions::analyze)),
                unless(
                        Bindings.not(models.analysis().runningProperty()),
                        item("cancel", Material2OutlinedAL.CANCEL, null, models.analysis()::cancel)),
                new SeparatorMenuItem(),
                item("open-analysis", Material2OutlinedAL.GRID_ON, null, actions::openAnalysis),
                item("open-adapter", null, null, actions::openAdapter),
                item("open-trajectory", null, null, actions::openTrajectory),
                item("compute-trajectory", null, null, actions::computeTrajectory),
                unless(none, item("save-analysis", null, null, models.analysisFiles()::save)),
                unless(none, item("close-analysis", null, null, models.analysisFiles()::close)),
                new SeparatorMenuItem(),
                unless(none, copying("analysis-command", copies::analysis, EquivalentCommand::commandLine)),
                unless(none, copying("analysis-yaml", copies::analysis, EquivalentCommand::yaml)),
                unless(none, item("copy-methods", null, null, () -> copies.methods()
                        .ifPresent(this::copy))));
    }

    Menu selection() {
        CommandCopies copies = models.stepCopies();
        SelectionViewModel selection = models.selection();
        SelectionFiles files = models.selectionFiles();
        ObservableBooleanValue none = isNull(selection.selectionProperty());
        ObservableBooleanValue unranked = isNull(models.session().analysisProperty());
        return MenuItems.menu(
                "selection",
                unless(none, item("select-all", null, "Shortcut+Shift+A", selection::selectAll)),
                unless(none, item("select-none", null, null, selection::selectNone)),
                unless(none, item("invert", null, "Shortcut+I", selection::invert)),
                unless(unranked, item("select-ratio", null, null, selection::selectByRatio)),
                unless(none, item("select-last", null, null, selection::selectLast)),
                unless(none, item("clear-locks", null, null, selection::clearLocks)),
                new SeparatorMenuItem(),
                unless(none, item("keep-selection", Material2OutlinedAL.BOOKMARK_BORDER, null, models.kept()::keep)),
                item("compare-selections", Material2OutlinedAL.COMPARE, null, window::selections),
                new SeparatorMenuItem(),
                item("open-selection", null, null, files::open),
                unless(none, item("save-selection", null, "Shortcut+L", files::save)),
                unless(none, item("export-selection", null, "Shortcut+Shift+L", window::exportSelection)),
                new SeparatorMenuItem(),
                unless(unranked, copying("selection-command", copies::selection, EquivalentCommand::commandLine)),
                unless(unranked, copying("selection-yaml", copies::selection, EquivalentCommand::yaml)));
    }

    Menu training() {
        CommandCopies copies = models.stepCopies();
        ObservableBooleanValue unready = Bindings.not(models.training().ready());
        return MenuItems.menu(
                "training",
                item("train", Material2OutlinedMZ.TIMELINE, "Shortcut+T", actions::goToTraining),
                item("open-runs", Material2OutlinedMZ.STACKED_LINE_CHART, null, actions::openRuns),
                item("clusters", Material2OutlinedAL.DNS, null, window::clusters),
                run(),
                new SeparatorMenuItem(),
                unless(unready, copying("training-command", copies::training, EquivalentCommand::commandLine)),
                unless(unready, copying("training-yaml", copies::training, EquivalentCommand::yaml)),
                new SeparatorMenuItem(),
                experiment());
    }

    /** Creates the menu of the displayed run. */
    private Menu run() {
        ReadOnlyObjectProperty<@Nullable RunEntry> shown = models.session().runProperty();
        ObservableValue<?> state = shown.flatMap(RunEntry::stateProperty);
        ObservableValue<?> summary = shown.flatMap(RunEntry::summaryProperty);
        MenuItem[] items = runActions.stream()
                .map(action -> {
                    Supplier<Boolean> impossible =
                            () -> shown.get() == null || !action.possible().test(shown.get());
                    return unless(
                            Bindings.createBooleanBinding(impossible::get, shown, state, summary),
                            item("run-" + action.key(), null, null, () -> Optional.ofNullable(shown.get())
                                    .ifPresent(action.begin())));
                })
                .toArray(MenuItem[]::new);
        return MenuItems.menu("run", items);
    }

    private Menu experiment() {
        ExperimentViewModel experiment = models.experiment();
        ObservableBooleanValue unready = Bindings.not(experiment.readyProperty());
        return MenuItems.menu(
                "experiment",
                unless(
                        unready,
                        item(
                                "experiment-start",
                                Material2OutlinedMZ.PLAY_ARROW,
                                null,
                                () -> actions.inExperiment(experiment::start))),
                unless(
                        Bindings.not(experiment.pilotReadyProperty()),
                        item("experiment-pilot", null, null, () -> actions.inExperiment(experiment::pilot))),
                unless(
                        Bindings.not(experiment.running()),
                        item("experiment-stop", Material2OutlinedAL.CANCEL, null, experiment::stop)),
                new SeparatorMenuItem(),
                item(
                        "experiment-open",
                        Material2OutlinedMZ.SCIENCE,
                        null,
                        () -> actions.inExperiment(experiment::open)),
                unless(
                        Bindings.not(experiment.finished()),
                        item("experiment-report", null, null, experiment::openReport)),
                new SeparatorMenuItem(),
                unless(unready, copying("experiment-command", experiment::command, EquivalentCommand::commandLine)),
                unless(unready, copying("experiment-yaml", experiment::command, EquivalentCommand::yaml)));
    }

    private MenuItem copying(
            String key, Supplier<Optional<EquivalentCommand>> step, Function<EquivalentCommand, String> form) {
        return item(key, null, null, () -> step.get().map(form).ifPresentOrElse(this::copy, window::nothingToCopy));
    }

    private void copy(String words) {
        Clipboards.put(words);
        window.copied(words.lines().findFirst().orElse(""));
    }
}

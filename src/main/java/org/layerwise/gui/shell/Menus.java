package org.layerwise.gui.shell;

import static org.layerwise.gui.text.Messages.text;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCombination;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.analysis.ChartFiles;
import org.layerwise.gui.config.StepCopies;
import org.layerwise.gui.control.Icons;
import org.layerwise.gui.navigator.Pane;
import org.layerwise.gui.selection.SelectionFiles;
import org.layerwise.gui.selection.SelectionViewModel;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.study.MethodsText;
import org.layerwise.study.Replay;

/** The menu bar. */
final class Menus {

    private final ViewModels models;
    private final Actions actions;
    private final Appearance appearance;
    private final WindowActions window;

    /** What menus do with the window itself. */
    interface WindowActions {
        /** A text was put on the clipboard; its first line is said. */
        void copied(String firstLine);

        void show(Pane pane);

        void quit();

        void about();

        void guide();

        /** What is looked at cannot be done by a command. */
        void nothingToCopy();
    }

    Menus(ViewModels models, Actions actions, Appearance appearance, WindowActions window) {
        this.models = models;
        this.actions = actions;
        this.appearance = appearance;
        this.window = window;
    }

    MenuBar bar() {
        MenuBar bar = new MenuBar(file(), edit(), analysis(), training(), view(), help());
        bar.setUseSystemMenuBar(true);
        return bar;
    }

    private Menu file() {
        SelectionFiles selection = models.selectionFiles();
        ChartFiles charts = models.chartFiles();
        ObservableBooleanValue noSelection = isNull(models.selection().selectionProperty());
        ObservableBooleanValue noAnalysis = isNull(models.session().analysisProperty());
        return menu(
                "file",
                item("open-model", Material2OutlinedAL.FOLDER_OPEN, "Shortcut+O", actions::openModel),
                item("open-data", Material2OutlinedMZ.TABLE_CHART, "Shortcut+D", actions::openData),
                item("open-config", null, null, actions::openConfiguration),
                item("open-sample", Material2OutlinedAL.EXPLORE, null, actions::openSample),
                new SeparatorMenuItem(),
                item("open-analysis", Material2OutlinedAL.GRID_ON, null, actions::openAnalysis),
                unless(noAnalysis, item("save-analysis", null, "Shortcut+Shift+S", models.analysisFiles()::save)),
                unless(noAnalysis, item("close-analysis", null, "Shortcut+W", models.analysisFiles()::close)),
                new SeparatorMenuItem(),
                item("open-selection", null, null, selection::open),
                unless(noSelection, item("save-selection", Material2OutlinedMZ.SAVE, "Shortcut+S", selection::save)),
                unless(noSelection, item("save-others", null, null, selection::saveForOtherTools)),
                new SeparatorMenuItem(),
                unless(
                        noAnalysis,
                        item("export-heatmap", Material2OutlinedAL.IMAGE, "Shortcut+E", charts::exportHeatmap)),
                unless(noAnalysis, item("export-ranking", null, "Shortcut+Shift+E", charts::exportRanking)),
                unless(noAnalysis, item("export-overlay", null, null, charts::exportOverlay)),
                unless(noAnalysis, item("export-heatmap-values", null, null, charts::exportHeatmapValues)),
                unless(noAnalysis, item("export-ranking-values", null, null, charts::exportRankingValues)),
                unless(noAnalysis, item("export-overlay-values", null, null, charts::exportOverlayValues)),
                new SeparatorMenuItem(),
                item("quit", null, "Shortcut+Q", window::quit));
    }

    private Menu edit() {
        SelectionViewModel selection = models.selection();
        ObservableBooleanValue none = isNull(selection.selectionProperty());
        return menu(
                "edit",
                unless(
                        Bindings.not(selection.undoableProperty()),
                        item("undo", Material2OutlinedMZ.UNDO, "Shortcut+Z", selection::undo)),
                unless(
                        Bindings.not(selection.redoableProperty()),
                        item("redo", Material2OutlinedMZ.REDO, "Shortcut+Shift+Z", selection::redo)),
                new SeparatorMenuItem(),
                unless(none, item("select-all", null, "Shortcut+Shift+A", selection::selectAll)),
                unless(none, item("select-none", null, null, selection::selectNone)),
                unless(none, item("invert", null, "Shortcut+I", selection::invert)),
                unless(
                        isNull(models.session().analysisProperty()),
                        item("select-ratio", null, null, selection::selectByRatio)),
                new SeparatorMenuItem(),
                unless(none, item("clear-locks", null, null, selection::clearLocks)));
    }

    private Menu analysis() {
        StepCopies copies = models.stepCopies();
        return menu(
                "analysis",
                unless(
                        Bindings.not(models.analysis().ready()),
                        item("analyze", Material2OutlinedMZ.PLAY_ARROW, "Shortcut+R", actions::analyze)),
                unless(
                        Bindings.not(models.analysis().runningProperty()),
                        item("cancel", Material2OutlinedAL.CANCEL, null, models.analysis()::cancel)),
                new SeparatorMenuItem(),
                unless(
                        isNull(models.session().analysisProperty()),
                        item("analysis-command", null, null, () -> copy(copies.analysis(), Replay::commandLine))),
                unless(
                        isNull(models.session().analysisProperty()),
                        item("analysis-yaml", null, null, () -> copy(copies.analysis(), Replay::yaml))),
                unless(
                        isNull(models.session().analysisProperty()),
                        item("selection-command", null, null, () -> copy(copies.selection(), Replay::commandLine))),
                unless(
                        isNull(models.session().analysisProperty()),
                        item("selection-yaml", null, null, () -> copy(copies.selection(), Replay::yaml))),
                unless(
                        isNull(models.session().analysisProperty()),
                        item("copy-methods", null, null, this::copyMethods)));
    }

    private Menu training() {
        StepCopies copies = models.stepCopies();
        ObservableBooleanValue unready = Bindings.not(models.training().ready());
        return menu(
                "training",
                item("train", Material2OutlinedMZ.TIMELINE, "Shortcut+T", actions::goToTraining),
                item("open-runs", Material2OutlinedMZ.STACKED_LINE_CHART, null, actions::openRuns),
                new SeparatorMenuItem(),
                unless(
                        unready,
                        item("training-command", null, null, () -> copy(copies.training(), Replay::commandLine))),
                unless(unready, item("training-yaml", null, null, () -> copy(copies.training(), Replay::yaml))));
    }

    private void copy(Optional<Replay> step, Function<Replay, String> form) {
        step.map(form).ifPresentOrElse(this::copy, window::nothingToCopy);
    }

    private void copyMethods() {
        AnalysisEntry entry = models.session().analysisProperty().get();
        if (entry != null) {
            copy(MethodsText.of(entry.analysis()));
        }
    }

    private void copy(String words) {
        ClipboardContent content = new ClipboardContent();
        content.putString(words);
        Clipboard.getSystemClipboard().setContent(content);
        window.copied(words.lines().findFirst().orElse(""));
    }

    private Menu view() {
        ToggleGroup themes = new ToggleGroup();
        Menu view = menu("view", theme("light", Theme.LIGHT, themes), theme("dark", Theme.DARK, themes));
        view.getItems().add(new SeparatorMenuItem());
        for (Pane pane : Pane.values()) {
            view.getItems()
                    .add(item(
                            "pane-" + pane.name().toLowerCase(Locale.ROOT),
                            null,
                            "Shortcut+" + (pane.ordinal() + 1),
                            () -> window.show(pane)));
        }
        return view;
    }

    private Menu help() {
        return menu(
                "help",
                item("guide", Material2OutlinedAL.HELP_OUTLINE, "F1", window::guide),
                item("about", Material2OutlinedAL.INFO, null, window::about));
    }

    private MenuItem theme(String key, Theme theme, ToggleGroup group) {
        RadioMenuItem item = new RadioMenuItem(text("menu." + key));
        item.setId("menu-" + key);
        item.setToggleGroup(group);
        item.setSelected(appearance.themeProperty().get() == theme);
        appearance.themeProperty().addListener((observable, was, is) -> item.setSelected(is == theme));
        item.setOnAction(event -> appearance.themeProperty().set(theme));
        return item;
    }

    private static Menu menu(String key, MenuItem... items) {
        Menu menu = new Menu(text("menu." + key));
        menu.setId("menu-" + key);
        menu.getItems().setAll(items);
        return menu;
    }

    private static MenuItem item(String key, @Nullable Ikon icon, @Nullable String keys, Runnable action) {
        MenuItem item = new MenuItem(text("menu." + key));
        item.setId("menu-" + key);
        if (icon != null) {
            item.setGraphic(Icons.of(icon));
        }
        if (keys != null) {
            item.setAccelerator(KeyCombination.keyCombination(keys));
        }
        item.setOnAction(event -> action.run());
        return item;
    }

    private static MenuItem unless(ObservableBooleanValue condition, MenuItem item) {
        item.disableProperty().bind(condition);
        return item;
    }

    private static ObservableBooleanValue isNull(ReadOnlyObjectProperty<?> property) {
        return Bindings.isNull(property);
    }
}

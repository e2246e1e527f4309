package org.layerwise.gui.app;

import javafx.stage.Stage;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.help.HelpView;
import org.layerwise.gui.help.HelpViewModel;
import org.layerwise.gui.preferences.ClustersView;
import org.layerwise.gui.selection.NamedSelectionsView;
import org.layerwise.gui.selection.SelectionExportView;
import org.layerwise.study.document.NamedSelection;

/** Windows beside the main window: comparison of selections, export of the selection, clusters, user guide. */
final class SideWindows {

    private final ViewModels models;
    private final HelpViewModel pages;
    private final SideWindow selections;
    private final SideWindow exports;
    private final SideWindow clusters;
    private final SideWindow help;

    SideWindows(Stage stage, ViewModels models, HelpViewModel pages, FileDialogs files) {
        this.models = models;
        this.pages = pages;
        selections =
                new SideWindow(stage, "kept.title", 720, 480, close -> new NamedSelectionsView(models.kept(), close));
        exports = new SideWindow(
                stage,
                "selection.export.title",
                860,
                560,
                close -> new SelectionExportView(models.selectionExports(), close));
        models.selectionExports().watchedProperty().bind(exports.showingProperty());
        clusters = new SideWindow(
                stage,
                "cluster.title",
                820,
                660,
                close -> new ClustersView(models.clusters(), files::openKeyFile, files::openSharedFolder));
        clusters.onHelp(() -> page(HelpTopics.CLUSTERS));
        help = new SideWindow(stage, "help.title", 1080, 760, close -> {
            Fonts.loadItalic();
            return new HelpView(pages);
        });
        selections.onHelp(() -> page(HelpTopics.SELECTIONS));
        exports.onHelp(() -> page(HelpTopics.SELECTIONS));
    }

    /** Shows the window that compares selections. */
    void selections() {
        selections.show();
    }

    /** Compares a saved selection with the current one. */
    void compare(NamedSelection kept) {
        models.kept().compare(kept);
        selections.show();
    }

    /** Shows the registered clusters. */
    void clusters() {
        models.clusters().refresh();
        clusters.show();
    }

    /** Shows the selection in all export formats. */
    void exportSelection() {
        exports.show();
    }

    /** Shows a page of the user guide. */
    void page(String page) {
        help.show();
        pages.open(page);
    }

    /** Shows the page of keyboard shortcuts. */
    void shortcuts() {
        help.show();
        pages.openShortcuts();
    }
}

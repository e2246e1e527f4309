package org.layerwise.gui.shell;

import javafx.stage.Stage;
import org.layerwise.gui.cluster.ClustersView;
import org.layerwise.gui.dialog.FileDialogs;
import org.layerwise.gui.help.HelpView;
import org.layerwise.gui.help.HelpViewModel;
import org.layerwise.gui.selection.KeptSelectionsView;
import org.layerwise.gui.selection.SelectionExportView;
import org.layerwise.study.document.KeptSelection;

/** Windows beside the main window: comparison of selections, export of the selection, clusters, user guide. */
final class Companions {

    private final ViewModels models;
    private final HelpViewModel pages;
    private final Companion selections;
    private final Companion exports;
    private final Companion clusters;
    private final Companion help;

    Companions(Stage stage, ViewModels models, HelpViewModel pages, FileDialogs files) {
        this.models = models;
        this.pages = pages;
        selections =
                new Companion(stage, "kept.title", 720, 480, close -> new KeptSelectionsView(models.kept(), close));
        exports = new Companion(
                stage,
                "selection.export.title",
                860,
                560,
                close -> new SelectionExportView(models.selectionExports(), close));
        models.selectionExports().watchedProperty().bind(exports.showingProperty());
        clusters = new Companion(
                stage,
                "cluster.title",
                820,
                660,
                close -> new ClustersView(models.clusters(), files::openKeyFile, files::openSharedFolder));
        clusters.onHelp(() -> page(HelpTopics.CLUSTERS));
        help = new Companion(stage, "help.title", 1080, 760, close -> {
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
    void compare(KeptSelection kept) {
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

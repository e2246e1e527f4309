package org.layerwise.gui.app;

import static org.layerwise.gui.app.MenuItems.isNull;
import static org.layerwise.gui.app.MenuItems.item;
import static org.layerwise.gui.app.MenuItems.menu;
import static org.layerwise.gui.app.MenuItems.unless;
import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.beans.value.ObservableBooleanValue;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.analysis.ChartFiles;
import org.layerwise.gui.study.StudyViewModel;
import org.layerwise.study.document.StudyFile;

/** Menu of studies and files. */
record FileMenu(ViewModels models, Actions actions, Menus.WindowActions window) {

    Menu file() {
        StudyViewModel study = models.study();
        return MenuItems.menu(
                "file",
                item("new-study", Material2OutlinedMZ.NOTE_ADD, "Shortcut+N", study::begin),
                item("open-study", Material2OutlinedAL.FOLDER_OPEN, "Shortcut+O", study::open),
                recent(),
                item("save-study", Material2OutlinedMZ.SAVE, "Shortcut+S", study::save),
                item("save-study-as", null, "Shortcut+Shift+S", study::saveAs),
                new SeparatorMenuItem(),
                item("open-model", Material2OutlinedMZ.SCATTER_PLOT, "Shortcut+M", actions::openModel),
                item("open-data", Material2OutlinedMZ.TABLE_CHART, "Shortcut+D", actions::openData),
                item("open-config", null, null, actions::openConfiguration),
                item("open-sample", Material2OutlinedAL.EXPLORE, null, actions::openSample),
                new SeparatorMenuItem(),
                export(),
                new SeparatorMenuItem(),
                item("close-window", null, "Shortcut+W", window::close),
                item("quit", null, "Shortcut+Q", window::quit));
    }

    private Menu export() {
        ChartFiles charts = models.chartFiles();
        ObservableBooleanValue noAnalysis = isNull(models.session().analysisProperty());
        return menu(
                "export",
                unless(
                        noAnalysis,
                        item("export-heatmap", Material2OutlinedAL.IMAGE, "Shortcut+E", charts::exportHeatmap)),
                unless(noAnalysis, item("export-ranking", null, "Shortcut+Shift+E", charts::exportRanking)),
                unless(noAnalysis, item("export-overlay", null, null, charts::exportOverlay)),
                unless(charts.noModules(), item("export-modules", null, null, charts::exportModules)),
                unless(charts.noModules(), item("export-module-ranking", null, null, charts::exportModuleRanking)),
                unless(charts.noMap(), item("export-map", null, null, charts::exportMap)),
                unless(charts.noExperts(), item("export-experts", null, null, charts::exportExperts)),
                item("export-all", null, null, models.exports()::exportAll));
    }

    /**
     * Creates the menu of recent studies. Its items are rebuilt each time it opens, because files may have been
     * deleted.
     */
    private Menu recent() {
        Menu recent = menu("recent-studies");
        MenuItem none = new MenuItem(text("menu.recent-studies.none"));
        none.setDisable(true);
        recent.getItems().setAll(none);
        recent.setOnShowing(event -> {
            List<MenuItem> items = new ArrayList<>();
            for (Path study : models.study().recent()) {
                MenuItem item = new MenuItem(StudyFile.name(study) + "  –  " + study.getParent());
                item.setMnemonicParsing(false);
                item.setOnAction(chosen -> models.study().open(study));
                items.add(item);
            }
            recent.getItems().setAll(items.isEmpty() ? List.of(none) : items);
        });
        return recent;
    }
}

package org.layerwise.gui.app;

import static org.layerwise.gui.app.MenuItems.item;
import static org.layerwise.gui.app.MenuItems.menu;
import static org.layerwise.gui.app.MenuItems.named;
import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.Property;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCombination;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.run.RunAction;
import org.layerwise.gui.session.UndoHistory;
import org.layerwise.gui.study.Pane;

/** Menu bar with all actions of the program. The command palette searches the same items. */
record Menus(
        ViewModels models, Actions actions, List<RunAction> runActions, Appearance appearance, WindowActions window) {

    /** Actions of the menus that concern the window itself. */
    interface WindowActions {
        /**
         * Reports that a text was copied to the clipboard.
         *
         * @param firstLine first line of the text, to be shown
         */
        void copied(String firstLine);

        void show(Pane pane);

        void quit();

        void close();

        void about();

        /** Shows the page of the user guide for the pane in front. */
        void guide();

        /** Shows a page of the user guide. */
        void guide(String page);

        /** Shows the page of keyboard shortcuts. */
        void shortcuts();

        void palette();

        /** Shows the first steps again. */
        void firstSteps();

        /** Shows the window that compares selections. */
        void selections();

        /** Shows the selection in all export formats. */
        void exportSelection();

        /** Shows the registered clusters. */
        void clusters();

        /** Shows the settings that apply to all studies. */
        void settings();

        /** Reports that no command corresponds to the current step. */
        void nothingToCopy();

        /** Returns the property that is true while the activity log is visible. */
        BooleanProperty log();

        /** Returns the scale of the user interface, in per cent. */
        Property<Number> scale();
    }

    MenuBar bar() {
        StepMenus steps = new StepMenus(models, actions, runActions, window);
        MenuBar bar = new MenuBar(
                new FileMenu(models, actions, window).file(),
                edit(),
                steps.analysis(),
                steps.selection(),
                steps.training(),
                view(),
                help());
        bar.setUseSystemMenuBar(true);
        return bar;
    }

    private Menu edit() {
        UndoHistory history = models.session().history();
        return menu(
                "edit",
                named(
                        history.undoableProperty(),
                        "undo",
                        item("undo", Material2OutlinedMZ.UNDO, "Shortcut+Z", history::undo)),
                named(
                        history.redoableProperty(),
                        "redo",
                        item("redo", Material2OutlinedMZ.REDO, "Shortcut+Shift+Z", history::redo)),
                new SeparatorMenuItem(),
                item("palette", Material2OutlinedMZ.SEARCH, "Shortcut+K", window::palette));
    }

    private Menu view() {
        ToggleGroup themes = new ToggleGroup();
        Menu view = menu("view");
        for (Pane pane : Pane.values()) {
            view.getItems()
                    .add(item("pane-" + pane.id(), null, "Shortcut+" + (pane.ordinal() + 1), () -> window.show(pane)));
        }
        view.getItems().add(new SeparatorMenuItem());
        CheckMenuItem log = new CheckMenuItem(text("menu.log"));
        log.setId("menu-log");
        log.setAccelerator(KeyCombination.keyCombination("Shortcut+J"));
        log.selectedProperty().bindBidirectional(window.log());
        view.getItems().add(log);
        view.getItems().add(new SeparatorMenuItem());
        for (ThemeChoice choice : ThemeChoice.values()) {
            view.getItems()
                    .add(radio(choice.id(), text("menu." + choice.id()), choice, appearance.choiceProperty(), themes));
        }
        view.getItems().add(new SeparatorMenuItem());
        view.getItems().add(scale());
        view.getItems().add(item("settings", Material2OutlinedMZ.SETTINGS, "Shortcut+Comma", window::settings));
        return view;
    }

    private Menu scale() {
        Menu scale = menu("scale");
        ToggleGroup group = new ToggleGroup();
        for (int percent : InterfaceScale.CHOICES) {
            String words = percent == InterfaceScale.SYSTEM
                    ? text("menu.scale.system")
                    : text("menu.scale.percent", String.valueOf(percent));
            scale.getItems().add(radio("scale-" + percent, words, percent, window.scale(), group));
        }
        return scale;
    }

    private static <T> MenuItem radio(String key, String words, T value, Property<T> chosen, ToggleGroup group) {
        RadioMenuItem item = new RadioMenuItem(words);
        item.setId("menu-" + key);
        item.setToggleGroup(group);
        item.setSelected(value.equals(chosen.getValue()));
        chosen.addListener((observable, was, is) -> item.setSelected(value.equals(is)));
        item.setOnAction(event -> chosen.setValue(value));
        return item;
    }

    private Menu help() {
        return menu(
                "help",
                item("guide", Material2OutlinedAL.HELP_OUTLINE, "F1", window::guide),
                item("first-steps", Material2OutlinedAL.EXPLORE, null, window::firstSteps),
                item("tutorial", Material2OutlinedMZ.SCHOOL, null, () -> window.guide(HelpTopics.TUTORIAL)),
                item("choosing-layers", null, null, () -> window.guide(HelpTopics.CHOOSING_LAYERS)),
                item("shortcuts", Material2OutlinedAL.KEYBOARD, "Shortcut+F1", window::shortcuts),
                new SeparatorMenuItem(),
                item("about", Material2OutlinedAL.INFO, null, window::about));
    }
}

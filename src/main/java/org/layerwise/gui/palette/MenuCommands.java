package org.layerwise.gui.palette;

import java.util.ArrayList;
import java.util.List;
import javafx.event.Event;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCombination;

/** The commands of a menu bar: it is the one list of all that can be done. */
public final class MenuCommands {

    private static final String INTO = " › ";

    private MenuCommands() {}

    /** All items that do something, as they are now. */
    public static List<Command> of(MenuBar bar) {
        List<Command> commands = new ArrayList<>();
        bar.getMenus().forEach(menu -> collect(menu, words(menu.getText()), commands));
        return commands;
    }

    private static void collect(Menu menu, String place, List<Command> commands) {
        if (menu.getOnShowing() != null) {
            menu.getOnShowing().handle(new Event(menu, menu, Menu.ON_SHOWING)); // some fill themselves then
        }
        for (MenuItem item : menu.getItems()) {
            if (item instanceof Menu inner) {
                collect(inner, place + INTO + words(inner.getText()), commands);
            } else if (!(item instanceof SeparatorMenuItem) && item.getOnAction() != null) {
                KeyCombination keys = item.getAccelerator();
                String name = item.isMnemonicParsing() ? words(item.getText()) : item.getText();
                commands.add(new Command(
                        name, place, keys == null ? "" : keys.getDisplayText(), !item.isDisable(), item::fire));
            }
        }
    }

    /** Without the mark of the mnemonic. */
    private static String words(String text) {
        return text.replaceFirst("_", "");
    }
}

package org.layerwise.gui.app;

import java.util.ArrayList;
import java.util.List;
import javafx.event.Event;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.KeyCombination;
import org.layerwise.gui.common.Command;

/** Collects the commands of a menu bar, which contains all actions of the program. */
public final class MenuCommands {

    private static final String INTO = " › ";

    private MenuCommands() {}

    /** Returns all menu items with an action, in their current state. */
    public static List<Command> of(MenuBar bar) {
        List<Command> commands = new ArrayList<>();
        bar.getMenus().forEach(menu -> collect(menu, words(menu.getText()), commands));
        return commands;
    }

    private static void collect(Menu menu, String place, List<Command> commands) {
        if (menu.getOnShowing() != null) {
            menu.getOnShowing().handle(new Event(menu, menu, Menu.ON_SHOWING)); // fills dynamic menus
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

    /** Removes the mnemonic mark from a menu text. */
    private static String words(String text) {
        return text.replaceFirst("_", "");
    }
}

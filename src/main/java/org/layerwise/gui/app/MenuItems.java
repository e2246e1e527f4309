package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyCombination;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.layerwise.gui.common.Icons;

/** Creates menus and menu items. Texts have the message key {@code menu.KEY}, ids are {@code menu-KEY}. */
final class MenuItems {

    private MenuItems() {}

    static Menu menu(String key, MenuItem... items) {
        Menu menu = new Menu(text("menu." + key));
        menu.setId("menu-" + key);
        menu.getItems().setAll(items);
        return menu;
    }

    static MenuItem item(String key, @Nullable Ikon icon, @Nullable String keys, Runnable action) {
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

    /** Adds the name of an object to the text of an item, and disables the item while the name is empty. */
    static MenuItem named(ReadOnlyStringProperty thing, String key, MenuItem item) {
        item.disableProperty().bind(thing.isEmpty());
        item.textProperty()
                .bind(thing.map(name -> name.isEmpty() ? text("menu." + key) : text("menu." + key + ".of", name)));
        return item;
    }

    static MenuItem unless(ObservableBooleanValue condition, MenuItem item) {
        item.disableProperty().bind(condition);
        return item;
    }

    static ObservableBooleanValue isNull(ReadOnlyObjectProperty<?> property) {
        return Bindings.isNull(property);
    }
}

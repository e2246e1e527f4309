package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.study.Pane;

/** Everything can be done without a mouse, and is named for those who do not see it. */
class KeyboardUiTest extends WindowTest {

    private void openSample() {
        openTheSample();
    }

    @Test
    void everyMenuItemHasAShortcutOrAMnemonicOfItsOwn() {
        Set<String> keys = new HashSet<>();
        lookup(".menu-bar").queryAs(MenuBar.class).getMenus().forEach(menu -> check(menu, keys));
        assertThat(keys).hasSizeGreaterThan(15);
    }

    private void check(Menu menu, Set<String> keys) {
        Set<Character> mnemonics = new HashSet<>();
        for (MenuItem item : menu.getItems()) {
            if (item instanceof SeparatorMenuItem || item instanceof RadioMenuItem || !item.isMnemonicParsing()) {
                continue;
            }
            int mark = item.getText().indexOf('_');
            if (item.getAccelerator() != null) {
                assertThat(keys.add(item.getAccelerator().getName()))
                        .as("one action has the keys of %s", item.getText())
                        .isTrue();
            } else if (item.getOnAction() != null) {
                assertThat(mark).as("mnemonic of %s", item.getText()).isNotNegative();
            }
            if (mark >= 0) {
                char letter = Character.toLowerCase(item.getText().charAt(mark + 1));
                assertThat(mnemonics.add(letter))
                        .as("one item of %s has the mnemonic of %s", menu.getText(), item.getText())
                        .isTrue();
            }
            if (item instanceof Menu inner) {
                check(inner, keys);
            }
        }
    }

    @Test
    void noButtonTakesTheLetterOfAMenu() {
        openSample();
        Set<Character> menus = new HashSet<>();
        lookup(".menu-bar").queryAs(MenuBar.class).getMenus().forEach(menu -> menus.add(letter(menu.getText())));
        for (Pane pane : Pane.values()) {
            push(KeyCode.CONTROL, KeyCode.getKeyCode(String.valueOf(pane.ordinal() + 1)));
            for (Button button : lookup(".button").queryAllAs(Button.class)) {
                if (button.isMnemonicParsing()
                        && button.getText() != null
                        && button.getText().indexOf('_') >= 0) {
                    assertThat(menus).as(button.getText()).doesNotContain(letter(button.getText()));
                }
            }
        }
    }

    private static char letter(String words) {
        return Character.toLowerCase(words.charAt(words.indexOf('_') + 1));
    }

    @Test
    void aTrainingIsSetUpAndStartedFromTheKeyboard() throws Exception {
        openSample();
        push(KeyCode.CONTROL, KeyCode.T);
        await("the first setting has the focus", () -> {
            Node focused = onFx(() -> stage.getScene().getFocusOwner());
            return focused != null
                    && lookup("#training-form").query().lookupAll("*").contains(focused);
        });
        push(KeyCode.CONTROL, KeyCode.ENTER);
        await("a run is there", () -> lookup("#train").queryButton().getText().equals("Add to _queue"));
    }

    @Test
    void thePaletteFindsAndDoesWhatIsTyped() throws Exception {
        openSample();
        push(KeyCode.CONTROL, KeyCode.K);
        await("the palette is open", () -> visible("#palette-field"));
        assertThat(list().getItems()).hasSizeGreaterThan(30);
        new Pictures(this).both("71-palette");
        write("stabil");
        assertThat(list().getItems()).hasSize(1);
        push(KeyCode.ENTER);
        await("the pane is in front", () -> visible("#tab-stability") || !visible("#palette-field"));
        assertThat(visible("#palette-field")).isFalse();

        push(KeyCode.CONTROL, KeyCode.K);
        write("select all");
        push(KeyCode.ENTER);
        await("all are selected", () -> words("#selection-count").equals("12 of 12 layers"));

        push(KeyCode.CONTROL, KeyCode.K);
        write("qqqq");
        assertThat(visible("#palette-list")).isFalse();
        push(KeyCode.ESCAPE);
        assertThat(visible("#palette-field")).isFalse();
        clickOn("#search-actions");
        await("it opens by the mouse too", () -> visible("#palette-field"));
        assertThat(lookup("#palette-field").queryAs(TextField.class).getText()).isEmpty();
        push(KeyCode.ESCAPE);
    }

    private ListView<?> list() {
        return lookup("#palette-list").queryAs(ListView.class);
    }

    @Test
    void allThatTakesTheFocusHasAName() {
        openSample();
        List<String> nameless = new ArrayList<>();
        for (Pane pane : Pane.values()) {
            push(KeyCode.CONTROL, KeyCode.getKeyCode(String.valueOf(pane.ordinal() + 1)));
            walk(stage.getScene().getRoot(), pane.name().toLowerCase(Locale.ROOT), nameless);
        }
        assertThat(nameless).as("nodes without words, label or accessible text").isEmpty();
    }

    private void walk(Node node, String where, List<String> nameless) {
        if (!node.isVisible()) {
            return;
        }
        if (node.isFocusTraversable() && !node.isDisabled() && !named(node)) {
            nameless.add(where + ": " + node);
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> walk(child, where, nameless));
        }
    }

    private boolean named(Node node) {
        boolean words = node instanceof Labeled labeled
                && labeled.getText() != null
                && !labeled.getText().isBlank();
        boolean tip = node instanceof Control && node.getAccessibleHelp() != null;
        boolean spoken =
                node.getAccessibleText() != null && !node.getAccessibleText().isBlank();
        return words || tip || spoken || labelled(node) || insideOfANamedControl(node);
    }

    private boolean labelled(Node node) {
        return lookup(".label").queryAllAs(Label.class).stream().anyMatch(label -> label.getLabelFor() == node);
    }

    /** The editor of a spinner speaks for the spinner. */
    private boolean insideOfANamedControl(Node node) {
        for (Node at = node.getParent(); at != null; at = at.getParent()) {
            if (at instanceof Control && at.isFocusTraversable()) {
                return named(at);
            }
        }
        return false;
    }
}

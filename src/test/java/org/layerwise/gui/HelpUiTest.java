package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Window;
import org.junit.jupiter.api.Test;
import org.testfx.util.WaitForAsyncUtils;

/** The guide in its window. */
class HelpUiTest extends WindowTest {

    @Test
    void keysOpenThePageOfThePaneAndItsLinksLeadOn() throws Exception {
        Pictures pictures = new Pictures(this);
        clickOn("#tab-training");
        push(KeyCode.F1);
        await("the page of trainings is there", () -> title().equals("Training"));
        assertThat(scroll()).isZero();
        interact(lookup("#help-scroll").query()::requestFocus);
        push(KeyCode.PAGE_DOWN);
        await("it is scrolled", () -> scroll() > 0);
        push(KeyCode.HOME);
        await("it is at its beginning", () -> scroll() == 0);
        pictures.both("help-training");

        interact(() -> link("Runs").fire());
        await("the page of runs is there", () -> title().equals("Runs"));
        assertThat(lookup("#help-back").query().isDisabled()).isFalse();
        push(KeyCode.ALT, KeyCode.LEFT);
        await("back again", () -> title().equals("Training"));
        push(KeyCode.ALT, KeyCode.RIGHT);
        await("and forth", () -> title().equals("Runs"));

        push(KeyCode.CONTROL, KeyCode.F);
        write("unbiased hsic");
        await("something is found", () -> !list("#help-found").getItems().isEmpty());
        push(KeyCode.ENTER);
        await("the page of measures is there", () -> title().equals("Measures"));
        await("it is scrolled to the section", () -> scroll() > 0);
        pictures.both("help-search");
        push(KeyCode.ESCAPE);
        await("the contents are back", () -> visible("#help-contents"));
        assertThat(visible("#help-found")).isFalse();

        push(KeyCode.ESCAPE);
        await("it is closed", () -> !visible("#help-page"));
        push(KeyCode.CONTROL, KeyCode.F1);
        await("all keys are there", () -> title().equals("Keyboard shortcuts"));
        pictures.both("help-keys");
        push(KeyCode.ESCAPE);
        push(KeyCode.CONTROL, KeyCode.COMMA);
        await(
                "the settings are there",
                () -> visible("#compute") && windowOf("#compute").isFocused());
        push(KeyCode.F1);
        await("their page is there", () -> title().equals("Using a GPU"));
    }

    @Test
    void everyPageIsLaidOutWithinTheWindow() throws Exception {
        Pictures pictures = new Pictures(this);
        clickOn("#menu-help");
        clickOn("#menu-tutorial");
        await("the tutorial is there", () -> title().startsWith("Tutorial"));
        pictures.both("help-tutorial");
        interact(() -> lookup("#help-copy").queryAllAs(Node.class).stream()
                .findFirst()
                .map(node -> (javafx.scene.control.Button) node)
                .orElseThrow()
                .fire());
        String copied = onFx(() -> Clipboard.getSystemClipboard().getString());
        assertThat(copied).isNotBlank();
        ListView<?> contents = list("#help-contents");
        List<String> shot = List.of("Layerwise user guide", "Measures", "Command line", "File formats");
        for (int row = 0; row < contents.getItems().size(); row++) {
            int chosen = row;
            interact(() -> contents.getSelectionModel().select(chosen));
            WaitForAsyncUtils.waitForFxEvents();
            assertThat(onFx(this::widthBesideTheWindow)).as(title()).isLessThanOrEqualTo(1);
            if (shot.contains(title())) {
                pictures.both(
                        "help-" + title().toLowerCase(java.util.Locale.ROOT).replace(' ', '-'));
            }
        }
        interact(() -> Window.getWindows().stream()
                .filter(open -> open != stage)
                .toList()
                .forEach(Window::hide));
    }

    /** Pixels by which the page is wider than the part that is seen. */
    private double widthBesideTheWindow() {
        Node page = lookup("#help-page").query();
        ScrollPane scroll = lookup("#help-scroll").query();
        return page.getBoundsInParent().getWidth() - scroll.getViewportBounds().getWidth();
    }

    private String title() {
        return lookup("#help-page").tryQuery().map(Node::getAccessibleText).orElse("");
    }

    private Window windowOf(String query) {
        return lookup(query).query().getScene().getWindow();
    }

    private double scroll() {
        return ((ScrollPane) lookup("#help-scroll").query()).getVvalue();
    }

    private ListView<?> list(String query) {
        return lookup(query).query();
    }

    private Hyperlink link(String words) {
        return from(lookup("#help-page").queryAll())
                .lookup((Node node) ->
                        node instanceof Hyperlink link && link.getText().equals(words))
                .query();
    }
}

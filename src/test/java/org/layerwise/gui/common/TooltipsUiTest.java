package org.layerwise.gui.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.scene.AccessibleAttribute;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;

/** Tooltips are made when the pointer comes, show the current words, and are read by screen readers. */
@Tag("window")
class TooltipsUiTest extends ApplicationTest {

    private Button first;
    private Button second;
    private final StringProperty words = new SimpleStringProperty("");

    @Override
    public void start(Stage stage) {
        first = new Button("first");
        second = new Button("second");
        Tooltips.set(first, "words of the first");
        Tooltips.bind(second, words);
        stage.setScene(new Scene(new VBox(100, first, second), 300, 300));
        stage.show();
    }

    @Test
    void aTooltipShowsWhenThePointerRests() throws Exception {
        assertThat(first.getProperties().values()).noneMatch(Tooltip.class::isInstance);
        moveTo(first);
        awaitTips("words of the first");
    }

    @Test
    void wordsThatChangeAreShownAndEmptyOnesAreNot() throws Exception {
        moveTo(second);
        moveTo(first);
        awaitTips("words of the first");
        interact(() -> words.set("words of the second"));
        moveTo(second);
        awaitTips("words of the second");
        interact(() -> words.set(""));
        awaitTips();
        moveTo(first);
        awaitTips("words of the first");
        moveTo(second);
        awaitTips();
    }

    @Test
    void screenReadersReadTheWordsWithoutAPointer() {
        interact(() -> {
            words.set("of the second");
            assertThat(first.queryAccessibleAttribute(AccessibleAttribute.HELP)).isEqualTo("words of the first");
            assertThat(second.queryAccessibleAttribute(AccessibleAttribute.HELP))
                    .isEqualTo("of the second");
        });
    }

    private void awaitTips(String... expected) throws Exception {
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, () -> tips().equals(List.of(expected)));
    }

    private static List<String> tips() {
        return Window.getWindows().stream()
                .filter(window -> window instanceof Tooltip && window.isShowing())
                .map(window -> ((Tooltip) window).getText())
                .toList();
    }
}

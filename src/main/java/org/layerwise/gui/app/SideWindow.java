package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import java.util.function.Function;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import javafx.stage.StageStyle;

/**
 * Window beside the main window with one content, which does not block the main window. The content is created when the
 * window opens for the first time.
 */
final class SideWindow {

    private final Stage owner;
    private final Stage stage = new Stage(StageStyle.DECORATED);
    private final String title;
    private final double width;
    private final double height;
    private final Function<Runnable, Parent> content;
    private boolean made;
    private Runnable help = () -> {};

    /**
     * Creates a companion window without showing it.
     *
     * @param title message key of the window title
     * @param content creates the content; its argument closes the window
     */
    SideWindow(Stage owner, String title, double width, double height, Function<Runnable, Parent> content) {
        this.owner = owner;
        this.title = title;
        this.width = width;
        this.height = height;
        this.content = content;
    }

    /** Sets the action of the F1 key in this window. */
    void onHelp(Runnable action) {
        help = action;
    }

    /** Returns true while this window is open. */
    ReadOnlyBooleanProperty showingProperty() {
        return stage.showingProperty();
    }

    /** Opens this window or brings it to the front. */
    void show() {
        if (!made) {
            make();
        }
        if (!stage.isShowing()) {
            stage.setX(owner.getX() + Math.max(0, (owner.getWidth() - width) / 2));
            stage.setY(owner.getY() + Math.max(0, (owner.getHeight() - height) / 2));
        }
        stage.show();
        stage.toFront();
        stage.requestFocus();
    }

    private void make() {
        made = true;
        stage.initOwner(owner);
        stage.setTitle(text(title));
        stage.getIcons().setAll(owner.getIcons());
        Scene scene = new Scene(content.apply(stage::hide), width, height);
        scene.getStylesheets().setAll(owner.getScene().getStylesheets());
        // lists consume Escape; search fields clear their text first
        scene.addEventFilter(KeyEvent.KEY_PRESSED, key -> {
            if (key.getCode() == KeyCode.ESCAPE && scene.getFocusOwner() instanceof ListView<?>) {
                stage.hide();
                key.consume();
            }
        });
        scene.addEventHandler(KeyEvent.KEY_PRESSED, key -> {
            if (key.getCode() == KeyCode.ESCAPE) {
                stage.hide();
                key.consume();
            } else if (key.getCode() == KeyCode.F1) {
                help.run();
                key.consume();
            }
        });
        stage.setScene(scene);
    }
}

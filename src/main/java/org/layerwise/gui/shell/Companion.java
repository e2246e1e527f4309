package org.layerwise.gui.shell;

import static org.layerwise.gui.text.Messages.text;

import java.util.function.Function;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import javafx.stage.StageStyle;

/** A window beside the main one that shows one thing and blocks nothing; made when it is opened first. */
final class Companion {

    private final Stage owner;
    private final Stage stage = new Stage(StageStyle.DECORATED);
    private final String title;
    private final double width;
    private final double height;
    private final Function<Runnable, Parent> content;
    private boolean made;
    private Runnable help = () -> {};

    /**
     * @param title key of the text
     * @param content makes what it shows; is given what closes it
     */
    Companion(Stage owner, String title, double width, double height, Function<Runnable, Parent> content) {
        this.owner = owner;
        this.title = title;
        this.width = width;
        this.height = height;
        this.content = content;
    }

    /** What F1 does in it. */
    void onHelp(Runnable action) {
        help = action;
    }

    /** Whether it is open. */
    ReadOnlyBooleanProperty showingProperty() {
        return stage.showingProperty();
    }

    /** Opens it, or brings it to the front. */
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
        // lists take Escape for themselves; fields that people search in clear it first
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

package org.layerwise.gui.dialog;

import javafx.animation.PauseTransition;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.layerwise.gui.control.Nodes;

/**
 * Shows notices for some seconds over the lower right of what it holds. They lie inside the window, because a window of
 * their own is a white block where the desktop cannot mix windows, and clicks go through them.
 */
public final class Notices extends StackPane {

    /** How long a notice stays. */
    static final Duration SHOWN = Duration.seconds(4);

    private final VBox column = new VBox();

    public Notices() {
        column.setMouseTransparent(true);
        column.getStyleClass().add("notices");
        column.setAlignment(Pos.BOTTOM_RIGHT);
        getChildren().add(column);
    }

    /** Shows a notice. */
    public void show(String title, String sentence) {
        Label heading = Nodes.label(title, "strong");
        heading.setMinWidth(Region.USE_PREF_SIZE);
        Label words = Nodes.label(sentence);
        words.setMinWidth(0);
        HBox notice = new HBox(heading, words); // one line, so that results stay in sight
        notice.getStyleClass().add("notice-box");
        notice.setMaxWidth(Region.USE_PREF_SIZE);
        notice.setMinHeight(Region.USE_PREF_SIZE);
        notice.setAccessibleText(title + ". " + sentence);
        column.getChildren().add(notice);
        PauseTransition gone = new PauseTransition(SHOWN);
        gone.setOnFinished(event -> column.getChildren().remove(notice));
        gone.play();
    }
}

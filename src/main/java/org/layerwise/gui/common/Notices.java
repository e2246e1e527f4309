package org.layerwise.gui.common;

import javafx.animation.PauseTransition;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

/**
 * Shows notifications for some seconds at the lower right of the window's content. Notifications are drawn inside the
 * window, because a separate window would be a white block on desktops that cannot draw transparent windows. Mouse
 * clicks pass through them.
 */
public final class Notices extends StackPane {

    /** Time for which a notification is visible. */
    static final Duration SHOWN = Duration.seconds(4);

    private final VBox column = new VBox();

    public Notices() {
        column.setMouseTransparent(true);
        column.getStyleClass().add("notices");
        column.setAlignment(Pos.BOTTOM_RIGHT);
        getChildren().add(column);
    }

    /** Shows a notification. */
    public void show(String title, String sentence) {
        Label heading = Nodes.label(title, "strong");
        heading.setMinWidth(Region.USE_PREF_SIZE);
        Label words = Nodes.label(sentence);
        words.setMinWidth(0);
        HBox notice = new HBox(heading, words); // one line, so that the results behind remain visible
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

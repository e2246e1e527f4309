package org.layerwise.gui.help;

import static org.layerwise.gui.common.Messages.text;

import javafx.animation.PauseTransition;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.StackPane;
import javafx.util.Duration;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Clipboards;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.help.PageBlock.Listing;

/** Preformatted lines with a copy button. */
final class ListingNode extends StackPane {

    private static final Duration SAID = Duration.seconds(2);

    ListingNode(Listing listing) {
        Label lines = Nodes.label(listing.plain(), "help-listing");
        lines.setMinSize(USE_PREF_SIZE, USE_PREF_SIZE);
        ScrollPane sideways = new ScrollPane(lines);
        sideways.getStyleClass().add("help-sideways");
        sideways.setVbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        sideways.setFitToHeight(true);
        sideways.setFocusTraversable(false);
        sideways.setMinHeight(USE_PREF_SIZE);
        Button copy = Nodes.iconButton(
                "help-copy", Material2OutlinedAL.CONTENT_COPY, text("help.copy"), () -> copy(listing.plain()));
        copy.getStyleClass().addAll("small", "help-copy");
        copy.setAccessibleHelp(listing.plain().lines().findFirst().orElse(""));
        PauseTransition pause = new PauseTransition(SAID);
        pause.setOnFinished(event -> copy.setGraphic(Icons.of(Material2OutlinedAL.CONTENT_COPY)));
        copy.setOnAction(event -> {
            copy(listing.plain());
            copy.setGraphic(Icons.of(Material2OutlinedAL.CHECK));
            pause.playFromStart();
        });
        getStyleClass().add("help-listing-box");
        setAlignment(Pos.TOP_LEFT);
        StackPane.setAlignment(copy, Pos.TOP_RIGHT);
        getChildren().setAll(sideways, copy);
        setMinHeight(USE_PREF_SIZE);
    }

    private static void copy(String lines) {
        Clipboards.put(lines);
    }
}

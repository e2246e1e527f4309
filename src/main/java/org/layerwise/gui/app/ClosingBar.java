package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;

/** Bar with the message that the window will close by itself, and a button to keep the window open. */
final class ClosingBar extends HBox {

    ClosingBar(WindowClosing closing) {
        Label words = new Label();
        words.setId("closing-words");
        words.textProperty().bind(closing.wordsProperty());
        Nodes.fillWidth(words);
        Button keep = Nodes.button("closing-keep", text("quit.keep.open"), closing::keepOpen);
        keep.getStyleClass().add("small");
        getStyleClass().add("offer-bar");
        setAlignment(Pos.CENTER_LEFT);
        getChildren().setAll(Icons.of(Material2OutlinedAL.HOURGLASS_EMPTY), words, keep);
        Nodes.showWhen(this, closing.wordsProperty().isNotEmpty());
    }
}

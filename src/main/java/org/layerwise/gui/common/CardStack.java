package org.layerwise.gui.common;

import javafx.scene.Node;
import javafx.scene.layout.StackPane;

/** Nodes of which one is visible at a time. All of them stay in the scene, so that each is styled with its pane and not when it appears. */
public final class CardStack extends StackPane {

    /** @param cards nodes to choose from; none is visible until {@link #show} is called */
    public CardStack(Node... cards) {
        super(cards);
        for (Node card : cards) {
            card.setVisible(false); // yet laid out: split panes without a size would lose their positions
        }
    }

    /** Shows one of the cards and hides the others. */
    public void show(Node card) {
        getChildren().forEach(other -> other.setVisible(other == card));
    }
}

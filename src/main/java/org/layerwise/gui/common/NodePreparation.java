package org.layerwise.gui.common;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.scene.Node;

/** Makes nodes when the window has nothing else to do, so that they appear quickly. */
@FunctionalInterface
public interface NodePreparation {

    /**
     * Makes a node, styles and lays it out, and hands it over, each later and one after the other.
     *
     * @param made makes the node; empty if it is no longer needed
     * @param then receives the node
     */
    void prepare(Supplier<Optional<Node>> made, Consumer<Node> then);
}

package org.layerwise.gui.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Control;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableView;
import javafx.scene.control.TreeTableView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.layerwise.gui.common.CardStack;

/**
 * Nodes of the window that are styled and laid out before they appear. They get their skins, the classes of their controls are
 * loaded, and JavaFX finds the rules of the style sheets that apply to them, which it remembers for each scene by itself; so
 * the window stalls less when they appear.
 */
final class HiddenNodes {

    /** Most nodes that are styled for the first time in one step. */
    private static final int MOST = 10;

    /** Growing heights in which a node with rows is laid out one after the other: it makes a few rows at a time. */
    private static final int HEIGHTS = 10;

    private final StackPane root = new StackPane();
    private final Region size;

    /** Parts that are outside of their parents, with what keeps their places there. */
    private final Map<Node, Region> gaps = new LinkedHashMap<>();

    /** @param size node as large as the prepared ones will be */
    HiddenNodes(Region size) {
        this.size = size;
        root.setManaged(false);
        root.setVisible(false);
    }

    /** Takes away a node that is not ready yet: while it is in the window, JavaFX styles and lays it out with every change. */
    void clear() {
        root.getChildren().clear();
        putBackAll();
    }

    /** Returns the node to be put into the scene of the window; it is never painted. */
    Node node() {
        return root;
    }

    /** Returns the steps that style a node which is not in a window: its parts one after the other, then the whole. */
    List<Runnable> steps(Node node) {
        putBackAll();
        List<Node> parts = innerParts(node);
        List<Runnable> steps = new ArrayList<>();
        parts.forEach(part -> steps.add(() -> stylePart(part, !makesRows(part))));
        int heights = hasRows(node) ? HEIGHTS : 1;
        steps.add(() -> {
            if (isFree(node)) {
                root.resize(size.getWidth(), size.getHeight() / heights); // for the pulses until it is whole
                parts.forEach(this::takeOut);
                put(node);
            }
        });
        parts.forEach(part -> steps.add(() -> putBack(part)));
        IntStream.rangeClosed(1, heights).forEach(height -> steps.add(() -> layOut(node, (double) height / heights)));
        steps.add(() -> root.getChildren().remove(node));
        return steps;
    }

    /**
     * Puts a node that was prepared into its place and returns the steps after it: the node is put there without its parts, which follow
     * one after the other, since JavaFX styles again what comes to another place. It is visible when it is whole.
     *
     * @param put puts the node into its place
     */
    List<Runnable> placing(Node node, Runnable put) {
        putBackAll();
        List<Node> parts = innerParts(node);
        parts.forEach(this::takeOut);
        node.setVisible(false);
        List<Runnable> steps = new ArrayList<>();
        parts.forEach(part -> steps.add(() -> putBack(part)));
        steps.add(() -> node.setVisible(true));
        put.run();
        return steps;
    }

    private void takeOut(Node part) {
        if (part.getParent() instanceof Pane parent) {
            Region gap = new Region();
            gap.setManaged(false);
            parent.getChildren().set(parent.getChildren().indexOf(part), gap);
            gaps.put(part, gap);
        }
    }

    /** Puts a part back that was taken out of its parent, unless the parent got other children meanwhile. */
    private void putBack(Node part) {
        Region gap = gaps.remove(part);
        if (gap != null && gap.getParent() instanceof Pane parent) {
            if (part.getParent() == null) {
                parent.getChildren().set(parent.getChildren().indexOf(gap), part);
                part.applyCss(); // in this step, not together with the others in the next pulse
            } else {
                parent.getChildren().remove(gap);
            }
        }
    }

    private void putBackAll() {
        List.copyOf(gaps.keySet()).forEach(this::putBack);
    }

    private static List<Node> innerParts(Node node) {
        return children(node).stream().flatMap(child -> parts(child).stream()).toList();
    }

    /** Returns the parts of a node that can be styled one after the other, in the order of the node. */
    private static List<Node> parts(Node node) {
        boolean movable = node.getParent() instanceof Pane parent
                && !(parent instanceof BorderPane)
                && !(parent instanceof CardStack); // which shows and hides its children
        return movable && (makesRows(node) || count(node) <= MOST && !hasRows(node))
                ? List.of(node)
                : children(node).stream()
                        .flatMap(child -> parts(child).stream())
                        .toList();
    }

    /** Styles a part outside of its parent, since nodes are styled with all that is above and below them. */
    private void stylePart(Node part, boolean layout) {
        if (part.getParent() instanceof Pane parent && parent.getScene() == null) {
            int at = parent.getChildren().indexOf(part);
            put(part);
            if (layout) {
                layOut(part, 1); // texts remember how they were measured
            }
            root.getChildren().clear();
            parent.getChildren().add(at, part);
        }
    }

    private void put(Node node) {
        root.getChildren().setAll(node);
        root.applyCss(); // from the root, which defines the colours
    }

    /** Returns true if a node has no place; one that got a place meanwhile stays there. */
    private static boolean isFree(Node node) {
        return node.getParent() == null && node.getScene() == null;
    }

    private void layOut(Node node, double part) {
        if (isFree(node)) {
            put(node);
        }
        if (node.getParent() == root) {
            root.resize(size.getWidth(), part * size.getHeight());
            root.layout();
        }
    }

    /** Returns true if a node is or contains a control that makes rows for its items when it is laid out. */
    private static boolean hasRows(Node node) {
        return makesRows(node) || children(node).stream().anyMatch(HiddenNodes::hasRows);
    }

    private static boolean makesRows(Node node) {
        return node instanceof TableView || node instanceof TreeTableView || node instanceof ListView;
    }

    private static int count(Node node) {
        return 1 + children(node).stream().mapToInt(HiddenNodes::count).sum();
    }

    /** Returns the children of a node, also those that its skin has not put into it yet, and none that belong to a skin. */
    private static List<Node> children(Node node) {
        if (node instanceof SplitPane split) {
            return split.getItems();
        }
        if (node instanceof ScrollPane scroll) {
            return scroll.getContent() == null ? List.of() : List.of(scroll.getContent());
        }
        return node instanceof Parent parent && !(node instanceof Control)
                ? parent.getChildrenUnmodifiable()
                : List.of();
    }
}

package org.layerwise.gui.chart;

import java.awt.geom.Rectangle2D;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/**
 * Zooms a chart by mouse and keyboard. Zooming in: Ctrl and the mouse wheel, or the wheel alone if nothing scrolls;
 * dragging a box, unless dragging has another meaning; plus and minus. Moving: Shift and the wheel, or Alt and the
 * arrow keys. Resetting: 0 or a double click.
 */
final class ZoomGestures {

    private static final double CLOSER = 0.8;
    private static final double NOTCH = 40; // distance that one notch of the wheel scrolls
    private static final double LEAST_BOX = 10;
    private static final double STEP = 0.25;

    private final ChartPane pane;
    private final Region frame = new Region();
    private boolean wheelAlone;
    private @Nullable Point2D start;
    private boolean dragged;

    ZoomGestures(ChartPane pane) {
        this.pane = pane;
        frame.getStyleClass().add("zoom-frame");
        frame.setManaged(false);
        frame.setMouseTransparent(true);
        frame.setVisible(false);
        pane.getChildren().add(frame);
        Node canvas = pane.viewer();
        canvas.addEventFilter(ScrollEvent.SCROLL, this::scroll);
        canvas.addEventFilter(MouseEvent.MOUSE_PRESSED, this::press);
        canvas.addEventFilter(MouseEvent.MOUSE_DRAGGED, this::drag);
        canvas.addEventFilter(MouseEvent.MOUSE_RELEASED, this::release);
        canvas.addEventFilter(MouseEvent.MOUSE_CLICKED, this::click);
    }

    /** Returns the frame around the dragged box, which is drawn over the chart. */
    Node frame() {
        return frame;
    }

    void wheelAlone() {
        wheelAlone = true;
    }

    private void scroll(ScrollEvent event) {
        Rectangle2D area = pane.area();
        double delta = event.getDeltaY() == 0 ? event.getDeltaX() : event.getDeltaY(); // Shift scrolls sideways
        if (area == null || delta == 0 || !pane.zoom().possible() || !(event.isShortcutDown() || wheelAlone)) {
            return;
        }
        Point2D place = local(event.getSceneX(), event.getSceneY());
        if (event.isShiftDown()) {
            pane.zoom().move(-Math.signum(delta) * STEP, 0);
        } else {
            pane.zoom().by(Math.pow(CLOSER, delta / NOTCH), place.getX(), place.getY(), area);
        }
        event.consume();
    }

    private void press(MouseEvent event) {
        start = event.getButton() == MouseButton.PRIMARY && pane.zoom().framed()
                ? local(event.getSceneX(), event.getSceneY())
                : null;
        dragged = false;
    }

    private void drag(MouseEvent event) {
        Rectangle2D box = box(event);
        if (box != null && (dragged || Math.max(box.getWidth(), box.getHeight()) >= LEAST_BOX)) {
            dragged = true;
            frame.resizeRelocate(box.getX(), box.getY(), box.getWidth(), box.getHeight());
            frame.setVisible(true);
        }
    }

    private void release(MouseEvent event) {
        Rectangle2D box = box(event);
        Rectangle2D area = pane.area();
        frame.setVisible(false);
        if (box != null && area != null && dragged) {
            pane.zoom().into(box, LEAST_BOX, area);
        }
        start = null;
    }

    private void click(MouseEvent event) {
        if (!event.isStillSincePress()) {
            event.consume(); // the end of a drag is not a click
        } else if (event.getClickCount() == 2 && event.getButton() == MouseButton.PRIMARY) {
            pane.resetZoom();
        }
    }

    /**
     * Returns the box from the start of the drag to the current position, clipped to the area of the values; null if
     * there is none.
     */
    private @Nullable Rectangle2D box(MouseEvent event) {
        Point2D from = start;
        Rectangle2D area = pane.area();
        if (from == null || area == null) {
            return null;
        }
        Rectangle2D box = new Rectangle2D.Double(from.getX(), from.getY(), 0, 0);
        Point2D to = local(event.getSceneX(), event.getSceneY());
        box.add(to.getX(), to.getY());
        Rectangle2D within = box.createIntersection(area);
        return within.getWidth() < 0 || within.getHeight() < 0 ? null : within;
    }

    void press(KeyEvent key) {
        Rectangle2D area = pane.area();
        if (area == null || !pane.zoom().possible() || key.isShortcutDown()) {
            return;
        }
        if (key.isAltDown()) {
            switch (key.getCode()) {
                case LEFT -> pane.zoom().move(-STEP, 0);
                case RIGHT -> pane.zoom().move(STEP, 0);
                case UP -> pane.zoom().move(0, STEP);
                case DOWN -> pane.zoom().move(0, -STEP);
                default -> {
                    return;
                }
            }
        } else {
            switch (key.getCode()) {
                case PLUS, ADD, EQUALS -> pane.zoom().by(CLOSER, area.getCenterX(), area.getCenterY(), area);
                case MINUS, SUBTRACT -> pane.zoom().by(1 / CLOSER, area.getCenterX(), area.getCenterY(), area);
                case DIGIT0, NUMPAD0 -> pane.resetZoom();
                default -> {
                    return;
                }
            }
        }
        key.consume();
    }

    private Point2D local(double sceneX, double sceneY) {
        return pane.viewer().getCanvas().sceneToLocal(sceneX, sceneY);
    }
}

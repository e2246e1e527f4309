package org.layerwise.gui.analysis;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.analysis.AnalysisViewModel.Cell;
import org.layerwise.gui.chart.ChartPane;

/**
 * Mouse and keyboard control of a heatmap. A click keeps a pair visible; a drag frames a block and selects its layers.
 * The arrow keys move, with Shift they frame; Enter keeps a pair or selects a framed block; Space selects or deselects
 * the layer of a pair; Escape cancels.
 */
final class HeatmapGestures {

    private final ChartPane pane;
    private final HeatmapView view;
    private final Function<MouseEvent, @Nullable Cell> find;
    private @Nullable Cell start;
    private @Nullable Cell end;

    /** @param find returns the cell under the pointer */
    HeatmapGestures(ChartPane pane, HeatmapView view, Function<MouseEvent, @Nullable Cell> find) {
        this.pane = pane;
        this.view = view;
        this.find = find;
        pane.addEventFilter(MouseEvent.MOUSE_PRESSED, this::press);
        pane.addEventFilter(MouseEvent.MOUSE_DRAGGED, this::drag);
        pane.addEventFilter(MouseEvent.MOUSE_RELEASED, this::release);
        pane.addEventHandler(KeyEvent.KEY_PRESSED, this::press);
    }

    /**
     * Returns the layers of a block: those between the states of its longer side. If both sides are equally long, the
     * rows decide.
     */
    static SortedSet<Integer> layers(Cell from, Cell to) {
        int rows = Math.abs(from.i() - to.i());
        int columns = Math.abs(from.j() - to.j());
        int first = rows >= columns ? Math.min(from.i(), to.i()) : Math.min(from.j(), to.j());
        int length = Math.max(rows, columns);
        return length == 0
                ? Collections.emptySortedSet()
                : new TreeSet<>(IntStream.range(first, first + length).boxed().toList());
    }

    private void press(MouseEvent event) {
        start = event.getButton() == MouseButton.PRIMARY ? find.apply(event) : null;
        end = null;
    }

    private void drag(MouseEvent event) {
        Cell now = find.apply(event);
        if (start != null && now != null && (end != null || !now.equals(start))) {
            end = now;
            view.frame(start, now);
        }
    }

    private void release(MouseEvent event) {
        Cell from = start;
        Cell to = end;
        let();
        if (from != null && to != null) {
            view.choose(from, to, event.isShiftDown());
        } else if (from != null) {
            view.keep(from);
        }
    }

    private void let() {
        boolean framed = end != null;
        start = null;
        end = null;
        if (framed) {
            view.frame(null, null);
        }
    }

    private void press(KeyEvent key) {
        if (key.isConsumed() || key.isAltDown() || pane.tabulated()) {
            return; // meant for another control
        }
        switch (key.getCode()) {
            case UP, DOWN, LEFT, RIGHT -> move(key.getCode(), key.isShiftDown());
            case ENTER -> enter();
            case SPACE -> toggle();
            case ESCAPE -> {
                let();
                view.keep(null);
            }
            default -> {
                return;
            }
        }
        key.consume();
    }

    private void move(KeyCode code, boolean framing) {
        int up = code == KeyCode.UP ? 1 : code == KeyCode.DOWN ? -1 : 0;
        int right = code == KeyCode.RIGHT ? 1 : code == KeyCode.LEFT ? -1 : 0;
        Cell from = view.at();
        Cell to = from == null ? new Cell(0, 0) : new Cell(within(from.i() + up), within(from.j() + right));
        if (!framing) {
            let();
        } else if (from != null) {
            start = start == null ? from : start;
            end = to;
            view.frame(start, to);
        }
        view.point(to);
    }

    private void enter() {
        Cell from = start;
        Cell to = end;
        Cell at = view.at();
        let();
        if (from != null && to != null) {
            view.choose(from, to, false);
        } else if (at != null) {
            view.keep(at);
        }
    }

    private void toggle() {
        Cell at = view.at();
        if (at != null && Math.abs(at.i() - at.j()) == 1) {
            view.toggle(Math.min(at.i(), at.j()));
        }
    }

    private int within(int state) {
        return Math.max(0, Math.min(view.size() - 1, state));
    }
}

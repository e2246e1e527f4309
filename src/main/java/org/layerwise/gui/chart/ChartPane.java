package org.layerwise.gui.chart;

import static org.layerwise.gui.text.Messages.text;

import java.awt.geom.Rectangle2D;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.animation.PauseTransition;
import javafx.geometry.Point2D;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.util.Duration;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.fx.ChartViewer;
import org.jfree.chart.fx.interaction.ChartMouseEventFX;
import org.jfree.chart.fx.interaction.ChartMouseListenerFX;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.chart.ChartZoom;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.sheet.SheetSummary;

/**
 * A chart in the window, with what every chart has: a menu, which the menu key opens too; its picture and its numbers on the
 * clipboard and in files; a table that stands in for it; and a zoom. What the pointer is at and what is clicked is told to
 * whoever listens.
 */
public final class ChartPane extends StackPane {

    private static final Duration SETTLED =
            Duration.millis(400); // a table of a chart that grows is not made at each point

    private final ChartViewer viewer;
    private final Exports exports;
    private final Supplier<@Nullable Figure> figure;
    private final ChartMenu menu;
    private final ZoomGestures gestures;
    private final ChartTable table = new ChartTable(() -> tabulate(false));
    private final PauseTransition settled = new PauseTransition(SETTLED);
    private Consumer<@Nullable ChartEntity> hovered = entity -> {};
    private Consumer<@Nullable ChartEntity> clicked = entity -> {};
    private ChartZoom zoom;

    /**
     * Shows a chart.
     *
     * @param id of the pane; those of its buttons and its table are made of it
     * @param figure what is written and copied; null while there is nothing
     */
    public ChartPane(String id, JFreeChart chart, Exports exports, Supplier<@Nullable Figure> figure) {
        this.exports = exports;
        this.figure = figure;
        viewer = new ChartViewer(chart, false);
        viewer.getCanvas().setDomainZoomable(false);
        viewer.getCanvas().setRangeZoomable(false);
        viewer.getCanvas().setTooltipEnabled(false);
        viewer.getCanvas().addOverlay(new FreshPen());
        viewer.setMinSize(0, 0);
        viewer.setFocusTraversable(false);
        viewer.addChartMouseListener(new ChartMouseListenerFX() {
            @Override
            public void chartMouseClicked(ChartMouseEventFX event) {
                clicked.accept(event.getEntity());
            }

            @Override
            public void chartMouseMoved(ChartMouseEventFX event) {
                hovered.accept(event.getEntity());
            }
        });
        viewer.getCanvas().addEventHandler(MouseEvent.MOUSE_EXITED, event -> hovered.accept(null));
        zoom = new ChartZoom(chart);
        table.setId(id + "-table");
        setId(id);
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setAccessibleRoleDescription(text("chart.role"));
        getStyleClass().add("chart-focus");
        getChildren().setAll(viewer);
        gestures = new ZoomGestures(this);
        menu = new ChartMenu(this, new ChartCopies(this, exports));
        addEventHandler(MouseEvent.MOUSE_PRESSED, event -> {
            if (!tabulated()) {
                requestFocus();
            }
        });
        addEventHandler(KeyEvent.KEY_PRESSED, event -> {
            menu.press(event);
            if (!event.isConsumed() && !tabulated()) {
                gestures.press(event);
            }
        });
        focusedProperty().addListener((focused, was, is) -> {
            if (is) {
                read();
            }
        });
        settled.setOnFinished(event -> read());
    }

    /** Shows another chart, all of it. */
    public void show(JFreeChart chart) {
        viewer.setChart(chart);
        zoom = new ChartZoom(chart);
        changed();
    }

    /** Says that the numbers are others than before. */
    public void changed() {
        if (tabulated()) {
            settled.play();
        }
    }

    /** The wheel zooms, also without Ctrl: for charts that stand on no page that scrolls. */
    public ChartPane wheelZooms() {
        gestures.wheelAlone();
        return this;
    }

    /** Tooltips say what the pointer is at: for charts without a line that does. */
    public ChartPane tooltips() {
        viewer.getCanvas().setTooltipEnabled(true);
        return this;
    }

    /** The buttons that stand beside the title: to export, and for all else. */
    public HBox buttons() {
        Button export =
                Nodes.iconButton(getId() + "-export", Material2OutlinedAL.GET_APP, text("chart.export"), menu::export);
        Button more = Nodes.iconButton(getId() + "-menu", Material2OutlinedMZ.MORE_VERT, text("chart.menu"), () -> {});
        more.setOnAction(event -> menu.showBelow(more));
        HBox buttons = new HBox(export, more);
        buttons.getStyleClass().add("chart-buttons");
        return buttons;
    }

    /** A title with the chart's buttons at its right. */
    public HBox heading(Label title) {
        HBox heading = new HBox(Nodes.shortened(title), Nodes.spring(), buttons());
        heading.getStyleClass().add("row");
        return heading;
    }

    /** Who hears what the pointer is at; null when it is at nothing. */
    public void onHover(Consumer<@Nullable ChartEntity> listener) {
        hovered = listener;
    }

    /** Who hears what is clicked. */
    public void onClick(Consumer<@Nullable ChartEntity> listener) {
        clicked = listener;
    }

    /** What a mouse event over this pane is at; null if it is at nothing. */
    public @Nullable ChartEntity at(MouseEvent event) {
        ChartRenderingInfo drawn = viewer.getCanvas().getRenderingInfo();
        if (tabulated() || drawn == null || drawn.getEntityCollection() == null) {
            return null;
        }
        Point2D place = viewer.getCanvas().sceneToLocal(event.getSceneX(), event.getSceneY());
        return drawn.getEntityCollection().getEntity(place.getX(), place.getY());
    }

    /** JFreeChart's own view of the chart. */
    public ChartViewer viewer() {
        return viewer;
    }

    /** Shows all of the chart again. */
    public void resetZoom() {
        zoom.reset();
    }

    /** Whether a table stands in for the chart. */
    public boolean tabulated() {
        return getChildren().contains(table);
    }

    /** Puts a table of the numbers in the chart's place, or the chart back. */
    void tabulate(boolean on) {
        if (on != tabulated()) {
            if (on) {
                table.title(getAccessibleText() == null ? "" : getAccessibleText());
                getChildren().setAll(table);
                read();
                table.focus();
            } else {
                getChildren().setAll(viewer, gestures.frame());
                requestFocus();
            }
        }
    }

    ChartZoom zoom() {
        return zoom;
    }

    @Nullable
    Figure figure() {
        return figure.get();
    }

    /** Where the values are drawn, as the canvas counts; null before the first drawing. */
    @Nullable
    Rectangle2D area() {
        ChartRenderingInfo drawn = viewer.getCanvas().getRenderingInfo();
        return drawn == null ? null : drawn.getPlotInfo().getDataArea();
    }

    /** Says in words what the numbers are, and shows them where they stand in for the chart. */
    private void read() {
        Figure now = figure.get();
        if (now != null) {
            exports.sheet(now, sheet -> {
                setAccessibleHelp(SheetSummary.of(sheet) + " " + text("chart.help"));
                table.show(sheet);
            });
        }
    }
}

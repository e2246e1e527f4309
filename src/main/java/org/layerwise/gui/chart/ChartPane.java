package org.layerwise.gui.chart;

import static org.layerwise.gui.common.Messages.text;

import java.awt.geom.Rectangle2D;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.animation.PauseTransition;
import javafx.application.Platform;
import javafx.geometry.Point2D;
import javafx.scene.AccessibleRole;
import javafx.scene.Scene;
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
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.SheetSummary;

/**
 * Chart in the window with the functions that all charts share: a menu, also opened by the menu key; copying and
 * exporting of image and values; a table that replaces the chart; zoom. Listeners receive the chart entity under the
 * pointer and clicked entities.
 */
public final class ChartPane extends StackPane {

    private static final Duration SETTLED =
            Duration.millis(400); // creates the table of a growing chart once, not at each point

    private final ChartViewer viewer;
    private final FigureExporter exports;
    private final Supplier<@Nullable Figure> figure;
    private final ChartMenu menu;
    private final ZoomGestures gestures;
    private final ChartTable table = new ChartTable(() -> tabulate(false));
    private final PauseTransition settled = new PauseTransition(SETTLED);
    private Consumer<@Nullable ChartEntity> hovered = entity -> {};
    private Consumer<@Nullable ChartEntity> clicked = entity -> {};
    private ChartZoom zoom;
    private boolean stale;

    /**
     * Creates a pane that shows a chart.
     *
     * @param id id of the pane and prefix of the ids of its buttons and table
     * @param figure supplies the figure to export and copy; null if there is none
     */
    public ChartPane(String id, JFreeChart chart, FigureExporter exports, Supplier<@Nullable Figure> figure) {
        this.exports = exports;
        this.figure = figure;
        viewer = new ChartViewer(chart, false);
        redrawOnceAPulse(chart);
        viewer.getCanvas().setDomainZoomable(false);
        viewer.getCanvas().setRangeZoomable(false);
        viewer.getCanvas().setTooltipEnabled(false);
        viewer.getCanvas().addOverlay(new PenReset());
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

    /** Shows another chart without zoom. */
    public void show(JFreeChart chart) {
        viewer.setChart(chart);
        redrawOnceAPulse(chart);
        zoom = new ChartZoom(chart);
        changed();
    }

    /** Lets a chart be drawn when the pane is laid out. The canvas itself would draw it at each of several changes in a row. */
    private void redrawOnceAPulse(JFreeChart chart) {
        chart.removeChangeListener(viewer.getCanvas());
        chart.addChangeListener(change -> {
            if (chart == viewer.getChart()) {
                stale = true;
                requestLayout();
            }
        });
    }

    @Override
    protected void layoutChildren() {
        super.layoutChildren();
        if (stale && !takesPulse()) {
            Platform.runLater(this::requestLayout);
        } else if (stale) {
            stale = false;
            viewer.getCanvas().draw();
        }
    }

    /** Returns false if a chart of the window was drawn in this pulse: each has one of its own, so that the window answers between them. */
    private boolean takesPulse() {
        Scene scene = getScene();
        if (scene == null) {
            return true;
        }
        boolean free = scene.getProperties().putIfAbsent(ChartPane.class, this) == null;
        if (free) {
            Platform.runLater(() -> scene.getProperties().remove(ChartPane.class));
        }
        return free;
    }

    /** Reports that the values have changed. */
    public void changed() {
        if (tabulated()) {
            settled.play();
        }
    }

    /** Lets the mouse wheel zoom without Ctrl, for charts that are not on a scrolling page. */
    public ChartPane wheelZooms() {
        gestures.wheelAlone();
        return this;
    }

    /** Switches on tooltips, for charts whose values are not shown in another line. */
    public ChartPane tooltips() {
        viewer.getCanvas().setTooltipEnabled(true);
        return this;
    }

    /** Returns the buttons beside the title: export, and the menu. */
    public HBox buttons() {
        Button export =
                Nodes.iconButton(getId() + "-export", Material2OutlinedAL.GET_APP, text("chart.export"), menu::export);
        Button more = Nodes.iconButton(getId() + "-menu", Material2OutlinedMZ.MORE_VERT, text("chart.menu"), () -> {});
        more.setOnAction(event -> menu.showBelow(more));
        HBox buttons = new HBox(export, more);
        buttons.getStyleClass().add("chart-buttons");
        return buttons;
    }

    /** Returns a heading with the title on the left and the buttons on the right. */
    public HBox heading(Label title) {
        return Nodes.row(Nodes.shortened(title), Nodes.spring(), buttons());
    }

    /** Sets the listener for the chart entity under the pointer. It receives null if there is none. */
    public void onHover(Consumer<@Nullable ChartEntity> listener) {
        hovered = listener;
    }

    /** Sets the listener for clicked chart entities. */
    public void onClick(Consumer<@Nullable ChartEntity> listener) {
        clicked = listener;
    }

    /** Returns the chart entity at the position of a mouse event over this pane; null if there is none. */
    public @Nullable ChartEntity at(MouseEvent event) {
        ChartRenderingInfo drawn = viewer.getCanvas().getRenderingInfo();
        if (tabulated() || drawn == null || drawn.getEntityCollection() == null) {
            return null;
        }
        Point2D place = viewer.getCanvas().sceneToLocal(event.getSceneX(), event.getSceneY());
        return drawn.getEntityCollection().getEntity(place.getX(), place.getY());
    }

    /** Returns JFreeChart's view of the chart. */
    public ChartViewer viewer() {
        return viewer;
    }

    /** Undoes the zoom. */
    public void resetZoom() {
        zoom.reset();
    }

    /** Returns true if a table replaces the chart. */
    public boolean tabulated() {
        return getChildren().contains(table);
    }

    /** Replaces the chart by a table of its values, or shows the chart again. */
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

    /** Returns the area in which the values are drawn, in coordinates of the canvas; null before the first drawing. */
    @Nullable
    Rectangle2D area() {
        ChartRenderingInfo drawn = viewer.getCanvas().getRenderingInfo();
        return drawn == null ? null : drawn.getPlotInfo().getDataArea();
    }

    /** Updates the description for screen readers, and the table if it replaces the chart. */
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

package org.layerwise.gui.chart;

import java.util.function.Consumer;
import javafx.geometry.Point2D;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.fx.ChartViewer;
import org.jfree.chart.fx.interaction.ChartMouseEventFX;
import org.jfree.chart.fx.interaction.ChartMouseListenerFX;
import org.jspecify.annotations.Nullable;

/**
 * A chart in the window. It neither zooms nor has a menu of its own: what the pointer is at and what is clicked is told
 * to whoever listens.
 */
public final class ChartPane extends StackPane {

    private final ChartViewer viewer;
    private Consumer<@Nullable ChartEntity> hovered = entity -> {};
    private Consumer<@Nullable ChartEntity> clicked = entity -> {};

    public ChartPane(JFreeChart chart) {
        viewer = new ChartViewer(chart, false);
        viewer.getCanvas().setDomainZoomable(false);
        viewer.getCanvas().setRangeZoomable(false);
        viewer.getCanvas().setTooltipEnabled(false);
        viewer.getCanvas().addOverlay(new FreshPen());
        viewer.setMinSize(0, 0);
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
        getChildren().setAll(viewer);
    }

    /** Shows another chart. */
    public void show(JFreeChart chart) {
        viewer.setChart(chart);
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
        if (drawn == null || drawn.getEntityCollection() == null) {
            return null;
        }
        Point2D place = viewer.getCanvas().sceneToLocal(event.getSceneX(), event.getSceneY());
        return drawn.getEntityCollection().getEntity(place.getX(), place.getY());
    }

    /** JFreeChart's own view of the chart. */
    public ChartViewer viewer() {
        return viewer;
    }
}

package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import javafx.beans.property.ObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.plot.XYPlot;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.analysis.Measure;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.chart.heatmap.TrajectoryChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.compare.TrajectoryViewModel.Shown;
import org.layerwise.study.comparison.TrajectoryQuantity;

/** Map of layers against the steps of a training. */
final class TrajectoryPage extends StackPane {

    private static final double LEAST_HEIGHT = 280;
    private static final double CHOICE_WIDTH = 150;
    private static final double QUANTITY_WIDTH = 170;

    private final TrajectoryViewModel trajectory;
    private final ObjectProperty<@Nullable Integer> highlighted;
    private final ObservableValue<ChartStyle> style;
    private final Label title = Nodes.label("", "heading");
    private final Label readout = Nodes.label("", "readout", "figures");
    private final ChoiceBox<Measure> measure = new ChoiceBox<>();
    private final ChoiceBox<TrajectoryQuantity> quantity = new ChoiceBox<>();
    private final ChartPane pane;
    private final Node nothing;
    private final VBox page;
    private @Nullable TrajectoryChart chart;
    private boolean filling;

    TrajectoryPage(
            TrajectoryViewModel trajectory,
            ObjectProperty<@Nullable Integer> highlighted,
            ObservableValue<ChartStyle> style) {
        this.trajectory = trajectory;
        this.highlighted = highlighted;
        this.style = style;
        pane = new ChartPane("trajectory", new JFreeChart(new XYPlot()), trajectory.exports(), trajectory::figure);
        pane.onHover(this::point);
        pane.setMinHeight(LEAST_HEIGHT);
        VBox.setVgrow(pane, Priority.ALWAYS);
        measure.setId("trajectory-measure");
        measure.setPrefWidth(CHOICE_WIDTH);
        measure.setConverter(Nodes.words(of -> of == null ? "" : of.shortName()));
        measure.valueProperty().addListener((value, was, is) -> {
            if (!filling && is != null) {
                trajectory.measureProperty().set(is);
            }
        });
        quantity.setId("trajectory-quantity");
        quantity.setAccessibleText(text("trajectory.quantity"));
        quantity.setMinWidth(QUANTITY_WIDTH);
        quantity.setConverter(Nodes.words(of -> of == null ? "" : text(TrajectoryTexts.choice(of))));
        quantity.valueProperty().addListener((value, was, is) -> {
            if (!filling && is != null) {
                trajectory.show(is);
            }
        });
        title.setId("trajectory-title");
        readout.setId("trajectory-readout");
        readout.setMaxWidth(Double.MAX_VALUE);
        HBox heading = Nodes.row(
                Nodes.shortened(title),
                Nodes.spring(),
                quantity,
                Nodes.caption(text("analysis.shown"), measure),
                measure,
                Nodes.button("trajectory-compute", text("trajectory.compute"), trajectory::compute),
                Nodes.button("trajectory-open", text("trajectory.open.other"), trajectory::open),
                pane.buttons());
        page = new VBox(heading, pane, readout);
        page.getStyleClass().add("chart-column");
        nothing = new EmptyState(
                Material2OutlinedMZ.TIMELINE,
                text("trajectory.none"),
                text("trajectory.none.advice"),
                Nodes.primary("trajectory-compute-first", text("trajectory.compute"), trajectory::compute),
                Nodes.button("trajectory-open-first", text("trajectory.open.other"), trajectory::open));
        trajectory.shownProperty().addListener((observable, was, is) -> show(is));
        style.addListener((observable, was, is) -> {
            if (chart != null) {
                chart.restyle(is);
            }
        });
        show(trajectory.shownProperty().get());
    }

    private void show(@Nullable Shown shown) {
        if (shown == null) {
            getChildren().setAll(nothing);
            return;
        }
        chart = shown.chart(style.getValue());
        pane.show(chart.chart());
        title.setText(text("trajectory.title", shown.name()));
        filling = true;
        measure.getItems().setAll(shown.trajectory().measures());
        measure.setValue(shown.measure());
        quantity.getItems().setAll(shown.quantities());
        quantity.setValue(shown.quantity());
        filling = false;
        point(null);
        getChildren().setAll(page);
    }

    private void point(@Nullable ChartEntity entity) {
        highlighted.set(HeatmapChart.pairOf(entity).map(HeatmapChart.Pair::row).orElse(null));
        String words =
                entity == null || entity.getToolTipText() == null ? text("trajectory.hover") : entity.getToolTipText();
        readout.setText(words);
        pane.setAccessibleText(title.getText() + ". " + words);
    }
}

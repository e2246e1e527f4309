package org.layerwise.gui.data;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.OptionalInt;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.jfree.chart.entity.ChartEntity;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.HistogramChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.data.token.DataSummary;
import org.layerwise.data.token.DataSummary.Bin;
import org.layerwise.gui.chart.ChartPane;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;

/** Histogram of the row lengths for the open model, and a larger limit if many rows are cut. */
final class LengthsView extends VBox {

    static final int BINS = 32;

    private static final double HEIGHT = 140;

    private final DataViewModel data;
    private final ObservableValue<ChartStyle> style;
    private final ChartPane pane;
    private final Label words = Nodes.label("", "muted");
    private List<Bin> bins = List.of();
    private HistogramChart chart;

    LengthsView(DataViewModel data, FigureExporter exports, ObservableValue<ChartStyle> style) {
        this.data = data;
        this.style = style;
        chart = chart(bins, style.getValue());
        pane = new ChartPane("data-histogram", chart.chart(), exports, data::lengthsFigure).wheelZooms();
        pane.setAccessibleText(text("data.lengths"));
        pane.setMinHeight(HEIGHT);
        pane.setPrefHeight(HEIGHT);
        pane.onHover(this::read);
        words.setId("data-lengths");
        words.setWrapText(true);
        var heading = pane.heading(Nodes.label(text("data.lengths"), "caption"));
        getStyleClass().add("field");
        getChildren().setAll(heading, pane, words, new LimitRow(data));
        Nodes.showWhen(pane, data.summaryProperty().map(known -> true).orElse(false));
        heading.getChildren()
                .get(heading.getChildren().size() - 1)
                .visibleProperty()
                .bind(pane.visibleProperty());
        style.addListener((observable, was, is) -> chart.restyle(is));
        data.summaryProperty().subscribe(summary -> show());
    }

    /** Returns a histogram of row lengths. */
    static HistogramChart chart(List<Bin> bins, ChartStyle style) {
        return new HistogramChart(bins, text("data.lengths.axis"), text("data.lengths.rows"), style);
    }

    private void show() {
        DataSummary summary = data.summaryProperty().get();
        bins = summary == null || summary.lengths().isEmpty() ? List.of() : summary.histogram(BINS);
        chart = chart(bins, style.getValue());
        pane.show(chart.chart());
        read(null);
    }

    private void read(@Nullable ChartEntity entity) {
        OptionalInt at = HistogramChart.binOf(entity);
        words.setText(at.isPresent() && at.getAsInt() < bins.size() ? words(bins.get(at.getAsInt())) : facts());
    }

    private static String words(Bin bin) {
        return text(
                "data.lengths.bin",
                NumberTexts.exact(bin.from()),
                NumberTexts.exact(bin.to()),
                NumberTexts.exact(bin.rows()));
    }

    private String facts() {
        DataSummary summary = data.summaryProperty().get();
        if (summary == null) {
            return text("data.lengths.none");
        }
        String range = text(
                "data.lengths.facts",
                NumberTexts.exact(summary.shortest()),
                NumberTexts.exact(summary.median()),
                NumberTexts.exact(summary.longest()));
        return summary.cutsMany()
                ? range // the row below says how many are cut
                : text("data.lengths.cut", range, Math.round(summary.cutShare() * 1000) / 10.0);
    }
}

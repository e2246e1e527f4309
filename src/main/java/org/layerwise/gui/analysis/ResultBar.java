package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.geometry.Pos;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tips;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.analysis.MeasureResult;

/**
 * Bar that chooses the displayed result of an analysis and its view, with one line about the stability of the result.
 */
final class ResultBar extends VBox {

    private static final double CHOICE_WIDTH = 150;

    private final AnalysisViewModel analysis;
    private final SelectionViewModel selection;
    private final ChoiceBox<Measure> measure = new ChoiceBox<>();
    private final ToggleButton overlaid = new ToggleButton(text("analysis.view.overlay"));
    private final ToggleButton experts = new ToggleButton(text("analysis.view.experts"));
    private final Label remark = Nodes.label("", "muted");
    private boolean showing;

    ResultBar(AnalysisViewModel analysis, SelectionViewModel selection) {
        this.analysis = analysis;
        this.selection = selection;
        ToggleButton single = new ToggleButton(text("analysis.view.single"));
        single.setId("view-single");
        single.getStyleClass().addAll("left-pill", "small");
        overlaid.setId("view-overlay");
        overlaid.getStyleClass().addAll("right-pill", "small");
        experts.setId("view-experts");
        experts.getStyleClass().addAll("right-pill", "small");
        Tips.set(experts, text("analysis.view.experts.tip"));
        ToggleGroup views = new ToggleGroup();
        views.getToggles().addAll(single, overlaid, experts);
        single.setSelected(true);
        views.selectedToggleProperty().addListener((toggle, was, is) -> {
            if (is == null && was != null) {
                was.setSelected(true); // one of the views is always selected
            }
        });
        Nodes.showWhen(experts, analysis.analysisProperty().map(entry -> ExpertLoadView.load(entry) != null));
        experts.visibleProperty().subscribe(shown -> {
            overlaid.getStyleClass().setAll("toggle-button", shown ? "center-pill" : "right-pill", "small");
            if (!shown && experts.isSelected()) {
                single.setSelected(true);
            }
        });
        HBox segments = new HBox(single, overlaid, experts);
        segments.getStyleClass().add("segments");
        segments.setMinWidth(USE_PREF_SIZE);
        measure.setId("shown-measure");
        measure.setPrefWidth(CHOICE_WIDTH);
        measure.setConverter(Nodes.words(of -> of == null ? "" : of.shortName()));
        Tips.set(measure, text("analysis.shown.tip"));
        measure.valueProperty().addListener((value, was, is) -> look(is));
        HBox shown = Nodes.row(Nodes.caption(text("analysis.shown"), measure), measure);
        Nodes.showWhen(
                shown, Bindings.createBooleanBinding(() -> measure.getItems().size() > 1, measure.getItems()));
        HBox row = Nodes.row(segments, Nodes.spring(), shown);
        remark.setId("trust-remark");
        remark.setGraphic(Icons.of(Material2OutlinedAL.INFO));
        remark.setWrapText(true);
        remark.setAlignment(Pos.CENTER_LEFT);
        remark.setMinHeight(USE_PREF_SIZE);
        Nodes.showWhen(remark, remark.textProperty().isNotEmpty());
        getStyleClass().add("result-bar");
        getChildren().setAll(row, remark);
        analysis.analysisProperty().addListener((observable, was, is) -> show());
        analysis.resultProperty().addListener((observable, was, is) -> show());
        selection.selectionProperty().addListener((observable, was, is) -> update());
        show();
    }

    /** Property that is true if the results are overlaid in one chart. */
    ReadOnlyBooleanProperty overlaidProperty() {
        return overlaid.selectedProperty();
    }

    /** Property that is true if the load of experts is shown. */
    ReadOnlyBooleanProperty ofExpertsProperty() {
        return experts.selectedProperty();
    }

    private void look(@Nullable Measure chosen) {
        AnalysisEntry seen = analysis.analysisProperty().get();
        if (!showing && chosen != null && seen != null) {
            seen.analysis().result(chosen).ifPresent(analysis.resultProperty()::set);
        }
    }

    private void show() {
        AnalysisEntry seen = analysis.analysisProperty().get();
        MeasureResult result = analysis.resultProperty().get();
        showing = true;
        if (seen == null || result == null) {
            measure.getItems().clear();
        } else {
            measure.getItems()
                    .setAll(seen.analysis().results().stream()
                            .map(MeasureResult::measure)
                            .toList());
            measure.setValue(result.measure());
        }
        showing = false;
        update();
    }

    private void update() {
        MeasureResult result = analysis.resultProperty().get();
        LayerSelection now = selection.selectionProperty().get();
        String selected =
                StabilityRemark.of(result, now, result == null || now == null ? null : analysis.shares(result, now));
        Uncertainty uncertainty = result == null ? null : result.uncertainty();
        String covered = uncertainty == null ? "" : uncertainty.kind().note();
        remark.setText(Stream.of(selected, StabilityRemark.reliability(result), covered)
                .filter(sentence -> !sentence.isEmpty())
                .collect(Collectors.joining(" ")));
    }
}

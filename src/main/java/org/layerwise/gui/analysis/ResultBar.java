package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
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
    private final PageButtons segments;
    private final Label remark = Nodes.label("", "muted");
    private boolean showing;

    ResultBar(AnalysisViewModel analysis, SelectionViewModel selection) {
        this.analysis = analysis;
        this.selection = selection;
        segments = new PageButtons(Map.of(
                AnalysisPage.MODULES,
                any(result -> result.modules() != null),
                AnalysisPage.MAP,
                any(HiddenStateMapViewModel::isMappable),
                AnalysisPage.EXPERTS,
                analysis.analysisProperty()
                        .map(entry -> ExpertLoadView.load(entry) != null)
                        .orElse(false)));
        measure.setId("shown-measure");
        measure.setPrefWidth(CHOICE_WIDTH);
        measure.setConverter(Nodes.words(of -> of == null ? "" : of.shortName()));
        Tooltips.set(measure, text("analysis.shown.tip"));
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

    /** Returns a value that is true if a result of the displayed analysis passes a test. */
    private ObservableValue<Boolean> any(Predicate<MeasureResult> test) {
        return analysis.analysisProperty()
                .map(entry -> entry.analysis().results().stream().anyMatch(test))
                .orElse(false);
    }

    /** Returns a value that is true while a page is shown. */
    ObservableValue<Boolean> shows(AnalysisPage page) {
        return segments.pageProperty().map(now -> now == page);
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

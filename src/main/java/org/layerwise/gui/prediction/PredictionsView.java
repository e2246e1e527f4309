package org.layerwise.gui.prediction;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.ErrorBar;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Spinners;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.prediction.PredictionsViewModel.Shown;
import org.layerwise.settings.DataSettings;

/** Predictions pane: the choice of models and rows above, the results with metrics and rows below. */
public final class PredictionsView extends BorderPane {

    /** Pages of the results, in the order of their buttons. */
    private enum Page {
        SCORES,
        ROWS
    }

    private static final double DATA_WIDTH = 150;
    private static final int SAMPLES_STEP = 128;

    private final PredictionsViewModel predictions;
    private final Label title = Nodes.shortened(Nodes.label("", "heading"));
    private final Label rows = Nodes.label("", "muted");
    private final VBox remarks = new VBox();
    private final ToggleGroup toggles = new ToggleGroup();
    private final Map<Page, Node> pages = new EnumMap<>(Page.class);
    private final StackPane content = new StackPane();
    private final VBox results;

    public PredictionsView(PredictionsViewModel predictions, ObservableValue<ChartStyle> style) {
        this.predictions = predictions;
        Node empty = new EmptyState(
                Material2OutlinedAL.FACT_CHECK,
                text("prediction.empty.title"),
                Bindings.createStringBinding(
                        () -> predictions.missing().get().isEmpty()
                                ? text("prediction.empty.advice")
                                : predictions.missing().get(),
                        predictions.missing()));
        pages.put(Page.SCORES, new ScoresPage(predictions, style, () -> choose(Page.ROWS)));
        pages.put(Page.ROWS, new RowsPage(predictions));
        results = results();
        ObservableValue<Boolean> any =
                predictions.shownProperty().map(shown -> true).orElse(false);
        Nodes.showWhen(empty, any.map(shown -> !shown));
        Nodes.showWhen(results, any);
        getStyleClass().add("pane");
        setTop(new VBox(new ErrorBar(predictions.problemProperty()), form()));
        setCenter(new StackPane(empty, results));
        choose(Page.SCORES);
        predictions.shownProperty().subscribe(this::show);
    }

    private VBox results() {
        title.setId("prediction-name");
        rows.setId("prediction-rows");
        remarks.setId("prediction-remarks");
        remarks.getStyleClass().add("sentences");
        HBox switches = new HBox(toggle(Page.SCORES, "left-pill"), toggle(Page.ROWS, "right-pill"));
        switches.getStyleClass().add("segments");
        switches.setMinWidth(USE_PREF_SIZE);
        VBox.setVgrow(content, Priority.ALWAYS);
        VBox page = new VBox(Nodes.row(new VBox(title, rows), Nodes.spring(), switches), remarks, content);
        page.getStyleClass().addAll("page", "prediction-results");
        return page;
    }

    private ToggleButton toggle(Page of, String shape) {
        String id = of.name().toLowerCase(Locale.ROOT);
        ToggleButton button = new ToggleButton(text("prediction.page." + id));
        button.setId("prediction-page-" + id);
        button.setUserData(of);
        button.setToggleGroup(toggles);
        button.getStyleClass().add(shape);
        button.setOnAction(event -> choose(of));
        return button;
    }

    private void choose(Page page) {
        toggles.getToggles().forEach(toggle -> toggle.setSelected(toggle.getUserData() == page));
        content.getChildren().setAll(pages.get(page));
    }

    private void show(@Nullable Shown shown) {
        if (shown == null) {
            return;
        }
        title.setText(
                shown.other() == null
                        ? shown.of().name()
                        : text(
                                "prediction.pair",
                                shown.of().name(),
                                shown.other().name()));
        rows.setText(shown.rows());
        remarks.getChildren()
                .setAll(shown.result().remarks().stream()
                        .map(words -> Nodes.wrapped(Nodes.label(words, "muted")))
                        .toList());
        Nodes.show(remarks, !shown.result().remarks().isEmpty());
    }

    private Node form() {
        Button predict = Nodes.primary("prediction-start", text("prediction.start"), predictions::predict);
        predict.disableProperty().bind(predictions.missing().isNotEmpty());
        StackPane start = new StackPane(predict); // a disabled button shows no tooltip itself
        Tooltips.bind(start, predictions.missing());
        HBox heading = Nodes.row(
                Nodes.label(text("prediction.title"), "title-text"),
                Nodes.spring(),
                Nodes.button("prediction-adapter", text("prediction.adapter"), predictions::chooseAdapter),
                Nodes.button("prediction-file", text("prediction.file"), predictions::chooseData),
                start);
        FlowPane fields = new FlowPane(
                Nodes.field(
                        text("prediction.of"),
                        new SideChoice(
                                "prediction-of",
                                predictions.sides(),
                                predictions.ofProperty(),
                                false,
                                predictions::setOf)),
                Nodes.field(
                        text("prediction.other"),
                        new SideChoice(
                                "prediction-other",
                                predictions.sides(),
                                predictions.otherProperty(),
                                true,
                                predictions.otherProperty()::set)),
                Nodes.field(text("prediction.data"), locations()),
                Nodes.field(
                        DataSettings.SAMPLES.title(),
                        Spinners.of(
                                "prediction-samples",
                                DataSettings.SAMPLES,
                                SAMPLES_STEP,
                                predictions.samplesProperty())));
        fields.getStyleClass().add("fields");
        fields.setRowValignment(VPos.BOTTOM);
        VBox form = new VBox(heading, fields);
        form.getStyleClass().addAll("page", "prediction-form");
        return form;
    }

    private ComboBox<String> locations() {
        ComboBox<String> choice = new ComboBox<>(predictions.locations());
        choice.setId("prediction-data");
        choice.setPrefWidth(DATA_WIDTH);
        choice.setConverter(Nodes.words(location -> location == null || location.isEmpty()
                ? text("prediction.open-data")
                : String.valueOf(Path.of(location).getFileName())));
        choice.valueProperty().bindBidirectional(predictions.locationProperty());
        return choice;
    }
}

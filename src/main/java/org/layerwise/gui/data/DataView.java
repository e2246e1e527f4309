package org.layerwise.gui.data;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.base.setting.Setting;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.image.ImageSource;
import org.layerwise.data.token.DataSummary;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.ErrorBar;
import org.layerwise.gui.common.NodePreparation;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Spinners;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.DataPreview;

/** Data pane: the first rows of the data, and the choice of rows and columns. */
public final class DataView extends BorderPane {

    private static final int SAMPLES_STEP = 128;
    private static final int TOKENS_STEP = 32;
    private static final double NUMBER_WIDTH = 64;
    private static final double TEXT_WIDTH = 120;
    private static final double TABLE_HEIGHT = 160;
    private static final double LABEL_WIDTH = 140;
    private static final double IMAGE_WIDTH = 180;

    private final DataViewModel data;
    private final StackPane content = new StackPane();
    private final Node empty;
    private final VBox page;
    private final Label title = Nodes.shortened(Nodes.label("", "title-text"));
    private final Label facts = Nodes.label("", "muted");
    private final TableView<DataPreview.Row> table = new TableView<>();
    private final StatisticsView statistics;
    private final TableColumn<DataPreview.Row, String> tokens;
    private final TableColumn<DataPreview.Row, String> first;
    private final TableColumn<DataPreview.Row, String> second;
    private final TableColumn<DataPreview.Row, String> label;
    private final TableColumn<DataPreview.Row, ImageSource> image = new TableColumn<>(text("data.image"));

    /**
     * Creates the pane. While it is not in the window, it is prepared again for other data.
     *
     * @param openFile asks for a file
     * @param thumbnails creates thumbnails of images
     * @param exports writes and copies the figure
     * @param preparation styles and lays out what a hidden pane will show
     */
    public DataView(
            DataViewModel data,
            Runnable openFile,
            Thumbnails thumbnails,
            FigureExporter exports,
            ObservableValue<ChartStyle> style,
            NodePreparation preparation) {
        this.data = data;
        this.empty = new EmptyState(
                Material2OutlinedMZ.TABLE_CHART,
                text("data.empty.title"),
                text("data.empty.advice"),
                Nodes.primary("data-open", text("action.open.data"), openFile),
                Nodes.button("data-definitions", text("data.definitions"), () -> data.open(DataViewModel.DEFINITIONS)),
                Nodes.button(
                        "data-acceptability",
                        text("data.acceptability"),
                        () -> data.open(DataViewModel.ACCEPTABILITY)));
        TableColumn<DataPreview.Row, String> number =
                column("data.row", row -> NumberTexts.exact(row.number()), "number-cell");
        number.setMinWidth(NUMBER_WIDTH);
        number.setMaxWidth(NUMBER_WIDTH);
        first = column("data.text", DataPreview.Row::text);
        first.setMinWidth(TEXT_WIDTH);
        second = column("data.second", row -> row.secondText() == null ? "" : row.secondText());
        second.setMinWidth(TEXT_WIDTH);
        tokens = column("data.tokens", this::tokens, "number-cell");
        tokens.setMinWidth(NUMBER_WIDTH);
        tokens.setMaxWidth(NUMBER_WIDTH);
        label = column("data.label", row -> row.label() == null ? "" : row.label());
        label.setMinWidth(LABEL_WIDTH);
        label.setMaxWidth(2 * LABEL_WIDTH);
        table.setId("data-table");
        table.setAccessibleText(text("data.table"));
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_ALL_COLUMNS);
        table.getColumns().add(number);
        table.getColumns().add(first);
        table.getColumns().add(second);
        table.getColumns().add(tokens);
        table.getColumns().add(label);
        image.setMinWidth(IMAGE_WIDTH);
        image.setMaxWidth(2 * IMAGE_WIDTH);
        image.setSortable(false);
        image.setCellValueFactory(
                row -> new ReadOnlyObjectWrapper<>(row.getValue().image()));
        image.setCellFactory(of -> new ImageCell(thumbnails));
        table.getColumns().add(image);
        statistics = new StatisticsView(data, exports, style);
        HBox rows = new HBox(table);
        rows.getStyleClass().add("way");
        rows.setMinHeight(TABLE_HEIGHT);
        HBox.setHgrow(table, Priority.ALWAYS);
        VBox.setVgrow(rows, Priority.ALWAYS);
        RowView row = new RowView(rows.widthProperty());
        rows.getChildren().add(row);
        table.getSelectionModel().selectedItemProperty().subscribe(row::show);
        Nodes.onKey(
                table,
                key -> key.getCode() == KeyCode.ESCAPE
                        && !table.getSelectionModel().isEmpty(),
                table.getSelectionModel()::clearSelection);
        page = new VBox(heading(openFile), settings(), statistics, rows);
        page.getStyleClass().add("page");
        getStyleClass().add("pane");
        setTop(new ErrorBar(data.problemProperty()));
        setCenter(content);
        data.summaryProperty().addListener((observable, was, is) -> {
            tokens.setVisible(is != null);
            table.refresh();
        });
        tokens.setVisible(data.summaryProperty().get() != null);
        data.dataProperty().subscribe(this::show);
        data.dataProperty()
                .addListener((observable, was, is) -> preparation.prepare(
                        () -> getParent() == null ? Optional.of(this) : Optional.empty(), ready -> {}));
    }

    /** Returns the number of tokens of a displayed row for the open model; empty until the tokens are counted. */
    private String tokens(DataPreview.Row row) {
        DataSummary summary = data.summaryProperty().get();
        int index = table.getItems().indexOf(row);
        return summary == null || index < 0 || index >= summary.lengths().size()
                ? ""
                : NumberTexts.exact(summary.lengths().get(index));
    }

    private Node heading(Runnable openFile) {
        title.setId("data-name");
        return Nodes.row(
                new VBox(title, facts),
                Nodes.spring(),
                Nodes.button(
                        "data-definitions-2", text("data.definitions"), () -> data.open(DataViewModel.DEFINITIONS)),
                Nodes.button(
                        "data-acceptability-2",
                        text("data.acceptability"),
                        () -> data.open(DataViewModel.ACCEPTABILITY)),
                Nodes.button("data-open-2", text("action.open.data"), openFile));
    }

    private Node settings() {
        RowChoices choices = new RowChoices(data);
        Spinner<Integer> samples = Spinners.of("samples", DataSettings.SAMPLES, SAMPLES_STEP, data.samplesProperty());
        Spinner<Integer> length =
                Spinners.of("max-length", DataSettings.MAX_LENGTH, TOKENS_STEP, data.maxLengthProperty());
        Tooltips.set(length, DataSettings.MAX_LENGTH.help());
        var apply = Nodes.button("data-apply", text("data.apply"), data::apply);
        apply.disableProperty().bind(data.openingProperty());
        HBox limits = new HBox(field(DataSettings.SAMPLES, samples), field(DataSettings.MAX_LENGTH, length), apply);
        limits.getStyleClass().add("limits"); // so that the limits wrap to the next line together
        FlowPane row = new FlowPane(
                choices.preset(),
                columnChoice("column-text", "data.column.text", data.textColumnProperty(), ColumnMapping::text),
                columnChoice(
                        "column-second", "data.column.second", data.secondColumnProperty(), ColumnMapping::secondText),
                columnChoice("column-label", "data.column.label", data.labelColumnProperty(), ColumnMapping::label),
                imageChoice(),
                choices.sampling(),
                choices.seed(),
                choices.switches(),
                limits);
        row.getStyleClass().add("fields");
        row.setRowValignment(VPos.BOTTOM);
        return row;
    }

    private Node columnChoice(
            String id, String key, StringProperty column, Function<ColumnMapping, @Nullable String> role) {
        ColumnChoice choice = new ColumnChoice(id, data, column, role);
        Node field = field(key, choice);
        Nodes.showWhen(field, Bindings.createBooleanBinding(choice::known, data.columns(), data.locationProperty()));
        return field;
    }

    /**
     * Returns the choice of the image column. It is disabled for models without vision, and its tooltip gives the
     * reason.
     */
    private Node imageChoice() {
        Node field =
                columnChoice("column-image", "data.column.image", data.imageColumnProperty(), ColumnMapping::image);
        Nodes.disableWhen(field, data.sees().map(sees -> !sees));
        StackPane explained = new StackPane(field); // a disabled node shows no tooltip itself
        Tooltips.bind(explained, data.sees().map(sees -> sees ? "" : text("data.column.image.tip")));
        explained.visibleProperty().bind(field.visibleProperty());
        explained.managedProperty().bind(field.managedProperty());
        return explained;
    }

    private static VBox field(Setting<?> setting, Node control) {
        return Nodes.field(setting.title(), control);
    }

    static VBox field(String key, Node control) {
        return Nodes.field(text(key), control);
    }

    private void show(@Nullable OpenData open) {
        if (open == null) {
            content.getChildren().setAll(empty);
            return;
        }
        DataPreview preview = open.preview();
        title.setText(preview.name());
        facts.setText(text(
                        "data.facts",
                        NumberTexts.exact(preview.size()),
                        preview.rows().size())
                + (preview.pretokenized() ? text("data.facts.tokens") : ""));
        if (second.isVisible() != preview.paired()) {
            second.setVisible(preview.paired());
            shareWidth();
        }
        image.setVisible(preview.rows().stream().anyMatch(row -> row.image() != null));
        label.setVisible(preview.rows().stream().anyMatch(row -> row.label() != null));
        table.getItems().setAll(preview.rows());
        statistics.showLabels(preview.labelCounts());
        content.getChildren().setAll(page);
    }

    /** Gives both texts the same width; a column that comes back has its last one. */
    private void shareWidth() {
        for (TableColumn<?, ?> column : List.of(first, second)) {
            column.setPrefWidth(0); // so that the next width is a new one
            column.setPrefWidth(table.getWidth() / 2);
        }
    }

    private static TableColumn<DataPreview.Row, String> column(
            String key, Function<DataPreview.Row, String> value, String... styles) {
        TableColumn<DataPreview.Row, String> column = new TableColumn<>(text(key));
        column.setSortable(false);
        column.setCellValueFactory(row -> new ReadOnlyStringWrapper(value.apply(row.getValue())));
        column.getStyleClass().addAll(styles);
        column.setCellFactory(of -> new TableCell<>() {
            {
                getStyleClass().addAll(styles);
                setAlignment(styles.length == 0 ? Pos.CENTER_LEFT : Pos.CENTER_RIGHT);
            }

            @Override
            protected void updateItem(@Nullable String words, boolean isEmpty) {
                super.updateItem(words, isEmpty);
                setText(isEmpty || words == null ? null : words.replaceAll("\\s+", " "));
                Tooltips.set(this, isEmpty || words == null || words.length() < 60 ? "" : words);
            }
        });
        return column;
    }
}

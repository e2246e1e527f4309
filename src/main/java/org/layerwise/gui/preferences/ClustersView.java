package org.layerwise.gui.preferences;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.collections.ListChangeListener;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.base.CheckResult;
import org.layerwise.gui.common.ErrorBar;
import org.layerwise.gui.common.FindingRow;
import org.layerwise.gui.common.Messages;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Spinners;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.preferences.ClusterForm.Kind;
import org.layerwise.gui.preferences.ClusterForm.Part;
import org.layerwise.remote.Cluster;

/** List of clusters on the left; form of the edited cluster and results of its check on the right. */
public final class ClustersView extends BorderPane {

    private static final double LIST_WIDTH = 180;
    private static final double NAME_WIDTH = 120;
    private static final int MOST_NODES = 4096;
    private static final int MOST_GPUS = 64;
    private static final int SETUP_LINES = 2;

    private final ClustersViewModel clusters;
    private final ClusterForm form;
    private final ListView<Cluster> list = new ListView<>();
    private final GridPane grid = new GridPane();
    private boolean choosing;
    private int row;

    /**
     * Creates the view.
     *
     * @param chooseKey asks for a key file
     * @param chooseFolder asks for a folder
     */
    public ClustersView(
            ClustersViewModel clusters, Supplier<Optional<Path>> chooseKey, Supplier<Optional<Path>> chooseFolder) {
        this.clusters = clusters;
        this.form = clusters.form();
        setId("clusters");
        getStyleClass().add("settings");
        setTop(new ErrorBar(clusters.problemProperty()));
        setLeft(places());
        VBox page = new VBox(fields(chooseKey, chooseFolder), mistake(), findings());
        page.getStyleClass().add("page");
        ScrollPane scroll = new ScrollPane(page);
        scroll.setFitToWidth(true);
        setCenter(scroll);
        setBottom(buttons());
    }

    private Node places() {
        list.setItems(clusters.places());
        list.setId("cluster-list");
        list.setAccessibleText(text("cluster.list"));
        list.setPlaceholder(advice());
        list.setCellFactory(view -> new PlaceCell());
        list.getSelectionModel().selectedItemProperty().addListener((observable, was, is) -> {
            if (is != null && !choosing) {
                clusters.edit(is);
            }
        });
        clusters.places().addListener((ListChangeListener<Cluster>)
                change -> choose(clusters.editedProperty().get()));
        clusters.editedProperty().subscribe(this::choose);
        var add = Nodes.button("cluster-add", text("cluster.add"), clusters::add);
        var remove = Nodes.button("cluster-remove", text("cluster.remove"), clusters::remove);
        remove.disableProperty().bind(Bindings.isNull(clusters.editedProperty()));
        HBox buttons = new HBox(add, remove);
        buttons.getStyleClass().addAll("row", "cluster-buttons");
        VBox.setVgrow(list, Priority.ALWAYS);
        VBox side = new VBox(list, buttons);
        side.setPrefWidth(LIST_WIDTH);
        side.getStyleClass().add("cluster-side");
        return side;
    }

    private static Label advice() {
        Label words = Nodes.label(text("cluster.none"), "muted");
        words.setWrapText(true);
        words.setMaxWidth(LIST_WIDTH - 24);
        return words;
    }

    private void choose(@Nullable Cluster place) {
        choosing = true;
        if (place == null) {
            list.getSelectionModel().clearSelection();
        } else {
            list.getSelectionModel().select(place);
        }
        choosing = false;
    }

    private static final class PlaceCell extends ListCell<Cluster> {
        @Override
        protected void updateItem(@Nullable Cluster place, boolean empty) {
            super.updateItem(place, empty);
            setPrefWidth(0); // as wide as the list
            if (empty || place == null) {
                setGraphic(null);
                setAccessibleText(null);
                return;
            }
            String kind = place instanceof Cluster.Ray ? Kind.RAY.word() : Kind.SLURM.word();
            Label name = Nodes.shortened(Nodes.label(place.name()));
            Label caption = Nodes.label(kind, "caption");
            caption.setMinWidth(USE_PREF_SIZE);
            HBox line = Nodes.row(name, Nodes.spring(), caption);
            setGraphic(line);
            setAccessibleText(place.name() + ", " + kind);
        }
    }

    private Node fields(Supplier<Optional<Path>> chooseKey, Supplier<Optional<Path>> chooseFolder) {
        grid.getStyleClass().addAll("form-grid", "cluster-grid");
        ColumnConstraints names = new ColumnConstraints();
        names.setMinWidth(NAME_WIDTH);
        ColumnConstraints values = new ColumnConstraints();
        values.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().setAll(names, values);
        BooleanBinding ray = form.kind().isEqualTo(Kind.RAY);
        BooleanBinding slurm = ray.not();
        BooleanBinding always = form.kind().isNotNull();
        BooleanBinding ssh = form.of(Part.HOST).isNotEmpty();
        add(Part.NAME.key(), line(Part.NAME), always);
        add("kind", kinds(), always);
        add(Part.DASHBOARD.key(), line(Part.DASHBOARD), ray);
        add(Part.HOST.key(), line(Part.HOST), always);
        add(Part.KEY.key(), chosen(Part.KEY, chooseKey), ssh);
        add(Part.JUMP.key(), line(Part.JUMP), ssh);
        add(Part.STORAGE.key(), line(Part.STORAGE), always);
        add(Part.STORAGE_HERE.key(), chosen(Part.STORAGE_HERE, chooseFolder), ray);
        add(Part.PYTHON.key(), line(Part.PYTHON), always);
        add(Part.PARTITION.key(), line(Part.PARTITION), slurm);
        add(Part.ACCOUNT.key(), line(Part.ACCOUNT), slurm);
        add(Part.TIME.key(), line(Part.TIME), slurm);
        add("nodes", Spinners.of("cluster-nodes", 1, MOST_NODES, 1, form.nodes()), slurm);
        add("gpus", Spinners.of("cluster-gpus", 0, MOST_GPUS, 1, form.gpus()), slurm);
        add("setup", lines(), slurm);
        return grid;
    }

    private void add(String key, Node editor, BooleanBinding shown) {
        Label name = Nodes.label(text("cluster.field." + key));
        name.setLabelFor(editor);
        Tooltips.set(name, text("cluster.tip." + key));
        editor.setAccessibleText(text("cluster.field." + key));
        Tooltips.set(editor, text("cluster.tip." + key));
        Nodes.showWhen(name, shown);
        Nodes.showWhen(editor, shown);
        Insets between = new Insets(4, 0, 4, 0);
        GridPane.setMargin(name, between);
        GridPane.setMargin(editor, between);
        grid.addRow(row++, name, editor);
    }

    private TextField line(Part part) {
        String key = part.key();
        TextField field = new TextField();
        field.setId("cluster-" + key);
        field.textProperty().bindBidirectional(form.of(part));
        if (part == Part.PYTHON) {
            field.promptTextProperty().bind(form.kind().map(Kind::python));
        } else if (part == Part.HOST) {
            field.promptTextProperty()
                    .bind(form.kind()
                            .map(kind -> text(kind == Kind.RAY ? "cluster.prompt.host.ray" : "cluster.prompt.host")));
        } else if (Messages.has("cluster.prompt." + key)) {
            field.setPromptText(text("cluster.prompt." + key));
        }
        return field;
    }

    private Node chosen(Part part, Supplier<Optional<Path>> choose) {
        TextField field = line(part);
        HBox.setHgrow(field, Priority.ALWAYS);
        return new HBox(
                field,
                Nodes.iconButton(
                        "cluster-choose-" + part.key(),
                        Material2OutlinedAL.FOLDER_OPEN,
                        text("cluster.choose." + part.key()),
                        () -> choose.get().ifPresent(path -> form.of(part).set(path.toString()))));
    }

    private TextArea lines() {
        TextArea area = new TextArea();
        area.setId("cluster-setup");
        area.setPrefRowCount(SETUP_LINES);
        area.setMinHeight(USE_PREF_SIZE);
        area.setPromptText(text("cluster.prompt.setup"));
        area.textProperty().bindBidirectional(form.of(Part.SETUP));
        return area;
    }

    private Node kinds() {
        ToggleGroup group = new ToggleGroup();
        HBox box = new HBox();
        for (Kind kind : Kind.values()) {
            ToggleButton button = new ToggleButton(kind.word());
            button.setId("cluster-kind-" + kind.name().toLowerCase(Locale.ROOT));
            button.setToggleGroup(group);
            button.getStyleClass().addAll("small", kind == Kind.RAY ? "left-pill" : "right-pill");
            button.setSelected(kind == form.kind().get());
            button.setOnAction(event -> {
                button.setSelected(true); // keeps one of the buttons selected
                form.kind().set(kind);
            });
            form.kind().addListener((observable, was, is) -> button.setSelected(is == kind));
            box.getChildren().add(button);
        }
        return box;
    }

    private Node mistake() {
        Label mistake = Nodes.sentence("cluster-mistake", form.mistakeProperty(), "muted");
        Nodes.showWhen(mistake, form.mistakeProperty().isNotEmpty());
        return mistake;
    }

    private Node findings() {
        VBox rows = new VBox();
        rows.setId("cluster-findings");
        rows.getStyleClass().add("findings");
        clusters.findings().addListener((ListChangeListener<CheckResult>) change -> rows.getChildren()
                .setAll(clusters.findings().stream().map(FindingRow::new).toList()));
        return rows;
    }

    private Node buttons() {
        Label message = Nodes.shortened(Nodes.label("", "muted"));
        message.setId("cluster-message");
        message.textProperty().bind(clusters.messageProperty());
        Nodes.fillWidth(message);
        BooleanBinding wrong = form.mistakeProperty().isNotEmpty();
        var check = Nodes.button("cluster-check", text("cluster.check"), clusters::check);
        check.disableProperty().bind(wrong);
        Nodes.showWhen(check, clusters.checkingProperty().not());
        var cancel = Nodes.button("cluster-cancel", text("action.cancel"), clusters::cancel);
        Nodes.showWhen(cancel, clusters.checkingProperty());
        var save = Nodes.primary("cluster-save", text("cluster.save"), clusters::save);
        save.disableProperty().bind(wrong);
        HBox bar = new HBox(check, cancel, message, save);
        bar.getStyleClass().addAll("row", "cluster-foot");
        bar.setAlignment(Pos.CENTER_LEFT);
        return bar;
    }
}

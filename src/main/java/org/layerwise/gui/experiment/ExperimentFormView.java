package org.layerwise.gui.experiment;

import static org.layerwise.gui.common.Messages.text;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.Property;
import javafx.beans.property.StringProperty;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextField;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Spinners;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.study.experiment.Pilot;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.rules.SweepRule;

/** Arms and rules of an experiment, the number of its runs, and the buttons that start the pilot and the experiment. */
final class ExperimentFormView extends VBox {

    private static final double NAME_WIDTH = 124;
    private static final double SPINNER_WIDTH = 72;
    private static final double LEAST_RATIO = 0.01;
    private static final double RATIO_STEP = 0.05;
    private static final int MOST_SEEDS = 1000;

    private final ExperimentForm form;
    private final GridPane grid = new GridPane();

    /** @param training shows the settings of the training */
    ExperimentFormView(ExperimentViewModel experiment, Runnable training) {
        form = experiment.form();
        grid.getStyleClass().add("form-grid");
        ColumnConstraints names = new ColumnConstraints(NAME_WIDTH);
        ColumnConstraints values = new ColumnConstraints();
        values.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().setAll(names, values);
        grid.setVgap(8);
        add("ratio", ratio());
        add("seeds", Spinners.of("experiment-seeds", 1, MOST_SEEDS, 1, form.seedsProperty()));
        add("rates", line("experiment-rates", form.ratesProperty()));
        add("sweep", choice("experiment-sweep", form.sweepProperty(), sweeps()));
        add("stopping", choice("experiment-stopping", form.stoppingProperty(), List.of(Stopping.values())));
        add("difference", line("experiment-difference", form.differenceProperty()));
        add("folder", folder(experiment));

        Hyperlink link = new Hyperlink(text("experiment.training"));
        link.setId("experiment-training");
        link.setOnAction(event -> training.run());
        VBox rules = new VBox(
                Nodes.label(text("experiment.rules"), "heading"),
                grid,
                Nodes.wrapped(Nodes.label(text("experiment.shared"), "muted")),
                link);
        rules.getStyleClass().add("form-group");
        VBox arms = new VBox(Nodes.label(text("experiment.arms"), "heading"), new ArmsView(form));
        arms.getStyleClass().add("form-group");
        VBox groups = new VBox(arms, rules);
        groups.getStyleClass().add("form-groups");
        ScrollPane scroll = Nodes.scrolledForm("experiment-form", groups);
        VBox head = new VBox(
                Nodes.label(text("experiment.form"), "title-text"),
                Nodes.wrapped(Nodes.label(text("experiment.purpose"), "muted")));
        head.getStyleClass().add("form-head");
        getStyleClass().add("training-form");
        getChildren().setAll(head, scroll, foot(experiment));
    }

    private Node foot(ExperimentViewModel experiment) {
        Button start = Nodes.primary("experiment-start", "", experiment::start);
        start.textProperty().bind(experiment.startProperty());
        Nodes.fillWidth(start);
        Button pilot = Nodes.button("experiment-pilot", text("experiment.pilot"), experiment::pilot);
        Tooltips.set(pilot, text("experiment.pilot.tip"));
        Spinner<Integer> seeds =
                Spinners.of("experiment-pilot-seeds", Pilot.LEAST_SEEDS, MOST_SEEDS, 1, form.pilotSeedsProperty());
        seeds.setPrefWidth(SPINNER_WIDTH);
        seeds.setMinWidth(SPINNER_WIDTH);
        Label caption = Nodes.caption(text("experiment.pilot.seeds"), seeds);
        start.disableProperty().bind(experiment.readyProperty().not());
        pilot.disableProperty().bind(experiment.pilotReadyProperty().not());
        HBox buttons = Nodes.row(pilot, seeds, caption);
        VBox foot = new VBox(
                Nodes.optionalSentence("experiment-cost", experiment.costProperty(), "muted", "figures"),
                Nodes.optionalSentence("experiment-mistake", experiment.mistakeProperty(), "notice"),
                buttons,
                start);
        start.setMaxWidth(Double.MAX_VALUE);
        foot.getStyleClass().add("form-foot");
        return foot;
    }

    private void add(String key, Node control) {
        Label name = Nodes.label(text("experiment." + key));
        Node first = control instanceof HBox row ? row.getChildren().get(0) : control;
        name.setLabelFor(first);
        first.setAccessibleText(name.getText());
        first.setAccessibleHelp(text("experiment." + key + ".tip"));
        Tooltips.set(first, text("experiment." + key + ".tip"));
        Tooltips.set(name, text("experiment." + key + ".tip"));
        grid.addRow(grid.getRowCount(), name, control);
    }

    private Spinner<Double> ratio() {
        Spinner<Double> spinner = Spinners.real(
                "experiment-ratio", LEAST_RATIO, 1, form.ratioProperty().get(), RATIO_STEP);
        spinner.valueProperty()
                .addListener((value, was, is) -> form.ratioProperty().set(is));
        form.ratioProperty().addListener((value, was, is) -> Spinners.show(spinner, is.doubleValue()));
        return spinner;
    }

    private static TextField line(String id, StringProperty typed) {
        TextField line = new TextField();
        line.setId(id);
        line.setPromptText(text(id.replace('-', '.') + ".prompt"));
        line.textProperty().bindBidirectional(typed);
        return line;
    }

    /** Returns the choices among the rules; empty is the default. */
    private static List<Optional<SweepRule>> sweeps() {
        return Stream.concat(
                        Stream.of(Optional.<SweepRule>empty()),
                        Arrays.stream(SweepRule.values()).map(Optional::of))
                .toList();
    }

    private static <T> ChoiceBox<T> choice(String id, Property<T> value, List<T> all) {
        ChoiceBox<T> box = new ChoiceBox<>();
        box.setId(id);
        box.setMaxWidth(Double.MAX_VALUE);
        box.getItems().setAll(all);
        box.setConverter(Nodes.words(ExperimentFormView::words));
        box.valueProperty().bindBidirectional(value);
        return box;
    }

    private static String words(@Nullable Object chosen) {
        if (chosen instanceof Stopping rule) {
            return text("experiment.stopping." + rule.id());
        }
        return chosen instanceof Optional<?> sweep && sweep.isPresent()
                ? text("experiment.sweep." + ((SweepRule) sweep.get()).id())
                : text("experiment.sweep.usual");
    }

    private HBox folder(ExperimentViewModel experiment) {
        TextField line = line("experiment-folder", form.folderProperty());
        HBox.setHgrow(line, Priority.ALWAYS);
        return new HBox(
                line,
                Nodes.iconButton(
                        "experiment-folder-new",
                        Material2OutlinedAL.CREATE_NEW_FOLDER,
                        text("experiment.folder.new"),
                        () -> form.folderProperty().set("")),
                Nodes.iconButton(
                        "experiment-open", Material2OutlinedAL.FOLDER_OPEN, text("experiment.open"), experiment::open));
    }
}

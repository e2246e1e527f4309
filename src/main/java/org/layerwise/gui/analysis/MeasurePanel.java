package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.property.IntegerProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.beans.value.ObservableValue;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.ablation.Ablation;
import org.layerwise.analysis.inputs.ExplainedVariance;
import org.layerwise.analysis.measure.Measures;
import org.layerwise.analysis.similarity.MinibatchCka;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.analysis.similarity.Svcca;
import org.layerwise.base.setting.Setting;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Spinners;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.run.Provenance;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.model.OpenModel;

/** Panel for the settings of the next analysis: measures, resampling, and the options of both. */
final class MeasurePanel extends GridPane {

    private static final double BOX = 134;
    private static final double SPINNER_WIDTH = 92;
    private static final double CHOICE_WIDTH = 150;
    private static final double LARGEST_FACTOR = 0.99;

    /**
     * Actions of the row of the adapter.
     *
     * @param choose asks for the folder of an adapter to analyze
     * @param remove removes the adapter
     */
    record AdapterActions(Runnable choose, Runnable remove) {}

    private final AnalysisForm form;
    private final Map<Measure, CheckBox> boxes = new HashMap<>();
    private final ChoiceBox<Measure> rankedBy = new ChoiceBox<>();
    private boolean showing;

    /**
     * @param model model whose default position is shown
     * @param where control that chooses this computer or a cluster
     */
    MeasurePanel(
            AnalysisForm form, ObservableValue<@Nullable OpenModel> model, Node where, AdapterActions adapterActions) {
        this.form = form;
        setId("measure-panel");
        getStyleClass().add("measure-panel");
        FlowPane similarities = flowOfBoxes();
        FlowPane gradients = flowOfBoxes();
        FlowPane forward = flowOfBoxes();
        FlowPane weights = flowOfBoxes();
        FlowPane adapters = flowOfBoxes();
        for (Measure measure : Measures.ALL) {
            FlowPane of =
                    switch (measure.source()) {
                        case REPRESENTATIONS, TOKENS -> similarities;
                        case GRADIENTS -> gradients;
                        case LOSS, INPUTS -> forward;
                        case WEIGHTS -> weights;
                        case ADAPTER -> adapters;
                    };
            of.getChildren().add(box(measure));
        }
        Label first = caption("measures.similarity");
        GridPane.setValignment(first, VPos.TOP); // the boxes take several lines
        addRow(0, first, similarities);
        addRow(1, caption("measures.gradients"), gradients);
        HBox position = new HBox(new PositionChoice(form.positionProperty(), model));
        HBox ranking = Nodes.row(Nodes.caption(text("measures.first"), rankedBy), rankedBy());
        Nodes.showWhen(ranking, form.measuresProperty().map(chosen -> chosen.size() > 1));
        addRow(2, caption("measures.forward"), forward);
        addRow(3, caption("measures.weights"), weights);
        Label ofAdapter = caption("measures.adapter");
        addRow(4, ofAdapter, adapters);
        addRow(5, caption("analysis.position"), flow(position, ranking));
        addRow(6, caption("measures.trust"), trust());
        addRow(7, caption("measures.options"), options());
        addRow(8, caption("measures.where"), where);
        addRow(9, caption("measures.with.adapter"), adapter(adapterActions));
        // settings from a file may name these measures without an adapter, and they can be left out again
        ObservableBooleanValue shown = Bindings.createBooleanBinding(
                () -> form.adapterProperty().get() != null || asks(Measure.Source.ADAPTER),
                form.adapterProperty(),
                form.measuresProperty());
        Nodes.showWhen(ofAdapter, shown);
        Nodes.showWhen(adapters, shown);
        Measures.ALL.stream()
                .filter(measure -> measure.source() == Measure.Source.WEIGHTS)
                .forEach(measure -> Objects.requireNonNull(boxes.get(measure))
                        .disableProperty()
                        .bind(Bindings.createBooleanBinding(
                                () -> form.adapterProperty().get() != null
                                        && !form.measuresProperty().get().contains(measure),
                                form.adapterProperty(),
                                form.measuresProperty())));
        form.measuresProperty().addListener((observable, was, is) -> show());
        show();
    }

    /** Returns the row that names the adapter, chooses one and removes it. */
    private Node adapter(AdapterActions actions) {
        Label name = Nodes.label("");
        name.setId("analysis-adapter");
        name.textProperty()
                .bind(form.adapterProperty()
                        .map(folder -> Provenance.adapterName(folder.toString()))
                        .orElse(text("measures.adapter.none")));
        form.adapterProperty().subscribe(folder -> Tooltips.set(name, folder == null ? "" : folder.toString()));
        Button remove = Nodes.button("analysis-adapter-remove", text("measures.adapter.remove"), actions.remove());
        Nodes.showWhen(remove, form.adapterProperty().isNotNull());
        Button chooser = Nodes.button("analysis-adapter-choose", text("measures.adapter.choose"), actions.choose());
        Tooltips.set(chooser, text("measures.adapter.tip"));
        return Nodes.row(chooser, name, remove);
    }

    private boolean asks(Measure.Source source) {
        return form.measuresProperty().get().stream().anyMatch(measure -> measure.source() == source);
    }

    private static Label caption(String key) {
        Label caption = Nodes.label(text(key), "caption");
        caption.setMinWidth(USE_PREF_SIZE);
        return caption;
    }

    /** Returns a pane of boxes of one width. */
    private static FlowPane flowOfBoxes() {
        FlowPane boxes = new FlowPane();
        boxes.getStyleClass().add("boxes");
        GridPane.setHgrow(boxes, Priority.ALWAYS);
        return boxes;
    }

    private CheckBox box(Measure measure) {
        CheckBox box = new CheckBox(measure.shortName());
        box.setId("measure-" + measure.id());
        box.setMinWidth(BOX); // longer words are not cut
        Tooltips.set(box, measure.title() + ". " + measure.description());
        box.setOnAction(event -> {
            form.ask(measure, box.isSelected());
            show(); // the last measure stays checked
        });
        boxes.put(measure, box);
        return box;
    }

    private Node rankedBy() {
        rankedBy.setId("measure-first");
        rankedBy.setPrefWidth(CHOICE_WIDTH);
        rankedBy.setAccessibleText(text("measures.first"));
        rankedBy.setConverter(Nodes.words(of -> of == null ? "" : of.shortName()));
        rankedBy.valueProperty().addListener((value, was, is) -> {
            if (!showing && is != null) {
                form.rankBy(is);
            }
        });
        return rankedBy;
    }

    private Node trust() {
        CheckBox resample = new CheckBox(text("measures.resample"));
        resample.setId("resample");
        Tooltips.set(resample, text("measures.resample.tip"));
        resample.selectedProperty().bindBidirectional(form.resampleProperty());
        Node replicates = whole("replicates", AnalysisSettings.BOOTSTRAP, 100, form.replicatesProperty());
        Node permutations = whole("permutations", AnalysisSettings.PERMUTATIONS, 100, form.permutationsProperty());
        replicates.disableProperty().bind(form.resampleProperty().not());
        permutations.disableProperty().bind(form.resampleProperty().not());
        Node seed = narrow("seed", Spinners.seed("seed", form.seedProperty()));
        return flow(resample, replicates, permutations, seed);
    }

    private Node options() {
        Node bandwidth = option(
                "bandwidth",
                RbfCka.MEASURE,
                Spinners.real("bandwidth", 0.01, 100, now().rbfBandwidth(), 0.1),
                value -> now().withRbfBandwidth(value),
                (spinner, options) -> Spinners.show(spinner, options.rbfBandwidth()));
        Node variance = option(
                "variance",
                Svcca.MEASURE,
                Spinners.real("variance", 0.01, 1, now().svccaVariance(), 0.01),
                value -> now().withSvccaVariance(value),
                (spinner, options) -> Spinners.show(spinner, options.svccaVariance()));
        Node minibatch = option(
                "minibatch",
                MinibatchCka.MEASURE,
                Spinners.of("minibatch", AnalysisSettings.MINIBATCH, now().minibatch(), 64),
                value -> now().withMinibatch(value),
                (spinner, options) -> spinner.getValueFactory().setValue(options.minibatch()));
        Node factor = option(
                "factor",
                Ablation.MEASURE,
                Spinners.real("factor", 0, LARGEST_FACTOR, now().ablationFactor(), 0.05),
                value -> now().withAblationFactor(value),
                (spinner, options) -> Spinners.show(spinner, options.ablationFactor()));
        Node components = option(
                "components",
                ExplainedVariance.MEASURE,
                Spinners.of("components", AnalysisSettings.EVA_COMPONENTS, now().evaComponents(), 1),
                value -> now().withEvaComponents(value),
                (spinner, options) -> spinner.getValueFactory().setValue(options.evaComponents()));
        return flow(bandwidth, variance, minibatch, factor, components);
    }

    private MeasureOptions now() {
        return form.optionsProperty().get();
    }

    private <N> Node option(
            String name,
            Measure of,
            Spinner<N> spinner,
            Function<N, MeasureOptions> with,
            BiConsumer<Spinner<N>, MeasureOptions> show) {
        show.accept(spinner, now()); // also a value beyond the bounds of the spinner
        spinner.valueProperty()
                .addListener((value, was, is) -> form.optionsProperty().set(with.apply(is)));
        form.optionsProperty().addListener((value, was, is) -> show.accept(spinner, is));
        Node node = narrow(name, spinner);
        node.disableProperty().bind(form.measuresProperty().map(chosen -> !chosen.contains(of)));
        return node;
    }

    private static Node whole(String name, Setting<Integer> setting, int step, IntegerProperty property) {
        return narrow(name, Spinners.of(name, setting, step, property));
    }

    private static Node narrow(String name, Spinner<?> spinner) {
        spinner.setPrefWidth(SPINNER_WIDTH);
        return named(name, spinner);
    }

    private static HBox named(String name, Spinner<?> spinner) {
        HBox row = Nodes.row(Nodes.caption(text("measures." + name), spinner), spinner);
        Tooltips.set(spinner, text("measures." + name + ".tip"));
        return row;
    }

    private static FlowPane flow(Node... nodes) {
        FlowPane flow = new FlowPane(nodes);
        flow.getStyleClass().add("options");
        return flow;
    }

    private void show() {
        showing = true;
        List<Measure> chosen = form.measuresProperty().get();
        boxes.forEach((measure, box) -> box.setSelected(chosen.contains(measure)));
        List<Measure> sorted = chosen.stream().sorted(Measures.ORDER).toList();
        if (!rankedBy.getItems().equals(sorted)) {
            rankedBy.getItems().setAll(sorted);
        }
        rankedBy.setValue(chosen.get(0));
        showing = false;
    }
}

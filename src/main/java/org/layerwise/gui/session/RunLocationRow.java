package org.layerwise.gui.session;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import javafx.collections.ListChangeListener;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Spinners;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.remote.Cluster;

/** Controls to choose where work runs: on this computer or on a cluster, with the number of workers on Ray. */
public final class RunLocationRow extends VBox {

    private static final double WORKERS_WIDTH = 84;
    private static final double CAPTION_WIDTH = 64;

    private final RunLocation runOn;
    private final ChoiceBox<String> box = new ChoiceBox<>();
    private boolean filling;

    /**
     * Creates the controls.
     *
     * @param id prefix of the controls' ids
     * @param clusters shows the registered clusters
     */
    public RunLocationRow(String id, RunLocation runOn, Runnable clusters) {
        this.runOn = runOn;
        box.setId(id + "-on");
        Nodes.fillWidth(box);
        Tooltips.set(box, text("run.on.tip"));
        box.setConverter(Nodes.words(name -> name == null || name.isEmpty() ? text("run.on.here") : name));
        fill();
        runOn.places().addListener((ListChangeListener<Cluster>) change -> fill());
        runOn.placeProperty().addListener((observable, was, is) -> fill());
        box.valueProperty().addListener((observable, was, is) -> {
            if (!filling && is != null) {
                runOn.placeProperty().set(is);
            }
        });
        HBox where = Nodes.row(
                caption(text("run.on"), box),
                box,
                Nodes.iconButton(id + "-clusters", Material2OutlinedMZ.SETTINGS, text("run.on.clusters"), clusters));
        var workers = Spinners.of(id + "-workers", 1, Integer.MAX_VALUE, 1, runOn.workersProperty());
        workers.setPrefWidth(WORKERS_WIDTH);
        CheckBox gpu = new CheckBox(text("run.on.gpu"));
        gpu.setId(id + "-gpu-workers");
        Tooltips.set(gpu, text("run.on.gpu.tip"));
        gpu.selectedProperty().bindBidirectional(runOn.gpuProperty());
        HBox who = Nodes.row(caption(text("run.on.workers"), workers), workers, gpu);
        Nodes.showWhen(who, runOn.ray());
        TextField model = new TextField();
        model.setId(id + "-model-there");
        model.setPromptText(text("run.on.model.same"));
        Tooltips.set(model, text("run.on.model.tip"));
        model.textProperty().bindBidirectional(runOn.modelProperty());
        HBox.setHgrow(model, Priority.ALWAYS);
        CheckBox fsdp = new CheckBox(text("run.on.fsdp"));
        fsdp.setId(id + "-fsdp");
        Tooltips.set(fsdp, text("run.on.fsdp.tip"));
        fsdp.selectedProperty().bindBidirectional(runOn.fsdpProperty());
        HBox which = Nodes.row(caption(text("run.on.model"), model), model);
        Nodes.showWhen(which, runOn.elsewhere());
        Nodes.showWhen(fsdp, runOn.elsewhere());
        Label mistake = Nodes.wrapped(Nodes.label("", "mistake"));
        mistake.textProperty().bind(runOn.mistakeProperty());
        Nodes.showWhen(mistake, runOn.mistakeProperty().isNotEmpty());
        getStyleClass().addAll("form-grid", "run-on");
        getChildren().setAll(where, who, which, fsdp, mistake);
    }

    /** Creates a caption of a fixed minimum width, so that all fields are aligned. */
    private static Label caption(String words, Node field) {
        Label caption = Nodes.caption(words, field);
        caption.setMinWidth(CAPTION_WIDTH);
        return caption;
    }

    private void fill() {
        List<String> names = new ArrayList<>();
        names.add("");
        runOn.places().forEach(place -> names.add(place.name()));
        String chosen = runOn.placeProperty().get();
        if (!names.contains(chosen)) {
            names.add(chosen); // the cluster no longer exists, as the message below explains
        }
        filling = true;
        if (!box.getItems().equals(names)) {
            box.getItems().setAll(names);
        }
        box.setValue(chosen);
        filling = false;
    }
}

package org.layerwise.gui.preferences;

import static org.layerwise.gui.common.Messages.text;

import java.util.OptionalInt;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Spinners;
import org.layerwise.install.torch.ComputeSettings;

/** Number of threads of one operation on the processor. */
final class ThreadsRow extends VBox {

    private final ComputeViewModel compute;
    private final CheckBox automatic = new CheckBox(text("compute.threads.auto"));
    private final Spinner<Integer> number;
    private boolean showing;

    ThreadsRow(ComputeViewModel compute) {
        this.compute = compute;
        int cores = Runtime.getRuntime().availableProcessors();
        number = Spinners.of("compute-threads", 1, ComputeSettings.MOST_THREADS, cores, 1);
        number.setAccessibleText(text("compute.threads"));
        automatic.setId("compute-threads-auto");
        number.disableProperty().bind(automatic.selectedProperty());
        HBox row = new HBox(automatic, number);
        row.getStyleClass().add("spaced-row");
        Label advice = Nodes.wrapped(Nodes.label(text("compute.threads.advice", cores), "muted"));
        getStyleClass().add("field");
        getChildren().setAll(row, advice);
        compute.settingsProperty().subscribe(this::show);
        automatic.selectedProperty().addListener((observable, was, is) -> choose());
        number.valueProperty().addListener((observable, was, is) -> choose());
    }

    private void show(ComputeSettings settings) {
        showing = true;
        automatic.setSelected(settings.threads().isEmpty());
        settings.threads().ifPresent(threads -> number.getValueFactory().setValue(threads));
        showing = false;
    }

    private void choose() {
        if (!showing) {
            compute.useThreads(automatic.isSelected() ? OptionalInt.empty() : OptionalInt.of(number.getValue()));
        }
    }
}

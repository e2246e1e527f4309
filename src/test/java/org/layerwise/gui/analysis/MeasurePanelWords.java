package org.layerwise.gui.analysis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;

/** Words of the panel in which measures are chosen, in a process without a window. */
public final class MeasurePanelWords {

    private MeasurePanelWords() {}

    /** Starts JavaFX and returns the words beside each box and its tip, by the id of the box. */
    public static Map<String, List<String>> read() {
        CompletableFuture<Map<String, List<String>>> words = new CompletableFuture<>();
        Platform.startup(() -> {
            Map<String, List<String>> found = new TreeMap<>();
            new MeasurePanel(
                            new AnalysisForm(),
                            new SimpleObjectProperty<>(),
                            new Label(),
                            new MeasurePanel.AdapterActions(() -> {}, () -> {}))
                    .getChildren().stream()
                            .filter(node -> node.getStyleClass().contains("boxes"))
                            .flatMap(boxes -> ((FlowPane) boxes).getChildren().stream())
                            .map(CheckBox.class::cast)
                            .forEach(box -> found.put(box.getId(), List.of(box.getText(), box.getAccessibleHelp())));
            words.complete(found);
        });
        Map<String, List<String>> found = words.join();
        Platform.exit();
        return found;
    }
}

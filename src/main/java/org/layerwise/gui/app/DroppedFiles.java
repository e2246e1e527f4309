package org.layerwise.gui.app;

import java.nio.file.Path;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.input.TransferMode;

/**
 * Accepts files and folders dropped on the window: studies, models, adapters, tables, selections, configurations, analyses
 * and runs.
 */
final class DroppedFiles {

    private DroppedFiles() {}

    /**
     * Lets a node accept dropped files and folders.
     *
     * @param open opens a file or folder of any type
     */
    static void take(Node node, Consumer<Path> open) {
        node.setOnDragOver(event -> {
            if (event.getDragboard().hasFiles()) {
                event.acceptTransferModes(TransferMode.COPY);
            }
            event.consume();
        });
        node.setOnDragDropped(event -> {
            boolean any = event.getDragboard().hasFiles();
            if (any) {
                event.getDragboard().getFiles().forEach(file -> open.accept(file.toPath()));
            }
            event.setDropCompleted(any);
            event.consume();
        });
    }
}

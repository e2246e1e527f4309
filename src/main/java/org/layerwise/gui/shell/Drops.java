package org.layerwise.gui.shell;

import java.nio.file.Path;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.input.TransferMode;

/** Takes what is dropped: studies, models, tables, selections, configurations, analyses, runs. */
final class Drops {

    private Drops() {}

    /** @param open opens one file or folder, whatever it is */
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

package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.study.document.StudyFile;

/** Studies that were opened before, each as a link; takes no place without studies. */
final class RecentStudiesView extends VBox {

    private static final int MOST = 5;

    private final Consumer<Path> open;

    /** @param open opens a study */
    RecentStudiesView(Consumer<Path> open) {
        this.open = open;
        setId("recent-studies");
        setAlignment(Pos.CENTER);
        getStyleClass().add("recent-studies");
    }

    /** Shows the first of some studies. */
    void show(List<Path> studies) {
        getChildren().clear();
        if (!studies.isEmpty()) {
            getChildren().add(Nodes.label(text("model.recent"), "heading"));
        }
        for (Path study : studies.subList(0, Math.min(MOST, studies.size()))) {
            Hyperlink link = new Hyperlink(StudyFile.name(study));
            link.setMnemonicParsing(false);
            Tooltips.set(link, study.toString());
            link.setOnAction(event -> open.accept(study));
            Label place = Nodes.shortened(Nodes.label(String.valueOf(study.getParent()), "caption"));
            HBox row = new HBox(link, place);
            row.getStyleClass().add("recent-study");
            getChildren().add(row);
        }
        Nodes.show(this, !studies.isEmpty());
    }
}

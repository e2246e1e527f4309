package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import javafx.collections.ListChangeListener;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.study.analysis.Analysis;

/** Row of check boxes, one per candidate, that choose the subjects of the comparison. */
final class CandidatesRow extends ScrollPane {

    private static final double MOST_HEIGHT = 92;
    private static final double BORDER = 2;

    private final CompareViewModel compare;
    private final FlowPane boxes = new FlowPane();

    CandidatesRow(CompareViewModel compare) {
        this.compare = compare;
        boxes.getStyleClass().add("candidates");
        boxes.setAccessibleText(text("compare.candidates"));
        setId("candidates");
        setContent(boxes);
        setFitToWidth(true);
        // as high as the boxes, whose height is known only after the width
        boxes.heightProperty().addListener((height, was, is) -> {
            double now = Math.min(is.doubleValue() + BORDER, MOST_HEIGHT);
            setMinHeight(now);
            setMaxHeight(now);
        });
        setFocusTraversable(false);
        compare.candidates().addListener((ListChangeListener<Candidate>) change -> show());
        show();
    }

    private void show() {
        boolean severalModels = compare.candidates().stream()
                        .map(candidate -> candidate.subject().model())
                        .distinct()
                        .count()
                > 1;
        List<Node> now = new ArrayList<>();
        for (Candidate candidate : compare.candidates()) {
            // reuses the box of a candidate, so that the focus stays
            CheckBox box = boxes.getChildren().stream()
                    .filter(node -> node.getUserData() == candidate)
                    .map(CheckBox.class::cast)
                    .findFirst()
                    .orElseGet(() -> box(candidate));
            Subject subject = candidate.subject();
            box.setText(severalModels ? text("compare.subject.of", subject.label(), subject.model()) : subject.label());
            now.add(box);
        }
        boxes.getChildren().setAll(now);
    }

    private static CheckBox box(Candidate candidate) {
        Subject subject = candidate.subject();
        Analysis analysis = subject.analysis();
        CheckBox box = new CheckBox();
        box.setMnemonicParsing(false);
        box.setUserData(candidate);
        box.setId("compare-%s-%s"
                .formatted(subject.entry().number(), subject.result().measure().id()));
        box.selectedProperty().bindBidirectional(candidate.chosenProperty());
        Tooltips.set(
                box,
                text(
                        "compare.subject.tip",
                        subject.model(),
                        subject.layers(),
                        analysis.data(),
                        NumberTexts.exact(analysis.samples()),
                        subject.result().measure().title()));
        return box;
    }
}

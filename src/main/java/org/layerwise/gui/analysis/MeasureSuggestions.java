package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.List;
import java.util.function.Consumer;
import javafx.scene.control.Button;
import org.kordamp.ikonli.Ikon;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.Nodes;
import org.layerwise.study.analysis.MeasureResult;

/** Page that offers the results of an analysis which have what the shown one lacks. */
final class MeasureSuggestions {

    private MeasureSuggestions() {}

    /**
     * Creates the page.
     *
     * @param advice sentence above the buttons
     * @param page first word of the ids of the buttons
     * @param show shows a result
     */
    static EmptyState of(
            Ikon icon,
            String title,
            String advice,
            String page,
            List<MeasureResult> results,
            Consumer<MeasureResult> show) {
        return new EmptyState(
                icon,
                title,
                advice,
                results.stream()
                        .map(result -> Nodes.button(
                                page + "-by-" + result.measure().id(),
                                text("analysis.show", result.measure().shortName()),
                                () -> show.accept(result)))
                        .toArray(Button[]::new));
    }
}

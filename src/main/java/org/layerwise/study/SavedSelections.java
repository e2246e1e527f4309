package org.layerwise.study;

import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;

/** A selection with the analysis that it rests on, as {@code selection.json} keeps it. */
public final class SavedSelections {

    private SavedSelections() {}

    /** Stamped with the current time. */
    public static SavedSelection of(Analysis analysis, LayerSelection selection) {
        return new SavedSelection(
                selection,
                new SavedSelection.Origin(
                        analysis.model(),
                        analysis.task(),
                        analysis.primary().measure().id(),
                        analysis.position() == null ? null : analysis.position().id(),
                        analysis.samples()),
                analysis.importance(),
                analysis.primary().similarity(),
                Provenance.now());
    }
}

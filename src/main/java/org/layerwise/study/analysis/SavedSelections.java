package org.layerwise.study.analysis;

import org.layerwise.run.Provenance;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;

/** Factory of selections with the analysis that they are based on, as stored in {@code selection.json}. */
public final class SavedSelections {

    private SavedSelections() {}

    /** Returns a selection with its analysis and the current time. */
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

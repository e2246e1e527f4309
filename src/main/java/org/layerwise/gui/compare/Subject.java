package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;

/** A subject of the comparison: the result of one measure of one analysis. */
public record Subject(AnalysisEntry entry, MeasureResult result) {

    /** Returns the name for legends and columns. */
    public String label() {
        return text(
                "compare.subject",
                entry.number(),
                entry.task(),
                result.measure().shortName());
    }

    /** Returns the name of the model. */
    public String model() {
        return entry.analysis().model();
    }

    /** Returns the number of layers. */
    public int layers() {
        return result.importance().layers();
    }

    Analysis analysis() {
        return entry.analysis();
    }
}

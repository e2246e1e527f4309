package org.layerwise.gui.compare;

import static org.layerwise.gui.text.Messages.text;

import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.study.Analysis;
import org.layerwise.study.MeasureResult;

/** One of the things that are compared: what one measure of one analysis says. */
public record Subject(AnalysisEntry entry, MeasureResult result) {

    /** Its name in legends and columns. */
    public String label() {
        return text(
                "compare.subject",
                entry.number(),
                entry.analysis().task(),
                result.measure().shortName());
    }

    /** The model, for a second line. */
    public String model() {
        return entry.analysis().model();
    }

    /** Number of layers. */
    public int layers() {
        return result.importance().layers();
    }

    Analysis analysis() {
        return entry.analysis();
    }
}

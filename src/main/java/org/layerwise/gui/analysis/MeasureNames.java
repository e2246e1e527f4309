package org.layerwise.gui.analysis;

import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;

/** Converts measures to their short names. */
final class MeasureNames extends StringConverter<@Nullable Measure> {

    @Override
    public String toString(@Nullable Measure measure) {
        return measure == null ? "" : measure.shortName();
    }

    @Override
    public @Nullable Measure fromString(String words) {
        throw new UnsupportedOperationException("a choice box is not typed into");
    }
}

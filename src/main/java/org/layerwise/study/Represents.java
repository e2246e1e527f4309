package org.layerwise.study;

import java.util.Map;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.base.Progress;
import org.layerwise.data.TokenizedDataset;

/** Where it is computed what each layer makes of rows: here, or on a cluster. */
public interface Represents {

    /**
     * Computes.
     *
     * @param tokenCosines whether all tokens are compared, too
     * @throws org.layerwise.base.UserException if that cannot be done there
     */
    Extraction of(TokenizedDataset tokens, Position position, boolean tokenCosines, Progress progress);

    /** Whether it is done with a model that was not looked at here, so that what identifies the one here says nothing. */
    default boolean anotherModel() {
        return false;
    }

    /** What of {@link Versions} is otherwise there than here. */
    default Map<String, String> versions() {
        return Map.of();
    }
}

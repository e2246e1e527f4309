package org.layerwise.study.analysis;

import java.util.Map;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.extraction.Extraction;
import org.layerwise.base.Progress;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.study.model.Versions;
import org.layerwise.tensor.DType;

/** Computation of the representations of rows after each layer, on this computer or on a cluster. */
public interface RepresentationSource {

    /**
     * Computes the representations of rows.
     *
     * @param tokenCosines true if all tokens are compared as well
     * @throws org.layerwise.base.UserException if the computation is impossible or fails
     */
    Extraction of(TokenizedDataset tokens, Position position, boolean tokenCosines, Progress progress);

    /**
     * Returns true if the computation uses a model that was not read on this computer, so that a hash or revision of
     * the local model does not identify it.
     */
    default boolean anotherModel() {
        return false;
    }

    /**
     * Returns the data type of the computation.
     *
     * @param here data type of the model on this computer
     */
    default DType type(DType here) {
        return here;
    }

    /** Returns the entries of {@link Versions} that differ from those of this computer. */
    default Map<String, String> versions() {
        return Map.of();
    }
}

package org.layerwise.analysis.extraction;

import java.util.Optional;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.Representations;

/**
 * Result of running a model over rows.
 *
 * @param tokenCosines cosines over all tokens; empty if not requested
 * @param expertLoad numbers of tokens of each expert; empty for a model without experts, or if they are not known
 */
public record Extraction(
        Representations representations, Optional<TokenCosines> tokenCosines, Optional<ExpertLoad> expertLoad) {

    /** Creates a result of representations alone. */
    public Extraction(Representations representations) {
        this(representations, Optional.empty(), Optional.empty());
    }
}

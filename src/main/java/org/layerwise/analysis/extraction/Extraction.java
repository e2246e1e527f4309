package org.layerwise.analysis.extraction;

import java.util.Optional;
import org.layerwise.analysis.Representations;

/**
 * Result of running a model over rows.
 *
 * @param tokenCosines cosines over all tokens; empty if not requested
 */
public record Extraction(Representations representations, Optional<TokenCosines> tokenCosines) {}

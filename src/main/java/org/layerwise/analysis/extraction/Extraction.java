package org.layerwise.analysis.extraction;

import java.util.Optional;
import org.layerwise.analysis.Representations;

/**
 * What a model made of some rows.
 *
 * @param tokenCosines empty where they were not asked for
 */
public record Extraction(Representations representations, Optional<TokenCosines> tokenCosines) {}

/**
 * Analysis of a model's layers, from its rows to its files. Start with {@link
 * org.layerwise.study.analysis.AnalysisJob}; {@link org.layerwise.study.analysis.AnalysisFolder} reads and writes the
 * result.
 */
@NullMarked
package org.layerwise.study.analysis;

import org.jspecify.annotations.NullMarked;

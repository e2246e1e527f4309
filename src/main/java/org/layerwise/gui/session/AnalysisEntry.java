package org.layerwise.gui.session;

import org.layerwise.study.Analysis;

/**
 * A finished analysis in the study.
 *
 * @param number counts from 1 in this window
 */
public record AnalysisEntry(int number, Analysis analysis) {}

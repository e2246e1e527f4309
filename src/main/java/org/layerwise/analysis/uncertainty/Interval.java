package org.layerwise.analysis.uncertainty;

/** Range that contains a value with some confidence; both ends are included. */
public record Interval(double low, double high) {}

package org.layerwise.analysis.uncertainty;

/** A range that holds a value with some confidence; ends included. */
public record Interval(double low, double high) {}

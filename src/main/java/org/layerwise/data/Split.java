package org.layerwise.data;

/** Part of a sample task, or of a folder with files for both parts. */
public enum Split {
    TRAIN,
    VALIDATION
}

package org.layerwise.settings;

/** Treatment of a run that exists in the folder already. */
public enum StartMode {
    /** Refuses the training and leaves the run as it is. */
    NEW,
    /**
     * Replaces a run that was queued for this training or is a failed attempt at this training; refuses if the run is
     * finished.
     */
    RETRY,
    /** Replaces the run. */
    OVERWRITE,
    /** Resumes the run from its last checkpoint, if it has one. */
    RESUME
}

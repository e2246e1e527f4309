package org.layerwise.study;

/** Ways to treat a run that is in the folder already. */
public enum RunStart {
    /** Refuses the training and leaves the run as it is. */
    NEW,
    /** Replaces a run that was queued for this training or is an attempt at it that failed; refuses if it is finished. */
    RETRY,
    /** Replaces the run. */
    OVERWRITE,
    /** Goes on from the run's last checkpoint, if it has one. */
    RESUME
}

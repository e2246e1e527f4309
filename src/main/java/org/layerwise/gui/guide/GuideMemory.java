package org.layerwise.gui.guide;

/** Remembers whether people have seen the guide. */
public interface GuideMemory {

    boolean guided();

    /** They came to its end, or put it away. */
    void setGuided(boolean seen);
}

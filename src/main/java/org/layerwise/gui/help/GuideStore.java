package org.layerwise.gui.help;

/** Remembers if the user has seen the guide. */
public interface GuideStore {

    boolean guided();

    /** Stores if the user has finished or dismissed the guide. */
    void setGuided(boolean seen);

    /** Returns true if the user has opened a model or data before, so that nobody needs to be shown how to begin. */
    boolean begun();

    /** Stores if the user has opened a model or data. */
    void setBegun(boolean begun);
}

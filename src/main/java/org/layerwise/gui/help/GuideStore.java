package org.layerwise.gui.help;

/** Remembers if the user has seen the guide. */
public interface GuideStore {

    boolean guided();

    /** Stores if the user has finished or dismissed the guide. */
    void setGuided(boolean seen);
}

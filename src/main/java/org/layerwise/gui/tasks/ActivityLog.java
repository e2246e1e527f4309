package org.layerwise.gui.tasks;

import java.time.Clock;
import java.time.Instant;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/**
 * Events in a window since it opened, oldest first: work that ended, messages and errors. Must be used on the FX thread
 * only. Events of the program as a whole go to the program's log instead.
 */
public final class ActivityLog {

    /** Maximum number of entries. */
    static final int MOST = 1000;

    /** Kind of an entry. */
    public enum Kind {
        /** Message to the user. */
        NOTE,
        /** Work that completed without a message. */
        DONE,
        /** Work that was cancelled. */
        CANCELLED,
        /** Work or action that failed. */
        FAILED
    }

    /**
     * Entry of the log.
     *
     * @param time time of the event
     * @param kind kind of the event
     * @param words message in one line
     */
    public record Entry(Instant time, Kind kind, String words) {}

    private final Clock clock;
    private final ObservableList<Entry> entries = FXCollections.observableArrayList();
    private final ObservableList<Entry> readOnly = FXCollections.unmodifiableObservableList(entries);
    private long written;

    public ActivityLog(Clock clock) {
        this.clock = clock;
    }

    /** Returns the entries, oldest first. The oldest entries are dropped above a maximum number. */
    public ObservableList<Entry> entries() {
        return readOnly;
    }

    /** Adds an entry. */
    public void add(Kind kind, String words) {
        written++;
        entries.add(new Entry(clock.instant(), kind, words.strip().replaceAll("\\s*\\R\\s*", " ")));
        if (entries.size() > MOST) {
            entries.remove(0);
        }
    }

    /** Runs an action, and adds an entry only if the action added none, so that each event appears once. */
    void logUnlessReported(Runnable act, Kind kind, String words) {
        long before = written;
        act.run();
        if (written == before) {
            add(kind, words);
        }
    }
}

package org.layerwise.gui.tasks;

import java.time.Clock;
import java.time.Instant;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/**
 * What has happened in a window since it opened, oldest first: work that ended, what people were told, what went wrong. Only
 * on the FX thread. What happens to the program as a whole goes to its log, not here.
 */
public final class ActivityLog {

    /** So many lines are kept. */
    static final int MOST = 1000;

    /** What a line is about. */
    public enum Kind {
        /** Something people are told. */
        NOTE,
        /** Work that came to its end and told nothing. */
        DONE,
        /** Work that was cancelled. */
        CANCELLED,
        /** Something that went wrong. */
        FAILED
    }

    /**
     * A line.
     *
     * @param time when it happened
     * @param words in one line, for people
     */
    public record Entry(Instant time, Kind kind, String words) {}

    private final Clock clock;
    private final ObservableList<Entry> entries = FXCollections.observableArrayList();
    private final ObservableList<Entry> readOnly = FXCollections.unmodifiableObservableList(entries);
    private long written;

    public ActivityLog(Clock clock) {
        this.clock = clock;
    }

    /** The lines, oldest first; the oldest are forgotten when there are very many. */
    public ObservableList<Entry> entries() {
        return readOnly;
    }

    /** Adds a line. */
    public void add(Kind kind, String words) {
        written++;
        entries.add(new Entry(clock.instant(), kind, words.strip().replaceAll("\\s*\\R\\s*", " ")));
        if (entries.size() > MOST) {
            entries.remove(0);
        }
    }

    /** Lets something act, and adds a line if it has added none: what says more than that it happened says it alone. */
    void unlessTold(Runnable act, Kind kind, String words) {
        long before = written;
        act.run();
        if (written == before) {
            add(kind, words);
        }
    }
}

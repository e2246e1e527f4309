package org.layerwise.checkpoint.hub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.layerwise.base.ByteSize;
import org.layerwise.base.Progress;

/**
 * Progress of several simultaneous downloads. The threads of the downloads report to this object, and check it for
 * cancellation; the thread that started them passes the progress on.
 */
final class DownloadProgress implements Progress {

    private static final long WINDOW_NANOS = 5_000_000_000L;
    private static final double NANOS = 1e9;

    private record Sample(long nanos, long received) {}

    private final String title;
    private final long bytes;
    private final Map<String, Long> positions = new ConcurrentHashMap<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Queue<String> notes = new ConcurrentLinkedQueue<>();
    private volatile String remark = "";

    /**
     * Creates a progress without bytes.
     *
     * @param title name of the download
     * @param bytes the length of all files together, in bytes
     */
    DownloadProgress(String title, long bytes) {
        this.title = title;
        this.bytes = bytes;
    }

    /** Records the number of bytes of a file that are on this machine. */
    void at(String file, long position) {
        positions.put(file, position);
    }

    /** Adds bytes that were just received. */
    void received(int count) {
        received.addAndGet(count);
        remark = "";
    }

    void stop() {
        stopped.set(true);
    }

    /** Sets a remark that is shown with the bytes until the next bytes come. */
    @Override
    public void report(double fraction, String message) {
        remark = message;
    }

    @Override
    public void note(String sentence) {
        notes.add(sentence);
    }

    /** Passes the remarks so far on to the given progress. */
    void passNotes(Progress progress) {
        for (String note = notes.poll(); note != null; note = notes.poll()) {
            progress.note(note);
        }
    }

    @Override
    public boolean cancelled() {
        return stopped.get();
    }

    /** Reports to the given progress; must always be called from the same thread. */
    void report(Progress progress, boolean paused) {
        long here = positions.values().stream().mapToLong(Long::longValue).sum();
        StringBuilder line = new StringBuilder(paused ? "Paused: " : "Downloading ")
                .append(title)
                .append(", ")
                .append(ByteSize.of(here))
                .append(" of ")
                .append(ByteSize.of(bytes));
        double rate = rate();
        if (paused) {
            samples.clear();
        } else if (!remark.isEmpty()) {
            line.append(". ").append(remark);
        } else if (rate >= 1) {
            line.append(", ").append(ByteSize.of(Math.round(rate))).append(" a second");
            line.append(", ").append(left((bytes - here) / rate));
        }
        progress.report(bytes == 0 ? 0 : Math.min(1, (double) here / bytes), line.toString());
    }

    /** Returns the bytes per second over the last few seconds. */
    private double rate() {
        Sample now = new Sample(System.nanoTime(), received.get());
        samples.addLast(now);
        while (samples.size() > 2 && now.nanos() - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        return now.nanos() == first.nanos()
                ? 0
                : (now.received() - first.received()) * NANOS / (now.nanos() - first.nanos());
    }

    private static String left(double seconds) {
        if (seconds < 90) {
            return Math.max(1, Math.round(seconds)) + " s left";
        }
        double minutes = seconds / 60;
        return minutes < 90 ? Math.round(minutes) + " min left" : Math.round(minutes / 60) + " h left";
    }
}

package org.layerwise.gui;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ExportForm;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.selection.SelectionDiff;

/**
 * What view models reach the world by, without a toolkit: work waits until a test lets it run, on the test's own thread;
 * dialogs are remembered.
 */
public final class Desk implements WorkQueue, FxExecutor, Dialogs {

    private final Deque<Waiting<?>> waiting = new ArrayDeque<>();
    private final List<ReportedError> problems = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    private final List<String> sentences = new ArrayList<>();
    private final List<String> questions = new ArrayList<>();

    /** How to answer questions before something is lost. */
    public boolean agrees = true;

    /** Which of several ways to choose; null for none. */
    public @Nullable Integer way;

    /** How to answer the export dialog; null for Cancel. */
    public @Nullable ExportOptions export;

    /** What the export dialog was last asked. */
    public @Nullable ExportForm asked;

    /** Called with the fraction and the message whenever work reports: it may fail, or stop the work. */
    public BiConsumer<Double, String> reported = (fraction, message) -> {};

    /** Makes work fail in its middle with a defect, not a user's mistake. */
    public void fail(boolean fails) {
        reported = (fraction, message) -> {
            if (fails && fraction > 0.5) {
                throw new IllegalStateException("an invented defect");
            }
        };
    }

    /** Runs all work that waits, and what it leads to. */
    public void work() {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().run();
        }
    }

    /** Runs the work that waits longest, and what it leads to. */
    public void workOnce() {
        waiting.removeFirst().run();
    }

    /** Stops all work that waits, as closing the window does. */
    public void stopAll() {
        waiting.forEach(Waiting::stop);
    }

    /** How many pieces of work wait. */
    public int waiting() {
        return waiting.size();
    }

    /** What went wrong, in order. */
    public List<ReportedError> problems() {
        return problems;
    }

    /** What people were notified of, in order. */
    public List<String> notices() {
        return notices;
    }

    /** The sentences of the notices, in order. */
    public List<String> sentences() {
        return sentences;
    }

    /** What people were asked before something is lost, in order. */
    public List<String> questions() {
        return questions;
    }

    @Override
    public Handle submit(Work<?> work) {
        Waiting<?> next = new Waiting<>(work);
        waiting.addLast(next);
        return next;
    }

    @Override
    public void run(Runnable action) {
        action.run();
    }

    @Override
    public Runnable coalesced(Runnable action) {
        return action;
    }

    @Override
    public void error(ReportedError problem) {
        problems.add(problem);
    }

    @Override
    public boolean confirm(String title, String sentence, String action, String keep) {
        questions.add(sentence);
        return agrees;
    }

    @Override
    public OptionalInt choose(String title, String sentence, List<String> ways, String keep) {
        questions.add(sentence);
        return way == null ? OptionalInt.empty() : OptionalInt.of(way);
    }

    /** What people type as a passphrase. */
    public @Nullable String passphrase;

    @Override
    public Optional<char[]> passphrase(String title, String sentence) {
        questions.add(sentence);
        return Optional.ofNullable(passphrase).map(String::toCharArray);
    }

    @Override
    public Optional<ExportOptions> exportOptions(ExportForm question) {
        asked = question;
        return Optional.ofNullable(export);
    }

    /** What becomes of selections from files. */
    public Import imported = Import.SELECT;

    @Override
    public Import importSelection(SelectionDiff diff, String name, @Nullable String warning) {
        questions.add(warning == null ? name : name + ": " + warning);
        return imported;
    }

    @Override
    public void notify(String title, String sentence) {
        sentences.add(sentence);
        notices.add(title);
    }

    private final class Waiting<T> implements Handle, Progress {

        private final Work<T> work;
        private final ReadOnlyBooleanWrapper paused = new ReadOnlyBooleanWrapper();
        private final ReadOnlyBooleanWrapper stopping = new ReadOnlyBooleanWrapper();
        private boolean running;
        private boolean stopped;

        Waiting(Work<T> work) {
            this.work = work;
        }

        void run() {
            if (stopped) {
                work.cancelled().run();
                return;
            }
            running = true;
            T result;
            try {
                result = work.body().run(this);
            } catch (CancelledException e) {
                work.cancelled().run();
                return;
            } catch (Throwable e) {
                work.failed().accept(e);
                return;
            }
            work.done().accept(result);
        }

        @Override
        public void stop() {
            stopped = true;
            stopping.set(running);
        }

        @Override
        public void togglePause() {
            PauseSwitch pause = work.pause();
            if (pause != null && pause.paused()) {
                pause.resume();
            } else if (pause != null) {
                pause.pause();
            }
            paused.set(pause != null && pause.paused());
        }

        @Override
        public ReadOnlyBooleanProperty pausedProperty() {
            return paused.getReadOnlyProperty();
        }

        @Override
        public ReadOnlyBooleanProperty stoppingProperty() {
            return stopping.getReadOnlyProperty();
        }

        @Override
        public void report(double fraction, String message) {
            reported.accept(fraction, message);
        }

        @Override
        public boolean cancelled() {
            return stopped;
        }
    }
}

package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerwise.gui.common.MetricTexts;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.run.PeakMemorySource;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.training.Evaluation;

/** Texts about runs. */
public final class RunTexts {

    private RunTexts() {}

    /** Returns the name of a state. */
    public static String state(RunEntry.State state) {
        return text("run.state." + state.name().toLowerCase(Locale.ROOT));
    }

    /** Returns the state of a run; for a run on a cluster, together with the cluster's own status. */
    static String state(RunEntry run) {
        RunEntry.State state = run.stateProperty().get();
        if (!run.sent()) {
            return state(state);
        }
        String place = run.placeProperty().get();
        if (run.isUnfollowed()) {
            return text("run.there.unfollowed", place);
        }
        String there = run.thereProperty().get();
        return switch (state) {
            case QUEUED -> there.isEmpty() ? text("run.there.asking", place) : text("run.there.waiting", place, there);
            case RUNNING -> there.isEmpty() ? text("run.there.running", place) : text("run.there.out", place, there);
            case STOPPING -> text("run.there.stopping", place);
            default -> text("run.there.ended", state(state), place);
        };
    }

    /** Returns the text of the button that resumes a run, or starts it over if it has no checkpoint. */
    static String goOn(RunEntry run) {
        return text(run.startsOver() ? "run.start.over" : "tasks.resume");
    }

    /** Returns the name of a run in legends and lists. */
    public static String label(RunEntry run) {
        return text("run.label", run.number(), run.shortName());
    }

    /** Returns a run's peak memory in words; that of a job names what it is of. */
    static String memory(RunEntry run, long bytes) {
        PeakMemorySource of = run.memoryOf();
        String words = NumberTexts.bytes(bytes);
        return of == PeakMemorySource.PROCESS ? words : text("run.memory." + of.id(), words);
    }

    /** Returns the 95 % interval of a metric over the rows, if known. */
    static Optional<String> interval(String metric, Evaluation evaluation) {
        return MetricIntervals.of(metric, evaluation).map(MetricTexts::interval);
    }

    private static String figure(String name, double value, Evaluation evaluation) {
        String figure = text("run.figure", MetricTexts.name(name), NumberTexts.significant(value));
        return interval(name, evaluation)
                .or(() -> MetricIntervals.without(name, evaluation))
                .map(interval -> text("run.figure.interval", figure, interval))
                .orElse(figure);
    }

    /**
     * Returns the loss and the first metric, which is the main metric of the task, with their intervals. Short enough
     * for a notification.
     */
    static String headline(Evaluation evaluation) {
        String loss = figure(Evaluation.LOSS, evaluation.loss(), evaluation);
        return evaluation.metrics().entrySet().stream()
                .findFirst()
                .map(entry -> loss + ", " + figure(entry.getKey(), entry.getValue(), evaluation))
                .orElse(loss);
    }

    /** Returns the loss and all metrics in one line, with their intervals. */
    static String evaluation(Evaluation evaluation) {
        String loss = figure(Evaluation.LOSS, evaluation.loss(), evaluation);
        String others = evaluation.metrics().entrySet().stream()
                .map(entry -> figure(entry.getKey(), entry.getValue(), evaluation))
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? loss : loss + ", " + others;
    }
}

package org.layerwise.gui.runs;

import static org.layerwise.gui.text.Messages.has;
import static org.layerwise.gui.text.Messages.text;

import java.util.Locale;
import java.util.stream.Collectors;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.text.Figures;
import org.layerwise.training.Evaluation;

/** How runs are spoken of. */
public final class RunWords {

    private RunWords() {}

    /** The word for a state. */
    public static String state(RunEntry.State state) {
        return text("run.state." + state.name().toLowerCase(Locale.ROOT));
    }

    /** What going on with a run is called. */
    static String goOn(RunEntry run) {
        return text(run.startsOver() ? "run.start.over" : "tasks.resume");
    }

    /** What a run is called in legends and lists. */
    public static String label(RunEntry run) {
        return text("run.label", run.number(), run.shortName());
    }

    /** What a metric is called. */
    static String metric(String name) {
        String key = "run.metric." + name;
        return has(key) ? text(key) : name;
    }

    /** Loss and metrics in one line. */
    static String evaluation(Evaluation evaluation) {
        String loss = text("run.figure", metric("loss"), Figures.significant(evaluation.loss()));
        String others = evaluation.metrics().entrySet().stream()
                .map(entry -> text("run.figure", metric(entry.getKey()), Figures.significant(entry.getValue())))
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? loss : loss + ", " + others;
    }
}

package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.has;
import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.layerwise.chart.curve.CurveChart.Point;
import org.layerwise.gui.common.MetricTexts;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunEntry.Evaluated;
import org.layerwise.training.StepRecord;

/**
 * Quantity that a chart of runs shows: a value of every step, or a metric of the evaluations.
 *
 * @param of source of the values
 * @param id last part of the message keys, or the name of the metric
 */
public record Quantity(Of of, String id) {

    private static final String PERPLEXITY = "perplexity";
    private static final double GIBI = 1024.0 * 1024 * 1024;

    /** Source of the values. */
    private enum Of {
        LOSS,
        LEARNING_RATE,
        GRADIENT_NORM,
        SPEED,
        MEMORY,
        METRIC
    }

    /** Training loss, together with the loss of the evaluations. */
    public static final Quantity LOSS = new Quantity(Of.LOSS, "loss");

    private static final List<Quantity> OF_STEPS = List.of(
            LOSS,
            new Quantity(Of.LEARNING_RATE, "learning-rate"),
            new Quantity(Of.GRADIENT_NORM, "gradient-norm"),
            new Quantity(Of.SPEED, "speed"),
            new Quantity(Of.MEMORY, "memory"));

    /** Returns all quantities that can be drawn for some runs. */
    static List<Quantity> all(Collection<RunEntry> runs) {
        Set<String> metrics = new LinkedHashSet<>();
        runs.forEach(run -> run.evaluations()
                .forEach(evaluated ->
                        metrics.addAll(evaluated.evaluation().metrics().keySet())));
        List<Quantity> all = new ArrayList<>(OF_STEPS);
        metrics.forEach(name -> all.add(new Quantity(Of.METRIC, name)));
        return all;
    }

    /** Returns the display name with its unit, also used as the axis title. */
    String title() {
        if (of == Of.METRIC) {
            return has("metric." + id) ? text("run.quantity.metric", MetricTexts.name(id)) : id;
        }
        return text("run.quantity." + id);
    }

    /** Returns true if the values fluctuate so much that the smoothed curve is more useful. */
    boolean noisy() {
        return of == Of.LOSS || of == Of.GRADIENT_NORM || of == Of.SPEED;
    }

    /** Returns the points of the curve of some steps; empty for a metric. */
    List<Point> points(List<? extends StepRecord> steps) {
        return of == Of.METRIC
                ? List.of()
                : steps.stream()
                        .map(step -> new Point(step.step(), step.seconds(), value(step)))
                        .toList();
    }

    private double value(StepRecord step) {
        return switch (of) {
            case LOSS -> step.loss();
            case LEARNING_RATE -> step.learningRate();
            case GRADIENT_NORM -> step.gradNorm();
            case SPEED -> step.tokensPerSecond();
            case MEMORY -> step.memoryBytes() > 0 ? step.memoryBytes() / GIBI : Double.NaN;
            case METRIC -> throw new IllegalStateException(id + " is not of steps");
        };
    }

    /** Returns the point of an evaluation of a run; empty if the evaluation has no value of this quantity. */
    Optional<Point> point(RunEntry run, Evaluated evaluated) {
        OptionalDouble value = value(evaluated);
        return value.isEmpty()
                ? Optional.empty()
                : Optional.of(new Point(evaluated.step(), seconds(run, evaluated.step()), value.getAsDouble()));
    }

    private OptionalDouble value(Evaluated evaluated) {
        if (of == Of.LOSS) {
            return OptionalDouble.of(evaluated.evaluation().loss());
        }
        Double metric = of == Of.METRIC ? evaluated.evaluation().metrics().get(id) : null;
        return metric == null ? OptionalDouble.empty() : OptionalDouble.of(metric);
    }

    /**
     * Returns the time of a step in seconds since the start, or the time of the last known step before it; 0 without
     * such a step.
     */
    private static double seconds(RunEntry run, int step) {
        List<StepRecord> steps = run.steps();
        int least = 0;
        int most = steps.size();
        while (least < most) {
            int middle = (least + most) >>> 1;
            if (steps.get(middle).step() <= step) {
                least = middle + 1;
            } else {
                most = middle;
            }
        }
        return least == 0 ? 0 : steps.get(least - 1).seconds();
    }

    /**
     * Returns the point of the best evaluation after step 0; empty if there is none. Lower is better for loss and
     * perplexity, higher for other metrics.
     */
    Optional<Point> best(RunEntry run) {
        boolean lower = of == Of.LOSS || id.equals(PERPLEXITY);
        Evaluated best = null;
        for (Evaluated evaluated : run.evaluations()) {
            OptionalDouble value = value(evaluated);
            if (evaluated.step() == 0 || value.isEmpty() || Double.isNaN(value.getAsDouble())) {
                continue;
            }
            double before = best == null ? Double.NaN : value(best).orElse(Double.NaN);
            if (best == null || (lower ? value.getAsDouble() < before : value.getAsDouble() > before)) {
                best = evaluated;
            }
        }
        Evaluated found = best;
        return found == null ? Optional.empty() : point(run, found);
    }
}

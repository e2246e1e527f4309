package org.layerwise.gui;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.run.PeakMemorySource;
import org.layerwise.run.Run;
import org.layerwise.run.RunHistory;
import org.layerwise.run.RunRecord;
import org.layerwise.run.RunState;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.model.ModelCard;
import org.layerwise.training.Evaluation;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** A run of the invented engine, as its folder would have it. */
public final class InventedRun {

    /** Steps of every run. */
    public static final int STEPS = 64;

    private static final int EVERY = 16;

    private final ModelCard card;
    private final DataSettings data;
    private final TrainingSettings settings;
    private final Path folder;
    private final List<StepRecord> steps = new ArrayList<>();
    private final List<RunHistory.Evaluated> evaluations = new ArrayList<>();
    private RunState state = RunState.QUEUED;
    private @Nullable TrainingSummary summary;
    private String place = "";

    public InventedRun(ModelCard card, DataSettings data, TrainingSettings settings, Path folder) {
        this.card = card;
        this.data = data;
        this.settings = settings;
        this.folder = folder;
    }

    /** One whose program ended after so many steps. */
    public InventedRun cutOff(int after) {
        evaluate(0);
        for (int step = 1; step <= after; step++) {
            steps.add(step(step));
            if (step % EVERY == 0) {
                evaluate(step);
            }
        }
        state = RunState.INTERRUPTED;
        return this;
    }

    /** One that is done. */
    public InventedRun finished() {
        cutOff(STEPS);
        state = RunState.FINISHED;
        summary = summary();
        return this;
    }

    /** One that is on a cluster, where it goes on. */
    public InventedRun on(String name) {
        place = name;
        state = RunState.RUNNING;
        return this;
    }

    /** The cluster that it is on; empty if it is done here. */
    String place() {
        return place;
    }

    Path folder() {
        return folder;
    }

    synchronized RunRecord record() {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("model", card.name());
        config.put("data", data.data());
        config.put(
                "layers",
                settings.adapter().layers().stream().map(String::valueOf).collect(Collectors.joining(",")));
        config.put("r", String.valueOf(settings.adapter().rank()));
        config.put("alpha", String.valueOf(settings.adapter().alpha()));
        config.put("lr", String.valueOf(settings.get(OptimiserSettings.LEARNING_RATE)));
        config.put("seed", String.valueOf(settings.seed()));
        config.put("out", folder.toString());
        Run run = new Run(
                folder,
                folder.toString(),
                folder.getFileName().toString(),
                state,
                state == RunState.FAILED ? "an invented defect" : null,
                "2026-01-01T00:00:00Z",
                card.name(),
                data.data(),
                "classification",
                settings.adapter().layers(),
                null,
                card.layers(),
                STEPS,
                config,
                Map.of("layerwise", "test"));
        List<Double> seconds = steps.stream().map(step -> 0.1).toList();
        return new RunRecord(
                run,
                new RunHistory(steps, seconds, evaluations),
                summary,
                steps.size() >= EVERY,
                run.state().resumable(),
                place,
                place.isEmpty() ? PeakMemorySource.PROCESS : PeakMemorySource.WORKER);
    }

    TrainingSummary train(
            PauseSwitch pause,
            Progress progress,
            TrainingListener listener,
            LongSupplier paceMillis,
            BooleanSupplier fails) {
        state(RunState.RUNNING);
        if (steps.isEmpty()) {
            listener.evaluated(0, evaluate(0));
        } else {
            listener.noted("Going on after step %s.".formatted(steps.size()));
        }
        boolean cancelled = false;
        while (steps.size() < STEPS && !cancelled) {
            try {
                pause.await(progress);
            } catch (CancelledException e) {
                cancelled = true;
                continue;
            }
            int step = steps.size() + 1;
            take(step);
            listener.step(step(step));
            progress.report(step / (double) STEPS, "Step %s of %s".formatted(step, STEPS));
            sleep(paceMillis.getAsLong());
            if (fails.getAsBoolean() && step > 5) {
                state(RunState.FAILED);
                throw new IllegalStateException("an invented defect");
            }
            if (step % EVERY == 0) {
                listener.evaluated(step, evaluate(step));
                listener.checkpointed(step);
            }
        }
        if (cancelled) {
            listener.checkpointed(steps.size());
        }
        return end(cancelled);
    }

    private synchronized TrainingSummary end(boolean cancelled) {
        state = cancelled ? RunState.CANCELLED : RunState.FINISHED;
        summary = summary();
        return summary;
    }

    private synchronized void state(RunState other) {
        state = other;
    }

    private synchronized void take(int step) {
        steps.add(step(step));
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StepRecord step(int step) {
        double loss = (0.4 + 1.7 * Math.exp(-step / 20.0) + 0.08 * Math.sin(step * 1.7)) * share();
        return new StepRecord(
                step,
                STEPS,
                loss,
                settings.get(OptimiserSettings.LEARNING_RATE) * (1 - (step - 1.0) / STEPS),
                0.8 + 0.3 * Math.cos(step * 2.3),
                2100 + 180 * Math.sin(step * 0.9),
                step * 0.1,
                1_300_000_000L + 2_000_000L * step);
    }

    /** Other layers and ranks give other curves. */
    private double share() {
        int layers =
                settings.adapter().layers().stream().mapToInt(Integer::intValue).sum();
        return 0.8 + 0.8 / (4 + settings.adapter().rank()) + 0.002 * layers;
    }

    private synchronized Evaluation evaluate(int step) {
        double accuracy = 0.823 - 0.692 * Math.exp(-step / 18.0);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("accuracy", accuracy);
        metrics.put("matthews", accuracy - 0.1);
        metrics.put("f1", accuracy - 0.02);
        double loss = (0.52 + 1.6 * Math.exp(-step / 18.0)) * share();
        Map<String, Interval> intervals = new LinkedHashMap<>();
        metrics.forEach((name, value) -> intervals.put(name, new Interval(value - 0.0517, value + 0.0459)));
        intervals.put("loss", new Interval(loss - 0.0713, loss + 0.0827));
        Evaluation found = new Evaluation(loss, 256, metrics, intervals);
        evaluations.add(new RunHistory.Evaluated(step, "eval", found));
        return found;
    }

    private TrainingSummary summary() {
        SortedSet<Integer> layers = new TreeSet<>(settings.adapter().layers());
        long adapters = (long) layers.size() * settings.adapter().rank() * InventedEngine.PARAMETERS;
        boolean keepsBest = settings.get(RunSettings.KEEP_BEST) && evaluations.size() > 2;
        RunHistory.Evaluated kept = evaluations.get(evaluations.size() - (keepsBest ? 2 : 1));
        Evaluation last = kept.evaluation();
        return new TrainingSummary(
                folder,
                steps.size() < STEPS,
                false,
                steps.size(),
                keepsBest ? kept.step() : steps.size(),
                0,
                layers,
                adapters,
                adapters + 3080,
                33_212_160 + adapters,
                evaluations.get(0).evaluation(),
                last,
                settings.test() == null ? null : last,
                steps.isEmpty() ? Double.NaN : steps.get(steps.size() - 1).loss(),
                steps.size() * 0.1,
                0.1,
                812L * 1024 * 1024);
    }
}

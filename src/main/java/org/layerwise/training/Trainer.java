package org.layerwise.training;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.NonFiniteDiagnosis;

/**
 * Trains the parameters of an {@link AdaptedModel}: shuffled batches, gradient accumulation, clipping by the global
 * norm, AdamW and a learning-rate schedule, in the order and with the defaults of HuggingFace's Trainer.
 * {@link TrainingStep} takes the single steps.
 */
public final class Trainer {

    /** Maximum number of rows that the message about a loss that is no number names; more would not help. */
    private static final int ROWS_NAMED = 8;

    /**
     * Result of a training.
     *
     * @param steps number of completed steps
     * @param cancelled true if the training was asked to stop before its last step
     * @param lastLoss loss of the last step, before its update; NaN if there was none
     * @param seconds time of the steps, without pauses and the work between steps
     */
    public record Outcome(int steps, boolean cancelled, double lastLoss, double seconds) {}

    private final AdaptedModel model;
    private final TokenizedDataset data;
    private final Objective objective;
    private final TrainerSettings settings;
    private final Path scratch;

    /** @param scratch folder for files that live as long as a training */
    public Trainer(
            AdaptedModel model, TokenizedDataset data, Objective objective, TrainerSettings settings, Path scratch) {
        this.model = model;
        this.data = data;
        this.objective = objective;
        this.settings = settings;
        this.scratch = scratch;
    }

    /**
     * Trains a model. After a cancellation the training stops between two pieces of a batch, drops the unfinished step
     * and returns: the model then has the state after its last completed step.
     *
     * @param from state of an earlier training of the same model, data and settings; null to start
     * @param pause pauses the work between two pieces of a batch
     * @throws UserException if the loss or a gradient is no longer a number
     */
    public Outcome train(
            @Nullable TrainerState from,
            PauseSwitch pause,
            Progress progress,
            TrainingListener listener,
            TrainerCallback course) {
        PausableProgress held = new PausableProgress(progress.noting(listener::noted), pause);
        try (TrainingStep steps = new TrainingStep(model, data, objective, settings, scratch)) {
            steps.remark().ifPresent(listener::noted);
            steps.packing().ifPresent(listener::noted);
            Standing standing = new Standing();
            if (from != null) {
                model.assign(from.weights());
                steps.restore(from.optimiser());
                standing = new Standing(from);
            }
            boolean cancelled = false;
            try {
                run(standing, steps, held, listener, course);
            } catch (CancelledException e) {
                cancelled = true;
                course.cancelled(state(standing, steps));
            }
            return new Outcome(standing.step, cancelled, standing.lastLoss, standing.seconds);
        }
    }

    /** Present state of the training: number of steps, time and last loss. */
    private static final class Standing {

        private int step;
        private double seconds;
        private double lastLoss = Double.NaN;

        Standing() {}

        Standing(TrainerState from) {
            step = from.step();
            seconds = from.seconds();
            lastLoss = from.lastLoss();
        }
    }

    private void run(
            Standing standing,
            TrainingStep steps,
            PausableProgress progress,
            TrainingListener listener,
            TrainerCallback course) {
        int total = settings.schedule().steps();
        int accumulate = settings.batches().accumulate();
        int perEpoch = settings.batches().stepsPerEpoch(data.size());
        while (standing.step < total) {
            int epoch = standing.step / perEpoch;
            List<int[]> batches = steps.batches(epoch);
            for (int inEpoch = standing.step % perEpoch; inEpoch < perEpoch && standing.step < total; inEpoch++) {
                List<int[]> group =
                        batches.subList(inEpoch * accumulate, Math.min(batches.size(), (inEpoch + 1) * accumulate));
                listener.step(step(standing, group, steps, progress, course));
                progress.report(
                        (double) standing.step / total,
                        String.format(
                                Locale.ROOT, "Step %d of %d, loss %.3f", standing.step, total, standing.lastLoss));
                TrainerCallback.Place place = new TrainerCallback.Place(standing.step, total, inEpoch + 1 == perEpoch);
                if (!course.after(place, state(standing, steps))) {
                    return;
                }
            }
        }
    }

    private Supplier<TrainerState> state(Standing standing, TrainingStep steps) {
        return () -> new TrainerState(
                standing.step,
                standing.seconds,
                standing.lastLoss,
                model.values(),
                steps.state(),
                steps.prefixCached());
    }

    private StepRecord step(
            Standing standing,
            List<int[]> group,
            TrainingStep steps,
            PausableProgress progress,
            TrainerCallback course) {
        long begin = System.nanoTime();
        double heldBefore = progress.heldSeconds();
        int done = standing.step;
        TrainingStep.Taken taken = steps.take(done, group, progress);
        if (taken.broken()) {
            throw noNumber(done + 1, taken.suspects(), course.lastCheckpoint());
        }
        double took = seconds(begin) - (progress.heldSeconds() - heldBefore);
        standing.step = done + 1;
        standing.seconds += took;
        standing.lastLoss = taken.loss();
        return new StepRecord(
                standing.step,
                settings.schedule().steps(),
                taken.loss(),
                taken.learningRate(),
                taken.gradNorm(),
                taken.tokens() / took,
                standing.seconds,
                0);
    }

    private UserException noNumber(int step, int[] rows, Optional<Path> checkpoint) {
        NonFiniteDiagnosis.requireWeights(model.base());
        String named = Arrays.stream(rows)
                .limit(ROWS_NAMED)
                .mapToObj(row -> String.valueOf(row + 1))
                .collect(Collectors.joining(", "));
        return new UserException(
                "The loss is no longer a number at step %s (rows %s%s of the training data)%s; use a lower learning rate than %s or a longer warm-up."
                        .formatted(
                                step,
                                named,
                                rows.length > ROWS_NAMED ? " and %s more".formatted(rows.length - ROWS_NAMED) : "",
                                checkpoint
                                        .map(", the last good checkpoint is %s"::formatted)
                                        .orElse(""),
                                settings.optimiser().get(OptimiserSettings.LEARNING_RATE)));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}

package org.layerwise.training;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Batch;
import org.layerwise.data.Batches;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.Parameter;
import org.layerwise.tensor.ParameterOps;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Trains what an {@link AdaptedModel} has to train: shuffled batches, gradient accumulation, clipping by the global norm,
 * AdamW and a learning-rate schedule, in the order and with the defaults of HuggingFace's Trainer. {@link StepGradient} says
 * what a step is.
 */
public final class Trainer {

    /** Rows that are named where a loss is no number; more of them help nobody. */
    private static final int ROWS_NAMED = 8;

    /**
     * How a training ended.
     *
     * @param steps taken in full
     * @param cancelled whether it was asked to stop before its last step
     * @param lastLoss of the last step, before its update; NaN if there was none
     * @param seconds of the steps, without pauses and what is done between steps
     */
    public record Outcome(int steps, boolean cancelled, double lastLoss, double seconds) {}

    private final AdaptedModel model;
    private final TokenizedDataset data;
    private final Objective objective;
    private final TrainerSettings settings;
    private final TensorEngine engine;
    private final List<Tensor> weights;

    public Trainer(AdaptedModel model, TokenizedDataset data, Objective objective, TrainerSettings settings) {
        this.model = model;
        this.data = data;
        this.objective = objective;
        this.settings = settings;
        this.engine = model.base().engine();
        this.weights = model.parameters().stream().map(Parameter::value).toList();
    }

    /**
     * Trains from the start, with nothing between the steps.
     *
     * @param endOfEpoch hears the number of steps taken at the end of every pass over the data but the last
     * @throws UserException if the loss or a gradient is no longer a number
     */
    public Outcome train(Progress progress, TrainingListener listener, IntConsumer endOfEpoch) {
        return train(null, new Pause(), progress, listener, new EpochEnds(endOfEpoch));
    }

    /**
     * Trains. When it is cancelled it stops between two pieces of a batch, without the unfinished step, and returns: the
     * model is then as its last full step left it.
     *
     * @param from where an earlier training of the same model, data and settings had come to; null to start
     * @param pause holds the work up between two pieces of a batch
     * @throws UserException if the loss or a gradient is no longer a number
     */
    public Outcome train(
            @Nullable TrainerState from,
            Pause pause,
            Progress progress,
            TrainingListener listener,
            TrainingCourse course) {
        HeldProgress held = new HeldProgress(progress, pause);
        StepGradient gradient = new StepGradient(model, data, objective, settings);
        try (AdamW optimiser =
                new AdamW(engine, model.parameters(), settings.optimiser().weightDecay())) {
            Standing standing = new Standing();
            if (from != null) {
                restore(from, optimiser);
                standing = new Standing(from);
            }
            boolean cancelled = false;
            try {
                run(standing, gradient, optimiser, held, listener, course);
            } catch (CancelledException e) {
                cancelled = true;
                course.cancelled(state(standing, optimiser));
            }
            return new Outcome(standing.step, cancelled, standing.lastLoss, standing.seconds);
        }
    }

    /** How far it is. */
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
            StepGradient gradient,
            AdamW optimiser,
            HeldProgress progress,
            TrainingListener listener,
            TrainingCourse course) {
        int total = settings.schedule().steps();
        int accumulate = settings.batches().accumulate();
        int perEpoch = settings.batches().stepsPerEpoch(data.size());
        while (standing.step < total) {
            int epoch = standing.step / perEpoch;
            List<Batch> batches = batches(epoch);
            for (int inEpoch = standing.step % perEpoch; inEpoch < perEpoch && standing.step < total; inEpoch++) {
                List<Batch> group =
                        batches.subList(inEpoch * accumulate, Math.min(batches.size(), (inEpoch + 1) * accumulate));
                listener.step(step(standing, group, gradient, optimiser, progress, course));
                progress.report(
                        (double) standing.step / total,
                        "Step %d of %d, loss %.3f".formatted(standing.step, total, standing.lastLoss));
                TrainingCourse.Place place = new TrainingCourse.Place(standing.step, total, inEpoch + 1 == perEpoch);
                if (!course.after(place, state(standing, optimiser))) {
                    return;
                }
            }
        }
    }

    private List<Batch> batches(int epoch) {
        return Batches.shuffled(
                data, model.base().config().padId(), settings.batches().rows(), settings.seed(), epoch);
    }

    private Supplier<TrainerState> state(Standing standing, AdamW optimiser) {
        return () ->
                new TrainerState(standing.step, standing.seconds, standing.lastLoss, model.values(), optimiser.state());
    }

    private void restore(TrainerState from, AdamW optimiser) {
        model.assign(from.weights());
        optimiser.restore(from.optimiser());
    }

    private StepRecord step(
            Standing standing,
            List<Batch> group,
            StepGradient gradient,
            AdamW optimiser,
            HeldProgress progress,
            TrainingCourse course) {
        long begin = System.nanoTime();
        double heldBefore = progress.heldSeconds();
        int done = standing.step;
        StepGradient.Seen seen = gradient.add(group, done, progress);
        double gradNorm = clipGradients();
        if (!Double.isFinite(seen.loss()) || !Double.isFinite(gradNorm)) {
            throw noNumber(done + 1, group, course.lastCheckpoint());
        }
        TrainerSettings.Schedule schedule = settings.schedule();
        double learningRate = settings.optimiser().learningRate()
                * schedule.scheduler().factor(done, schedule.warmupSteps(), schedule.steps());
        optimiser.step(learningRate);
        zeroGradients();
        double took = seconds(begin) - (progress.heldSeconds() - heldBefore);
        standing.step = done + 1;
        standing.seconds += took;
        standing.lastLoss = seen.loss();
        return new StepRecord(
                standing.step,
                schedule.steps(),
                seen.loss(),
                learningRate,
                gradNorm,
                seen.tokens() / took,
                standing.seconds,
                0);
    }

    private UserException noNumber(int step, List<Batch> group, Optional<Path> checkpoint) {
        int[] rows = group.stream()
                .flatMapToInt(batch -> Arrays.stream(batch.rows()))
                .toArray();
        String named = Arrays.stream(rows)
                .limit(ROWS_NAMED)
                .mapToObj(row -> String.valueOf(row + 1))
                .collect(Collectors.joining(", "));
        return new UserException(
                "The loss is no longer a number at step %d (rows %s%s of the training data)%s; use a lower learning rate than %s or a longer warm-up."
                        .formatted(
                                step,
                                named,
                                rows.length > ROWS_NAMED ? " and %d more".formatted(rows.length - ROWS_NAMED) : "",
                                checkpoint
                                        .map(", the last good checkpoint is %s"::formatted)
                                        .orElse(""),
                                settings.optimiser().learningRate()));
    }

    /** The norm before clipping, as {@code torch.nn.utils.clip_grad_norm_} measures it and scales by it. */
    private double clipGradients() {
        try (Scope scope = engine.inference()) {
            List<Tensor> gradients = weights.stream().map(Tensor::gradient).toList();
            double norm = ParameterOps.globalNorm(gradients);
            double factor = settings.optimiser().maxGradNorm() / (norm + 1e-6);
            if (settings.optimiser().maxGradNorm() > 0 && factor < 1) {
                ParameterOps.scale(gradients, factor);
            }
            return norm;
        }
    }

    private void zeroGradients() {
        weights.forEach(Tensor::zeroGradient);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}

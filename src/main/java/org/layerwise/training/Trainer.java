package org.layerwise.training;

import java.util.List;
import java.util.function.IntConsumer;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Batch;
import org.layerwise.data.Batches;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;

/**
 * Trains what an {@link AdaptedModel} has to train: shuffled batches, gradient accumulation, clipping by the global norm,
 * AdamW and a learning-rate schedule, in the order and with the defaults of HuggingFace's Trainer. {@link StepGradient} says
 * what a step is.
 */
public final class Trainer {

    /**
     * How a training ended.
     *
     * @param steps taken in full
     * @param cancelled whether it was asked to stop before its last step
     * @param lastLoss of the last step, before its update; NaN if there was none
     */
    public record Outcome(int steps, boolean cancelled, double lastLoss, double seconds) {}

    private final AdaptedModel model;
    private final TokenizedDataset data;
    private final Objective objective;
    private final TrainerSettings settings;

    public Trainer(AdaptedModel model, TokenizedDataset data, Objective objective, TrainerSettings settings) {
        this.model = model;
        this.data = data;
        this.objective = objective;
        this.settings = settings;
    }

    /**
     * Trains. When it is cancelled it stops between two pieces of a batch, without the unfinished step, and returns: the
     * model is then as its last full step left it.
     *
     * @param endOfEpoch hears the number of steps taken at the end of every pass over the data but the last
     * @throws UserException if the loss or a gradient is no longer a number
     */
    public Outcome train(Progress progress, TrainingListener listener, IntConsumer endOfEpoch) {
        long start = System.nanoTime();
        double lastLoss = Double.NaN;
        int step = 0;
        try (TrainingStep steps = new TrainingStep(model, data, objective, settings)) {
            for (int epoch = 0; step < settings.schedule().steps(); epoch++) {
                List<Batch> batches =
                        Batches.shuffled(data, padId(), settings.batches().rows(), settings.seed(), epoch);
                for (int first = 0;
                        first < batches.size() && step < settings.schedule().steps();
                        first += settings.batches().accumulate()) {
                    List<Batch> group = batches.subList(
                            first,
                            Math.min(batches.size(), first + settings.batches().accumulate()));
                    StepRecord record = step(step, group, steps, start, progress);
                    lastLoss = record.loss();
                    step++;
                    listener.step(record);
                    progress.report(
                            (double) step / settings.schedule().steps(),
                            "Step %d of %d, loss %.3f"
                                    .formatted(step, settings.schedule().steps(), record.loss()));
                }
                if (step < settings.schedule().steps()) {
                    endOfEpoch.accept(step);
                }
            }
            return new Outcome(step, false, lastLoss, seconds(start));
        } catch (CancelledException e) {
            return new Outcome(step, true, lastLoss, seconds(start));
        }
    }

    private StepRecord step(int done, List<Batch> group, TrainingStep steps, long start, Progress progress) {
        long begin = System.nanoTime();
        TrainingStep.Taken taken = steps.take(done, group, progress);
        return new StepRecord(
                done + 1,
                settings.schedule().steps(),
                taken.loss(),
                taken.learningRate(),
                taken.gradNorm(),
                taken.tokens() / seconds(begin),
                seconds(start),
                0);
    }

    private long padId() {
        return model.base().config().padId();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}

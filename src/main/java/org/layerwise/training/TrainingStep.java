package org.layerwise.training;

import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Batch;
import org.layerwise.data.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.Parameter;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.ParameterOps;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Optimiser steps one after another: the gradient, its norm, clipping, the update at the schedule's learning rate. In float16
 * the loss is scaled, and a step whose gradients overflow updates nothing and does not move the schedule, as with
 * HuggingFace's Trainer.
 */
final class TrainingStep implements AutoCloseable {

    /**
     * What a step did.
     *
     * @param loss before the update, the mean over the step's rows
     * @param tokens without padding
     * @param gradNorm Euclidean norm of all gradients, before clipping; not finite where a scaled gradient overflowed
     * @param learningRate of A; 0 where nothing was updated
     */
    record Taken(double loss, long tokens, double gradNorm, double learningRate) {}

    private final TrainerSettings settings;
    private final TokenizedDataset data;
    private final TensorEngine engine;
    private final List<Tensor> weights;
    private final StepGradient gradient;
    private final AdamW optimiser;
    private LossScale scale;

    /** @throws UserException if the settings do not suit the model or the task */
    TrainingStep(AdaptedModel model, TokenizedDataset data, Objective objective, TrainerSettings settings) {
        this.settings = settings;
        this.data = data;
        this.engine = model.base().engine();
        this.weights = model.parameters().stream().map(Parameter::value).toList();
        this.gradient = new StepGradient(model, data, objective, settings);
        this.optimiser = new AdamW(engine, model.parameters(), settings.optimiser());
        this.scale = model.base().transformer().type() == DType.F16 ? LossScale.INITIAL : LossScale.NONE;
    }

    /**
     * Takes a step.
     *
     * @param step 0 for the first
     * @param group its micro-batches
     * @throws UserException if the loss or a gradient is no longer a number; nothing is updated then
     * @throws org.layerwise.base.CancelledException between two pieces of a batch; nothing is updated then
     */
    Taken take(int step, List<Batch> group, Progress progress) {
        try {
            return taken(step, group, progress);
        } finally {
            weights.forEach(Tensor::zeroGradient);
        }
    }

    private Taken taken(int step, List<Batch> group, Progress progress) {
        StepGradient.Seen seen = gradient.add(group, step, scale.value(), progress);
        double norm = clipGradients();
        if (!Double.isFinite(seen.loss()) || !Double.isFinite(norm) && scale.value() <= 1) {
            throw new UserException(
                    "The loss is no longer a number at step %d (%s of %s); use a lower learning rate than %s or a longer warm-up."
                            .formatted(
                                    step + 1,
                                    RowNumbers.text(seen.suspects()),
                                    data.name(),
                                    settings.optimiser().learningRate()));
        }
        double learningRate = 0;
        if (Double.isFinite(norm)) {
            double highest = settings.optimiser().learningRate();
            learningRate = highest * settings.schedule().factor(optimiser.updates(), highest);
            optimiser.update(learningRate);
            scale = scale.equals(LossScale.NONE) ? scale : scale.afterUpdate();
        } else {
            scale = scale.afterOverflow();
        }
        return new Taken(seen.loss(), seen.tokens(), norm, learningRate);
    }

    /** All that the steps to come depend on, beside the weights and the number of steps. */
    OptimiserState state() {
        return new OptimiserState(optimiser.updates(), optimiser.moments(), scale);
    }

    /**
     * Goes on from a state.
     *
     * @throws UserException if it is that of another adapter
     */
    void restore(OptimiserState state) {
        optimiser.restore(state);
        scale = state.lossScale();
    }

    /** The norm before clipping, as {@code torch.nn.utils.clip_grad_norm_} measures it and scales by it. */
    private double clipGradients() {
        try (Scope scope = engine.inference()) {
            List<Tensor> gradients = weights.stream().map(Tensor::gradient).toList();
            double norm = ParameterOps.globalNorm(gradients) / scale.value();
            double limit = settings.optimiser().maxGradNorm();
            double factor = (limit > 0 ? Math.min(1, limit / (norm + 1e-6)) : 1) / scale.value();
            if (factor != 1 && Double.isFinite(norm)) {
                ParameterOps.scale(gradients, factor);
            }
            return norm;
        }
    }

    @Override
    public void close() {
        optimiser.close();
    }
}

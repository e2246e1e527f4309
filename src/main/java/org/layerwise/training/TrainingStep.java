package org.layerwise.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.Parameter;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.ParameterOps;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Takes optimiser steps: the gradient, its norm, clipping, the update at the schedule's learning rate. In float16 the
 * loss is scaled, and a step whose gradients overflow updates nothing and does not advance the schedule, as in
 * HuggingFace's Trainer.
 */
final class TrainingStep implements AutoCloseable {

    /**
     * Result of a step.
     *
     * @param loss mean loss over the step's rows before the update
     * @param tokens number of tokens without padding
     * @param gradNorm Euclidean norm of all gradients, before clipping; not finite if a scaled gradient overflowed
     * @param learningRate learning rate of A; 0 if nothing was updated
     * @param broken true if the loss or a gradient is no longer a number; nothing was updated in that case
     * @param suspects the first rows whose loss is not a number; all rows of the step if each has a loss
     */
    record Taken(double loss, long tokens, double gradNorm, double learningRate, boolean broken, int[] suspects) {}

    private final TrainerSettings settings;
    private final TensorEngine engine;
    private final List<Tensor> weights;
    private final StepGradient gradient;
    private final Optimiser optimiser;
    private LossScale scale;

    /**
     * Creates steps for a training.
     *
     * @param scratch folder for files that live as long as this object
     * @throws UserException if the settings do not suit the model or the task
     */
    TrainingStep(
            AdaptedModel model, TokenizedDataset data, Objective objective, TrainerSettings settings, Path scratch) {
        this.settings = settings;
        this.engine = model.base().engine();
        this.weights = model.parameters().stream().map(Parameter::value).toList();
        this.gradient = new StepGradient(model, data, objective, settings, scratch);
        this.optimiser = new Optimiser(engine, model.parameters(), settings.optimiser());
        this.scale = model.base().transformer().type() == DType.F16 ? LossScale.INITIAL : LossScale.NONE;
    }

    /**
     * Takes a step.
     *
     * @param step number of the step, 0 for the first
     * @param group rows of its micro-batches
     * @throws org.layerwise.base.CancelledException between two pieces of a batch; nothing is updated in that case
     */
    Taken take(int step, List<int[]> group, Progress progress) {
        try {
            return taken(step, group, progress);
        } finally {
            weights.forEach(Tensor::zeroGradient);
        }
    }

    private Taken taken(int step, List<int[]> group, Progress progress) {
        try (Scope scope = engine.inference()) {
            StepGradient.Unread unread = gradient.add(group, step, scale.value(), progress);
            List<Tensor> gradients = weights.stream().map(Tensor::gradient).toList();
            List<Tensor> scalars = new ArrayList<>(unread.losses());
            scalars.add(ParameterOps.globalNorm(gradients));
            // the only values of a step that are read, and so the only time that it waits for the device
            double[] read = engine.items(scalars);
            StepGradient.Seen seen = unread.with(Arrays.copyOf(read, read.length - 1));
            return updated(seen, gradients, read[read.length - 1] / scale.value());
        }
    }

    /** @param norm norm of the gradients without the scale of the loss */
    private Taken updated(StepGradient.Seen seen, List<Tensor> gradients, double norm) {
        clip(gradients, norm);
        // a scale below 1 means that the gradients themselves are too large
        boolean broken = !Double.isFinite(seen.loss()) || !Double.isFinite(norm) && scale.value() <= 1;
        double learningRate = 0;
        if (Double.isFinite(norm) && !broken) {
            learningRate = settings.learningRate(optimiser.updates());
            optimiser.update(learningRate);
            scale = scale.equals(LossScale.NONE) ? scale : scale.afterUpdate();
        } else {
            scale = scale.afterOverflow();
        }
        return new Taken(seen.loss(), seen.tokens(), norm, learningRate, broken, seen.suspects());
    }

    /** Returns one sentence on the prefix cache for the user; empty if no cache was requested. */
    Optional<String> remark() {
        return gradient.remark();
    }

    /** Returns one sentence on the padding that packing saves; empty without packing. */
    Optional<String> packing() {
        return gradient.packing();
    }

    /** Returns true if the outputs of frozen layers are kept from epoch to epoch. */
    boolean prefixCached() {
        return gradient.prefixCached();
    }

    /** Returns the rows of each micro-batch of a pass over the data. */
    List<int[]> batches(int epoch) {
        return gradient.batches(epoch);
    }

    /** Returns the state on which later steps depend, apart from the weights and the number of steps. */
    OptimiserState state() {
        return new OptimiserState(optimiser.updates(), optimiser.means(), scale);
    }

    /**
     * Restores a state, so that training can resume.
     *
     * @throws UserException if the state belongs to another adapter
     */
    void restore(OptimiserState state) {
        optimiser.restore(state);
        scale = state.lossScale();
    }

    /** Clips the gradients as {@code torch.nn.utils.clip_grad_norm_} does, and takes the scale of the loss out of them. */
    private void clip(List<Tensor> gradients, double norm) {
        double limit = settings.optimiser().get(OptimiserSettings.MAX_GRAD_NORM);
        double factor = (limit > 0 ? Math.min(1, limit / (norm + 1e-6)) : 1) / scale.value();
        if (factor != 1 && Double.isFinite(norm)) {
            ParameterOps.scale(gradients, factor);
        }
    }

    @Override
    public void close() {
        optimiser.close();
        gradient.close();
    }
}

package org.layerwise.training;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.data.Labels;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Piece;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.Parameter;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.ParameterOps;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/** A training whose every step takes all rows, with plain AdamW and without dropout, as PEFT's fixtures were made. */
record FullBatchTraining(AdaptedModel model, Objective objective, Batch batch) {

    private static final double RATE = 0.005;
    private static final double DECAY = 0.01;

    /** All rows of a fixture as one batch. */
    static Batch batch(TokenBatch tokens) {
        return new Batch(IntStream.range(0, tokens.size()).toArray(), tokens);
    }

    /** Labels of tokens, row after row. */
    static Objective.NextTokens nextTokens(long[] labels, TokenBatch tokens) {
        long[][] rows = new long[tokens.size()][tokens.length()];
        for (int i = 0; i < labels.length; i++) {
            rows[i / tokens.length()][i % tokens.length()] = labels[i];
        }
        return new Objective.NextTokens(new Labels.TokenLabels(rows));
    }

    /** The loss, whose gradients the parameters collect. */
    double backward() {
        try (Scope scope = engine().training()) {
            ModelInput input = model.base().input(batch.tokens());
            Tensor hidden = model.training(ModelConfig.Dropout.NONE).forward(input);
            Tensor loss =
                    objective.loss(model.trainingHead(), hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE);
            loss.backward();
            return loss.item();
        }
    }

    double loss() {
        try (Scope scope = engine().inference()) {
            ModelInput input = model.base().input(batch.tokens());
            Tensor hidden = model.transformer().forward(input);
            return objective
                    .loss(model.head(), hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE)
                    .item();
        }
    }

    /** The loss before each step. */
    List<Double> train(int steps) {
        List<Double> losses = new ArrayList<>();
        List<Tensor> weights = model.parameters().stream().map(Parameter::value).toList();
        try (TensorOwner owner = engine().owner()) {
            List<Tensor> first = zeros(owner, weights);
            List<Tensor> second = zeros(owner, weights);
            for (int step = 1; step <= steps; step++) {
                losses.add(backward());
                try (Scope scope = engine().inference()) {
                    List<Tensor> gradients =
                            weights.stream().map(Tensor::gradient).toList();
                    ParameterOps.adamW(weights, gradients, first, second, RATE, 0.9, 0.999, 1e-8, DECAY, step);
                    weights.forEach(Tensor::zeroGradient);
                }
            }
        }
        return losses;
    }

    private List<Tensor> zeros(TensorOwner owner, List<Tensor> like) {
        try (Scope scope = engine().inference()) {
            return like.stream()
                    .map(tensor -> owner.adopt(engine().zeros(tensor.dtype(), tensor.device(), tensor.shape())))
                    .toList();
        }
    }

    private TensorEngine engine() {
        return model.base().engine();
    }
}

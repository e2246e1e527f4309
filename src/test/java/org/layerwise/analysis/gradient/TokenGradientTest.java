package org.layerwise.analysis.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.batch.Piece;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;
import org.layerwise.training.Objective;

/** Gradients of language models are those of the loss that a training step of all rows has: the mean over learnt tokens. */
class TokenGradientTest {

    /** Rows of 3 to 18 tokens, of which 2 to 17 are learnt. */
    private static final int[] LENGTHS = {3, 18, 7, 12, 4};

    private final TensorEngine engine = Engines.shared();

    private record Added(Tensor weight) implements LinearAdapter {
        @Override
        public Tensor apply(Linear map, Tensor x, Tensor y) {
            return y.add(x.linear(weight, null));
        }
    }

    private static TokenizedDataset data(boolean labelled) {
        List<TokenRow> rows = new ArrayList<>();
        List<long[]> labels = new ArrayList<>();
        for (int length : LENGTHS) {
            long[] ids = new long[length];
            Arrays.setAll(ids, token -> 3 + (length * 11 + token * token * 7) % 50);
            rows.add(new TokenRow(ids, null));
            long[] own = ids.clone();
            own[1] = labelled && length > 4 ? Labels.IGNORED : own[1];
            labels.add(own);
        }
        Labels of = labelled ? new Labels.TokenLabels(labels.toArray(long[][]::new)) : new Labels.None();
        return new TokenizedDataset("rows", rows, of, 0, 18);
    }

    private TransformerModel llama() {
        return TransformerModel.load(
                engine,
                ModelBlueprint.read(engine, Checkpoint.open(Golden.folder("llama"))),
                Engines.device(),
                DType.F32,
                Progress.none());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNormIsThatOfATrainingStep(boolean labelled) {
        int live = engine.liveTensors();
        TokenizedDataset data = data(labelled);
        try (TransformerModel model = llama();
                TensorOwner owner = engine.owner()) {
            List<Linear> targets = model.targets(model.allLayers(), model.defaultTargets());
            GradientScores scores = new GradientImportance(model)
                    .compute(
                            data,
                            GradientTask.of(model, data, owner, 3).loss(),
                            targets,
                            Set.of(GradientScores.GRADIENT_NORM, GradientScores.FISHER),
                            Long.MAX_VALUE,
                            Progress.none());
            Objective.NextTokens objective = new Objective.NextTokens(new Labels.TokenLabels(
                    data.labels() instanceof Labels.TokenLabels tokens
                            ? tokens.values()
                            : data.rows().stream().map(TokenRow::ids).toArray(long[][]::new)));
            long tokens = objective.weight(new int[] {0, 1, 2, 3, 4});
            double[] norms = new double[model.config().layers()];
            double loss = squared(model, data, objective, targets, new int[] {0, 1, 2, 3, 4}, norms);
            assertThat(scores.loss()).isCloseTo(loss, within(1e-5));
            assertThat(Arrays.stream(Objects.requireNonNull(scores.tokens())).sum())
                    .isEqualTo(tokens);
            for (int layer = 0; layer < norms.length; layer++) {
                assertThat(Objects.requireNonNull(scores.norms())[layer])
                        .isCloseTo(Math.sqrt(norms[layer]), withinPercentage(0.01));
            }
            // a row's loss is its share of the step's, so that the mean over rows is the step's loss
            for (int row = 0; row < data.size(); row++) {
                double[] alone = new double[norms.length];
                squared(model, data, objective, targets, new int[] {row}, alone);
                double share = (double) objective.weight(new int[] {row}) * data.size() / tokens;
                for (int layer = 0; layer < norms.length; layer++) {
                    assertThat(Objects.requireNonNull(scores.squaredNorms())[row][layer])
                            .isCloseTo(alone[layer] * share * share, withinPercentage(0.01));
                }
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    /** The mean loss of some rows in one graph, and the squared norm of its gradient in each layer. */
    private double squared(
            TransformerModel model,
            TokenizedDataset data,
            Objective objective,
            List<Linear> targets,
            int[] rows,
            double[] norms) {
        Batch batch = Batches.pieces(rows, data, model.config().rowPadding(), Integer.MAX_VALUE)
                .get(0);
        try (TensorOwner owner = engine.owner();
                Scope scope = engine.training()) {
            LanguageModelHead head = model.languageModelHead(owner);
            Map<String, Added> added = new HashMap<>();
            targets.forEach(linear -> added.put(
                    linear.name(),
                    new Added(engine.zeros(DType.F32, model.device(), linear.out(), linear.in())
                            .requireGradient())));
            ModelInput input = model.input(batch.tokens());
            Tensor hidden = model.transformer().with(added).forward(input);
            Tensor loss = objective.loss(head, hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE);
            loss.backward();
            for (int layer = 0; layer < norms.length; layer++) {
                for (Linear linear : model.transformer().linears(layer)) {
                    if (added.containsKey(linear.name())) {
                        for (double value :
                                added.get(linear.name()).weight().gradient().doubles()) {
                            norms[layer] += value * value;
                        }
                    }
                }
            }
            return loss.item();
        }
    }
}

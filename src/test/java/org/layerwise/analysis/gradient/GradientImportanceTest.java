package org.layerwise.analysis.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.data.Labels;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;

/** Gradient norm and Fisher information of the tiny BERT against PyTorch's, and how they are computed. */
class GradientImportanceTest {

    private static final Set<Measure> BOTH = Set.of(GradientScores.GRADIENT_NORM, GradientScores.FISHER);
    private static final List<String> ALL_LINEAR =
            List.of("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense");

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final TransformerModel model = GoldenBert.model(engine);
    private final TensorOwner owner = engine.owner();
    private final TokenizedDataset data = GoldenBert.data();
    private GradientTask task;

    @BeforeEach
    void prepare() {
        task = GradientTask.of(model, data, owner, 1);
    }

    @AfterEach
    void leavesNothing() {
        owner.close();
        model.close();
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private GradientScores compute(List<Linear> targets, Set<Measure> measures, long memory, Progress progress) {
        return new GradientImportance(model).compute(data, task.loss(), targets, measures, memory, progress);
    }

    private List<Linear> allLinear() {
        return model.targets(model.allLayers(), ALL_LINEAR);
    }

    @Test
    void agreesWithPyTorch() {
        GradientScores scores = compute(allLinear(), BOTH, Long.MAX_VALUE, Progress.none());
        JsonNode expected = Json.read(Golden.folder("importance_bert.json"));
        LayerImportance norm = scores.gradientNorm().orElseThrow();
        LayerImportance fisher = scores.fisher().orElseThrow();
        for (int layer = 0; layer < 4; layer++) {
            assertThat(scores.weights().get(layer))
                    .isEqualTo(expected.path("weights_per_layer").path(layer).asLong());
            assertThat(norm.of(layer).orElseThrow())
                    .isCloseTo(
                            expected.path("gradient_norm_of_batch_loss")
                                    .path(layer)
                                    .asDouble(),
                            withinPercentage(0.01));
            assertThat(fisher.of(layer).orElseThrow())
                    .isCloseTo(
                            expected.path("empirical_fisher_trace").path(layer).asDouble(), withinPercentage(0.01));
        }
        assertThat(task.remark()).isEmpty();
    }

    /** One layer a pass, or all at once; rows are padded to different lengths on the way. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void theNormalisedNormIsThatOfNumpy(long memory) {
        GradientScores scores = compute(allLinear(), Set.of(NormalisedGradient.MEASURE), memory, Progress.none());
        JsonNode expected = Json.read(Golden.folder("resnorm_bert.json")).path("layers");
        LayerImportance norm = scores.of(NormalisedGradient.MEASURE).orElseThrow();
        assertThat(scores.gradientNorm()).isEmpty();
        for (int layer = 0; layer < 4; layer++) {
            double value = norm.of(layer).orElseThrow();
            assertThat(value).isCloseTo(expected.path(layer).asDouble(), withinPercentage(0.01));
        }
    }

    @Test
    void groupsOfLayersThatFitTheMemoryGiveTheSame() {
        GradientScores whole = compute(allLinear(), BOTH, Long.MAX_VALUE, Progress.none());
        GradientScores oneLayerAPass = compute(allLinear(), BOTH, 0, Progress.none());
        assertThat(oneLayerAPass.norms()).containsExactly(whole.norms(), within(1e-9));
        assertThat(oneLayerAPass.loss()).isCloseTo(whole.loss(), within(1e-9));
        for (int row = 0; row < data.size(); row++) {
            assertThat(oneLayerAPass.squaredNorms()[row]).containsExactly(whole.squaredNorms()[row], within(1e-9));
        }
    }

    @Test
    void rowsAloneGiveWhatTheyGiveInABatch() {
        GradientScores whole = compute(allLinear(), BOTH, Long.MAX_VALUE, Progress.none());
        int[] labels = ((Labels.Classes) data.labels()).values();
        for (int row = 0; row < data.size(); row++) {
            TokenizedDataset alone = new TokenizedDataset(
                    "row",
                    List.of(data.rows().get(row)),
                    new Labels.Classes(new int[] {labels[row]}, List.of()),
                    0,
                    data.maxLength());
            GradientScores scores = new GradientImportance(model)
                    .compute(
                            alone,
                            GradientTask.of(model, alone, owner, 1).loss(),
                            allLinear(),
                            BOTH,
                            0,
                            Progress.none());
            for (int layer = 0; layer < 4; layer++) {
                double expected = Objects.requireNonNull(whole.squaredNorms())[row][layer];
                assertThat(Objects.requireNonNull(scores.squaredNorms())[0][layer])
                        .isCloseTo(expected, withinPercentage(0.001));
                // of one example the gradient of the mean is its own
                assertThat(Objects.requireNonNull(scores.norms())[layer])
                        .isCloseTo(Math.sqrt(expected), withinPercentage(0.001));
            }
        }
    }

    @Test
    void layersWithoutTargetsHaveNoImportance() {
        GradientScores scores = compute(
                model.targets(new TreeSet<>(Set.of(1, 3)), List.of("value")),
                Set.of(GradientScores.FISHER),
                Long.MAX_VALUE,
                Progress.none());
        LayerImportance fisher = scores.fisher().orElseThrow();
        assertThat(scores.gradientNorm()).isEmpty();
        assertThat(scores.weights()).containsExactly(0L, 48L * 48, 0L, 48L * 48);
        assertThat(fisher.of(0)).isEmpty();
        assertThat(fisher.reason(2)).hasValue("No module of this layer is a target.");
        assertThat(fisher.of(1)).isPresent();
    }

    @Test
    void theModelAndTheGradientModeStayAsTheyWere() {
        try (Scope scope = engine.inference()) {
            Tensor weight = model.transformer().linears(0).get(0).matrix();
            float[] before = weight.floats();
            compute(allLinear(), BOTH, Long.MAX_VALUE, Progress.none());
            assertThat(weight.floats()).containsExactly(before);
            // an in-place change is refused while gradients are recorded
            engine.of(new float[] {1}, 1).scaleInPlace(2);
        }
        try (Scope scope = engine.training()) {
            Tensor weight = model.transformer().linears(0).get(0).matrix();
            assertThatThrownBy(() -> weight.square().sum().backward()).isInstanceOf(Exception.class);
        }
    }

    @Test
    void cancellingStopsBetweenLayersAndLeavesNothing() {
        int live = engine.liveTensors();
        for (int checks : new int[] {0, 3, 20, 40}) {
            Progress progress = new Progress() {
                private int asked;

                @Override
                public void report(double fraction, String message) {
                    // only the checks count
                }

                @Override
                public boolean cancelled() {
                    return asked++ >= checks;
                }
            };
            assertThatThrownBy(() -> compute(allLinear(), BOTH, Long.MAX_VALUE, progress))
                    .isInstanceOf(CancelledException.class);
            assertThat(engine.liveTensors()).isEqualTo(live);
        }
    }
}

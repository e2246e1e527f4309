package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.StrictEngine;
import org.layerwise.tensor.Transfers;

/** What one training step reads from a GPU: each read waits for all work before it. */
class StepTransfersTest {

    private static final Set<Integer> LAYERS = Set.of(1, 2);

    private final StrictEngine strict = StrictEngine.shared();

    @ParameterizedTest
    @CsvSource({"bert, false", "bert, true", "deberta_v3, false", "llama, false", "llama, true", "gemma2, false"})
    void aStepOfAnyNumberOfPiecesReadsOnce(String fixture, boolean checkpointing) {
        for (int accumulated : new int[] {1, 3}) {
            Transfers transfers = step(fixture, checkpointing, accumulated);
            assertThat(transfers.places(Transfers.Kind.READ)).containsExactly("TrainingStep.taken");
            assertThat(transfers.places(Transfers.Kind.TO_CPU)).isEmpty();
        }
    }

    /** The tokens are sorted by expert on the processor. */
    @Test
    void aMixtureOfExpertsReadsTheChoicesOfEachLayer() {
        try (TinyTraining training = training("v5/qwen3_moe")) {
            int layers = training.base.config().layers();
            assertThat(step("v5/qwen3_moe", false, 1).places(Transfers.Kind.READ))
                    .hasSize(layers + 1)
                    .containsAll(Collections.nCopies(layers, "Experts.apply"))
                    .endsWith("TrainingStep.taken");
        }
    }

    private TinyTraining training(String fixture) {
        return new TinyTraining(strict.engine(), fixture, DType.F32, Device.cuda(0));
    }

    /** The copies of the second step. */
    private Transfers step(String fixture, boolean checkpointing, int accumulated) {
        try (TinyTraining training = training(fixture);
                AdaptedModel model = training.adapted(0.1, LAYERS);
                TrainingStep steps = new TrainingStep(
                        model,
                        training.data,
                        training.objective,
                        TinyTraining.settings(
                                4,
                                new TrainerSettings.Grouping(2, accumulated, false),
                                0.1,
                                new TrainerSettings.Memory(checkpointing, 0)),
                        TinyTraining.TEMPORARY)) {
            List<int[]> batches = steps.batches(0).subList(0, accumulated);
            steps.take(0, batches, Progress.none());
            strict.transfers().clear();
            TrainingStep.Taken taken = steps.take(1, batches, Progress.none());
            assertThat(taken.learningRate()).isPositive();
            return strict.transfers();
        }
    }
}

package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PlainLora;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.OutOfMemoryErrors;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GpuDevice;
import org.layerwise.testing.GpuTest;

/** The memory of a card is used up: a step becomes smaller pieces, and what was taken is free afterwards. */
@GpuTest
class GpuMemoryTest {

    private static final String FIXTURE = "llama";
    private static final int VOCABULARY = 130;
    /** One step of as many tokens as a card computes at once, whose memory is some hundred times what an allocator takes at least. */
    private static final int ROWS = 256;

    private static final int TOKENS = 64;
    private static final int STEPS = 2;
    /** Share of a step's memory that is left: less than half, since the allocator takes more than it uses at once. */
    private static final double LEFT = 0.4;

    /** More than any card has. */
    private static final long TOO_MUCH = 1L << 45;
    /** What other programs may take of the card meanwhile, in bytes. */
    private static final long OTHERS = 64L << 20;

    private final TensorEngine engine = Engines.shared();
    private final Device gpu = GpuDevice.device();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void aStepThatDoesNotFitBecomesSmallerPieces() {
        assumeTrue(
                engine.freeMemory(gpu).isPresent(),
                "skipped: the memory of the processor is the computer's own and is not filled up");
        TinyTraining.Heard expected = train(Device.CPU);
        train(gpu); // CUDA's kernels and workspaces stay in memory once they are loaded
        long free = freeAfterRelease();
        TinyTraining.Heard whole = train(gpu);
        long needed = free - engine.freeMemory(gpu).getAsLong();
        assertThat(needed).as("bytes of a step").isGreaterThan(OTHERS);
        freeAfterRelease();

        TinyTraining.Heard cut;
        try (Scope scope = engine.inference()) {
            engine.zeros(DType.I8, gpu, free - (long) (LEFT * needed));
            cut = train(gpu);
        }

        assertThat(whole.remarks).isEmpty();
        assertThat(cut.remarks).isNotEmpty().allMatch(remark -> remark.startsWith("Memory was used up in step 1;"));
        for (int step = 0; step < STEPS; step++) {
            for (TinyTraining.Heard heard : List.of(whole, cut)) {
                assertThat(heard.losses.get(step)).isCloseTo(expected.losses.get(step), within(1e-4));
                assertThat(heard.norms.get(step)).isCloseTo(expected.norms.get(step), within(1e-3));
            }
        }
        assertThat(freeAfterRelease()).as("free bytes").isGreaterThan(free - OTHERS);
    }

    /** Makes the allocator give back what it keeps for later, as it does when a request fails; returns the free bytes. */
    private long freeAfterRelease() {
        assertThatThrownBy(() -> {
                    try (Scope scope = engine.inference()) {
                        engine.zeros(DType.F32, gpu, TOO_MUCH);
                    }
                })
                .matches(OutOfMemoryErrors::isCause, "tells of the memory");
        return engine.freeMemory(gpu).getAsLong();
    }

    @Test
    void aStepOfThisSizeEqualsThatOfTheProcessor() {
        TinyTraining.Heard expected = train(Device.CPU);
        TinyTraining.Heard actual = train(gpu);
        for (int step = 0; step < STEPS; step++) {
            assertThat(actual.losses.get(step)).isCloseTo(expected.losses.get(step), within(1e-4));
            assertThat(actual.norms.get(step)).isCloseTo(expected.norms.get(step), within(1e-3));
        }
    }

    private TinyTraining.Heard train(Device device) {
        Random random = new Random(3);
        List<TokenRow> rows = Stream.generate(
                        () -> new TokenRow(random.longs(TOKENS, 3, VOCABULARY).toArray(), null))
                .limit(ROWS)
                .toList();
        Labels.TokenLabels labels =
                new Labels.TokenLabels(rows.stream().map(TokenRow::ids).toArray(long[][]::new));
        TinyTraining.Heard heard = new TinyTraining.Heard();
        try (TransformerModel base = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder(FIXTURE)), device, Progress.none());
                AdaptedModel model = AdaptedModel.languageModel(
                        base,
                        PlainLora.config(
                                4,
                                8,
                                0,
                                base.defaultTargets(),
                                IntStream.range(0, base.config().layers())
                                        .boxed()
                                        .toList()),
                        3)) {
            new Trainer(
                            model,
                            new TokenizedDataset("random", rows, labels, 0, TOKENS),
                            new Objective.NextTokens(labels),
                            TinyTraining.settings(
                                    STEPS,
                                    new TrainerSettings.Grouping(ROWS, 1, false),
                                    0,
                                    new TrainerSettings.Memory(false, 0)),
                            TinyTraining.TEMPORARY)
                    .train(null, new PauseSwitch(), Progress.none(), heard, new EpochListener(step -> {}));
        }
        return heard;
    }
}

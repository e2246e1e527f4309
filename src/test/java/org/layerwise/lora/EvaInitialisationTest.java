package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;

/** EVA as PEFT 0.21.2 computes it with equal ranks. */
class EvaInitialisationTest {

    private static final List<String> TARGETS =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    private static final RowPadding PADDING = new RowPadding(0, Integer.MAX_VALUE);

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void startsFromTheComponentsThatPeftFinds() {
        PeftAdapter expected = PeftAdapter.read(Golden.folder("lora_llama_eva").resolve("adapter_init"), engine);
        try (TransformerModel base = base();
                AdaptedModel model = AdaptedModel.languageModel(base, config(4, 1, 3), 5)) {
            EvaInitialisation.assign(model, rows(), PADDING, Progress.none());

            PeftAdapter actual = model.toPeft(new BaseModel("base", null));
            assertThat(actual.tensors().keySet()).isEqualTo(expected.tensors().keySet());
            expected.tensors().forEach((name, tensor) -> assertThat(
                            actual.tensors().get(name).values())
                    .as(name)
                    .containsExactly(tensor.values(), within(1e-4f)));
        }
    }

    /** A module keeps its own rank and, outside of the layers, the A that it has. */
    @Test
    void layersBelowTheFirstAdapterAndTheHeadAreLeftAlone() {
        try (TransformerModel base = base();
                AdaptedModel all = AdaptedModel.languageModel(base, config(4, 1, 3), 5);
                AdaptedModel one = AdaptedModel.languageModel(base, config(2, 3), 5)) {
            EvaInitialisation.assign(all, rows(), PADDING, Progress.none());
            EvaInitialisation.assign(one, rows(), PADDING, Progress.none());

            Map<String, PeftAdapter.HostTensor> first = all.values();
            one.values().forEach((name, tensor) -> {
                if (name.endsWith(PeftNames.LORA_A)) {
                    int in = (int) tensor.shape()[1];
                    assertThat(tensor.values())
                            .as(name)
                            .containsExactly(Arrays.copyOf(first.get(name).values(), 2 * in), within(1e-6f));
                }
            });
        }
    }

    @Test
    void aRankThatTheInputsCannotHaveIsRefused() {
        try (TransformerModel base = base()) {
            assertRefused(base, rows(), 49, "EVA needs a rank of at most 48 for model.layers.1.self_attn.q_proj");
            TokenizedDataset few = rows().select(new int[] {0});
            assertRefused(base, few, 20, "EVA needs a rank of at most 19 for model.layers.1.self_attn.q_proj");
        }
    }

    private void assertRefused(TransformerModel base, TokenizedDataset rows, int rank, String message) {
        try (AdaptedModel model = AdaptedModel.languageModel(base, config(rank, 1), 5)) {
            assertThatThrownBy(() -> EvaInitialisation.assign(model, rows, PADDING, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void stopsWhereverItIsTold() {
        try (TransformerModel base = base();
                AdaptedModel model = AdaptedModel.languageModel(base, config(4, 1, 3), 5)) {
            for (int times : new int[] {0, 1, 9, 20, 40}) {
                AtomicInteger left = new AtomicInteger(times);
                assertThatThrownBy(() -> EvaInitialisation.assign(
                                model, rows(), PADDING, CancelledProgress.when(() -> left.getAndDecrement() <= 0)))
                        .isInstanceOf(CancelledException.class);
            }
        }
    }

    @Test
    void isWrittenAsPeftWritesItAndReadAsPlainLora() {
        assertThat(LoraVariant.of("eva").id()).isEqualTo("eva");
        assertThat(LoraVariant.of("rslora+eva").id()).isEqualTo("rslora+eva");
        for (String words : List.of("eva+pissa", "olora+eva", "eva+miss")) {
            assertThatThrownBy(() -> LoraVariant.of(words)).isInstanceOf(UserException.class);
        }
        assertThat(Initialisation.fromWeight("eva")).isEmpty();
    }

    private static LoraConfig config(int rank, Integer... layers) {
        return new LoraConfig(
                rank,
                6,
                0,
                TARGETS,
                new TreeSet<>(Set.of(layers)),
                LoraVariant.of("eva"),
                Bias.NONE,
                Map.of(),
                Map.of(),
                List.of(),
                AdvancedLoraConfig.DEFAULTS);
    }

    private TransformerModel base() {
        return TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none());
    }

    private static TokenizedDataset rows() {
        try (SafetensorsFile inputs = SafetensorsFile.open(Golden.folder("lora_inputs_llama.safetensors"))) {
            TokenBatch batch = Golden.batch(inputs);
            List<TokenRow> rows = new ArrayList<>();
            for (int row = 0; row < batch.size(); row++) {
                List<Long> ids = new ArrayList<>();
                for (int i = row * batch.length(); i < (row + 1) * batch.length(); i++) {
                    if (batch.mask()[i] == 1) {
                        ids.add(batch.ids()[i]);
                    }
                }
                rows.add(new TokenRow(ids.stream().mapToLong(Long::longValue).toArray(), null, null));
            }
            return new TokenizedDataset("rows", rows, new Labels.None(), 0, batch.length());
        }
    }
}

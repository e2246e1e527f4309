package org.layerwise.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Position;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.study.model.ModelCard;

class ModelNotesTest {

    private static final long GB = 1L << 30;

    @Test
    void aModelThatFitsSaysNothing() {
        assertThat(memory(new MemoryNeed(2 * GB, GB / 4, 8 * GB, Loading.WHOLE)))
                .isEmpty();
    }

    @Test
    void layersSayWhatIsTakenAndFree() {
        assertThat(memory(new MemoryNeed(14 * GB, GB, 4 * GB, Loading.LAYERS)))
                .containsExactly("big takes 14 GiB in bfloat16, 4.0 GiB is free: using one layer at a time.");
        assertThat(memory(new MemoryNeed(14 * GB, GB, Long.MAX_VALUE, Loading.LAYERS)))
                .containsExactly("big takes 14 GiB in bfloat16: using one layer at a time.");
    }

    @Test
    void layersThatAreTooLargeThemselvesAreToldToo() {
        assertThat(memory(new MemoryNeed(14 * GB, 4 * GB, 4 * GB, Loading.LAYERS)))
                .containsExactly(
                        "big takes 14 GiB in bfloat16, 4.0 GiB is free: using one layer at a time, but even that"
                                + " takes 4.0 GiB, which may be too much.");
    }

    @Test
    void aWholeModelNearTheLimitIsWarnedOf() {
        assertThat(memory(new MemoryNeed(4 * GB, GB, 4 * GB, Loading.WHOLE)))
                .containsExactly("big takes 4.0 GiB in bfloat16, 4.0 GiB is free: that may be too much; --load layers"
                        + " uses it one layer at a time.");
    }

    @Test
    void unusedTensorsOfUsualHeadsAreExpected() {
        assertThat(unused(
                        "cls.predictions.bias",
                        "bert.pooler.dense.weight",
                        "lm_head.weight",
                        "lm_predictions.lm_head.dense.weight",
                        "vocab_transform.weight",
                        "vision_tower.vision_model.encoder.layers.23.mlp.fc1.bias",
                        "vision_tower.vision_model.post_layernorm.weight",
                        "decoder.bias",
                        "head.dense.weight"))
                .isEmpty();
    }

    @Test
    void otherUnusedTensorsAreOneLine() {
        assertThat(unused("model.layers.0.experts.0.w1.weight", "cls.predictions.bias"))
                .containsExactly("1 tensor is unused in the files of big: model.layers.0.experts.0.w1.weight.");
        assertThat(unused("a.w", "b.w", "c.w", "model.decoder.layers.0.w", "e.w"))
                .containsExactly("5 tensors are unused in the files of big: a.w, b.w, c.w and 2 more.");
    }

    private static List<String> memory(MemoryNeed memory) {
        return ModelNotes.lines(ModelSettings.of("big"), card(memory, List.of()));
    }

    private static List<String> unused(String... names) {
        return ModelNotes.lines(
                ModelSettings.of("big"), card(new MemoryNeed(GB, GB, 8 * GB, Loading.WHOLE), List.of(names)));
    }

    private static ModelCard card(MemoryNeed memory, List<String> unused) {
        return new ModelCard(
                "big",
                Path.of("big"),
                "llama",
                32,
                4096,
                32,
                32000,
                4096,
                7_000_000_000L,
                "bfloat16",
                "cpu",
                true,
                Position.LAST,
                List.of("q_proj"),
                List.of("self_attn.q_proj"),
                ModelKind.DECODER,
                LayerKinds.NONE,
                List.of("BF16"),
                memory,
                unused);
    }
}

package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Position;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.ModelKind;
import org.layerwise.settings.Loading;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.study.model.ModelCard;

class ModelFactsTest {

    @Test
    void aDecoderSaysWhatItIsAndTakes() {
        Map<String, String> facts = facts(llama(32, 6_738_415_616L, Loading.WHOLE));
        assertThat(facts)
                .containsEntry("model.family", "llama, decoder")
                .containsEntry("model.layers", "32 × 4096")
                .containsEntry("model.parameters", "6.74 B")
                .containsEntry("model.stored", "BF16")
                .containsEntry("model.position", "last token")
                .containsEntry("model.targets", "q_proj, v_proj");
    }

    @Test
    void memoryIsThatOfWhatIsLoadedAtATime() {
        assertThat(words(new MemoryNeed(1_288_490_189L, 1 << 20, 15L << 30, Loading.WHOLE)))
                .isEqualTo("1.2 GiB of 15 GiB free");
        assertThat(words(new MemoryNeed(1_288_490_189L, 1 << 20, 1L << 30, Loading.LAYERS)))
                .isEqualTo("1.0 MiB at a time, of 1.0 GiB free");
        assertThat(words(new MemoryNeed(1_288_490_189L, 1 << 20, Long.MAX_VALUE, Loading.WHOLE)))
                .isEqualTo("1.2 GiB");
    }

    @Test
    void aModelThatIsUsedALayerAtATimeSaysWhatItIsGoodFor() {
        assertThat(ModelFacts.incompleteReason(llama(32, 6_738_415_616L, Loading.WHOLE)))
                .isEmpty();
        assertThat(ModelFacts.incompleteReason(llama(80, 68_976_648_192L, Loading.LAYERS))
                        .replace('\u00a0', ' '))
                .contains("257 GiB in float32")
                .contains("its matrices stay in their files");
    }

    /** A LLaMA of which nobody has the weights here. */
    private static ModelCard llama(int layers, long parameters, Loading loaded) {
        long bytes = Float.BYTES * parameters;
        return new ModelCard(
                "llama",
                Path.of("llama"),
                "llama",
                layers,
                4096,
                32,
                32000,
                4096,
                parameters,
                "float32",
                "cpu",
                true,
                Position.LAST,
                List.of("q_proj", "v_proj"),
                List.of("q_proj", "v_proj"),
                ModelKind.DECODER,
                LayerKinds.NONE,
                List.of("BF16"),
                new MemoryNeed(bytes, bytes / 25, 15L << 30, loaded),
                List.of());
    }

    private static String words(MemoryNeed need) {
        return ModelFacts.memory(need).replace('\u00a0', ' ');
    }

    private static Map<String, String> facts(ModelCard card) {
        return ModelFacts.of(card).stream().collect(Collectors.toMap(ModelFacts.Fact::key, fact -> fact.value()
                .replace('\u00a0', ' ')));
    }
}

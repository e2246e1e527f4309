package org.layerwise.gui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.InventedEngine;
import org.layerwise.settings.Loading;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.study.model.ModelCard;

class ModelFactsTest {

    @Test
    void aDecoderSaysWhatItIsAndTakes() {
        Map<String, String> facts = facts(new InventedEngine(0).model("llama").card());
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
        InventedEngine engine = new InventedEngine(0);
        assertThat(ModelFacts.incompleteReason(engine.model("sample").card())).isEmpty();
        assertThat(ModelFacts.incompleteReason(engine.model("llama-70b").card()).replace('\u00a0', ' '))
                .contains("257 GiB in float32")
                .contains("it can be analyzed here, and trained on a cluster");
    }

    private static String words(MemoryNeed need) {
        return ModelFacts.memory(need).replace('\u00a0', ' ');
    }

    private static Map<String, String> facts(ModelCard card) {
        return ModelFacts.of(card).stream().collect(Collectors.toMap(ModelFacts.Fact::key, fact -> fact.value()
                .replace('\u00a0', ' ')));
    }
}

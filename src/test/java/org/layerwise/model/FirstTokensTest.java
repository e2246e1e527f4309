package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;

/** The last layer for the first tokens alone gives what it gives for all. */
class FirstTokensTest {

    private final TensorEngine engine = Engines.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "roberta",
                "electra",
                "distilbert",
                "deberta_v3",
                "deberta_v2_conv",
                "modernbert",
                "llama",
                "phi3_partial",
                "gemma2",
                "gpt2",
                "v5/cohere2",
                "v5/eurobert",
                "v5/gpt_neox",
                "v5/ministral3",
                "v5/qwen3_moe",
                "v5/qwen3_next"
            })
    void sameValues(String fixture) {
        int liveBefore = engine.liveTensors();
        try (TransformerModel model = open(fixture);
                SafetensorsFile golden =
                        SafetensorsFile.open(Golden.folder(fixture).resolve("golden.safetensors"))) {
            try (Scope scope = engine.inference()) {
                ModelInput input = model.input(Golden.batch(golden));
                Tensor all = model.transformer().forward(input).slice(1, 0, 1);
                Tensor first = model.transformer().firstTokens().forward(input);
                assertThat(first.shape()).isEqualTo(all.shape());
                assertThat(first.sub(all).abs().max().item()).isCloseTo(0, within(1e-5));
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void onlyForHeadsThatReadNothingElse() {
        assertThat(readsLess("deberta_v3")).isTrue();
        assertThat(readsLess("modernbert_mean")).isFalse();
        assertThat(readsLess("llama_seqcls")).isFalse();
    }

    private boolean readsLess(String fixture) {
        try (TransformerModel model = open(fixture);
                TensorOwner owner = engine.owner()) {
            OutputHead head =
                    model.head(owner, model.storedLabels().orElseThrow(), 0).head();
            return head.feeding(model.transformer()) != model.transformer();
        }
    }

    private TransformerModel open(String fixture) {
        return TransformerModel.load(
                engine, Checkpoint.open(Golden.folder(fixture)), Engines.device(), Progress.none());
    }
}

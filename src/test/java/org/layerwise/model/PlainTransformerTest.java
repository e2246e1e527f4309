package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.testing.Golden;

/** The plain transformer gives what HuggingFace gives, so that it may judge other sizes than those of the fixtures. */
class PlainTransformerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "electra",
                "llama_base_model",
                "llama_biases",
                "llama_dynamic",
                "llama_linear",
                "llama_pad_is_eos_seqcls",
                "llama_rope3",
                "llama_yarn",
                "llama_yarn_attention",
                "llama_yarn_mscale",
                "mistral_seqcls",
                "mistral_window",
                "qwen2_seqcls",
                "qwen2_window",
                "qwen3",
                "qwen3_window",
                "phi3",
                "phi3_longrope",
                "phi3_longrope_short",
                "phi3_partial",
                "phi3_window",
                "gemma_full_kv",
                "gemma2_seqcls"
            })
    void hiddenStatesOfTokens(String fixture) {
        compare(fixture, 1e-5);
    }

    /** Four layers of 48: HuggingFace in float32 is up to 2.3e-5 from itself in float64. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama_seqcls", "mistral", "qwen2", "gemma", "gemma2"})
    void hiddenStatesOfTokensInLargerFixtures(String fixture) {
        compare(fixture, 5e-5);
    }

    @Test
    void erfOfKnownPlaces() {
        // Abramowitz and Stegun, table 7.1
        assertThat(PlainMath.erf(0)).isZero();
        assertThat(PlainMath.erf(0.5)).isCloseTo(0.5204998778, within(1e-10));
        assertThat(PlainMath.erf(-1)).isCloseTo(-0.8427007929, within(1e-10));
        assertThat(PlainMath.erf(2)).isCloseTo(0.9953222650, within(1e-10));
        assertThat(PlainMath.erf(7)).isEqualTo(1);
    }

    private static void compare(String fixture, double tolerance) {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(fixture));
                SafetensorsFile golden =
                        SafetensorsFile.open(Golden.folder(fixture).resolve("golden.safetensors"))) {
            PlainTransformer.Tokens tokens = tokens(golden);
            List<double[]> states = PlainTransformer.hiddenStates(checkpoint, tokens);
            assertThat(golden.has("hidden_states." + states.size())).isFalse();
            for (int layer = 0; layer < states.size(); layer++) {
                double[] expected = Golden.doubles(golden, "hidden_states." + layer);
                double[] actual = states.get(layer);
                assertThat(actual).hasSameSizeAs(expected);
                int width = actual.length / tokens.ids().length;
                for (int i = 0; i < actual.length; i++) {
                    if (tokens.mask()[i / width] == 1) {
                        assertThat(actual[i]).isCloseTo(expected[i], within(tolerance));
                    }
                }
            }
        }
    }

    private static PlainTransformer.Tokens tokens(SafetensorsFile golden) {
        long[] shape = golden.entry("input_ids").shape();
        long[] ids = Golden.longs(golden, "input_ids");
        long[] types = golden.has("token_type_ids") ? Golden.longs(golden, "token_type_ids") : new long[ids.length];
        return new PlainTransformer.Tokens(
                (int) shape[0], (int) shape[1], ids, types, Golden.longs(golden, "attention_mask"));
    }
}
